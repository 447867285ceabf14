// The strict reader: Boost.JSON's tokenizer with a handler that builds a flat tree.
//
// Invariants: 1. `nodes` is in document order: a container stands directly before its first child,
// and siblings are linked by index. Node 0 is the root, so 0 as `next` means "no further sibling".
// 2. Decoded names and strings lie one after the other in `arena`; nodes hold positions, never
// pointers. 3. Both keep their capacity from parse to parse. 4. No exception leaves this file.
#include "base/json.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <exception>
#include <limits>

#include "base/check.h"
#include "base/json_fault.h"
#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

// Up to this many members each is compared with each; beyond it they are sorted, so that an object
// made of thousands of names costs no more than n log n.
constexpr std::uint32_t compared_members = 16;

struct Span {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
};

JsonEnd end_of(const boost::json::error_code& code) {
  using boost::json::error;
  if (code == error::incomplete) {
    return JsonEnd::short_of;
  }
  if (code == error::too_deep) {
    return JsonEnd::too_deep;
  }
  if (code == error::extra_data) {
    return JsonEnd::too_long;
  }
  const bool is_escape = code == error::illegal_leading_surrogate ||
                         code == error::illegal_trailing_surrogate ||
                         code == error::expected_hex_digit || code == error::expected_utf16_escape;
  return is_escape ? JsonEnd::bad_escape : JsonEnd::refused;
}

}  // namespace

struct JsonDocument::Node {
  Span name;
  Span text;                   // Of a string.
  double number = 0;           // Of a number; of a boolean, 1 or 0.
  std::uint32_t children = 0;  // Of a container.
  std::uint32_t next = 0;
  JsonType type = JsonType::null;
  bool repeats_a_name = false;
  bool has_repeated_names = false;
};

// What basic_parser calls, in document order. Returning false needs an error code, and nothing here
// refuses: what is refused is refused by the grammar.
struct JsonDocument::Handler {
  using Text = boost::json::string_view;
  using Code = boost::json::error_code;

  static constexpr auto max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr auto max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr auto max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr auto max_string_size = std::numeric_limits<std::size_t>::max();

  struct Open {
    std::uint32_t node = 0;
    std::uint32_t last_child = 0;
  };

  std::vector<Node> nodes;
  std::string arena;
  std::vector<std::uint32_t> sorted;
  std::array<Open, limits::json_depth> open;
  std::size_t depth = 0;
  Span pending_name;
  bool is_wiped = false;

  // Room for all that `text` can hold, so that none of it is left behind by growth.
  void prepare(std::string_view text) {
    clear();
    if (is_wiped) {
      arena.reserve(text.size());
    }
  }

  void wipe() {
    if (is_wiped) {
      explicit_bzero(arena.data(), arena.size());
    }
  }

  void clear() {
    wipe();
    nodes.clear();
    arena.clear();
    depth = 0;
    pending_name = {};
  }

  void become_null() {
    clear();
    nodes.emplace_back();
  }

  std::string_view text_at(Span span) const {
    return std::string_view(arena).substr(span.at, span.size);
  }

  Node& add(JsonType type) {
    const auto index = static_cast<std::uint32_t>(nodes.size());
    if (depth > 0) {
      Open& parent = open[depth - 1];
      if (parent.last_child != 0) {
        nodes[parent.last_child].next = index;
      }
      parent.last_child = index;
      ++nodes[parent.node].children;
    }
    Node& node = nodes.emplace_back();
    node.type = type;
    node.name = std::exchange(pending_name, {});
    return node;
  }

  Span finish_text(Text last_part, std::size_t whole_size) {
    arena.append(last_part.data(), last_part.size());
    return {static_cast<std::uint32_t>(arena.size() - whole_size),
            static_cast<std::uint32_t>(whole_size)};
  }

  bool begin(JsonType type) {
    check(depth < open.size(), "the parser keeps to its depth");
    add(type);
    open[depth++] = {static_cast<std::uint32_t>(nodes.size() - 1), 0};
    return true;
  }

  bool end() {
    const std::uint32_t closed = open[--depth].node;
    if (nodes[closed].type == JsonType::object) {
      mark_repeated_names(closed);
    }
    if (depth > 0 && nodes[closed].has_repeated_names) {
      nodes[open[depth - 1].node].has_repeated_names = true;
    }
    return true;
  }

  void mark_repeated_names(std::uint32_t object) {
    if (nodes[object].children < 2) {
      return;
    }
    if (nodes[object].children <= compared_members) {
      for (auto later = nodes[object + 1].next; later != 0; later = nodes[later].next) {
        for (auto earlier = object + 1; earlier != later; earlier = nodes[earlier].next) {
          mark_if_same_name(object, earlier, later);
        }
      }
      return;
    }
    sorted.clear();
    for (auto member = object + 1; member != 0; member = nodes[member].next) {
      sorted.push_back(member);
    }
    std::ranges::sort(sorted, [this](std::uint32_t a, std::uint32_t b) {
      const int order = text_at(nodes[a].name).compare(text_at(nodes[b].name));
      return order != 0 ? order < 0 : a < b;
    });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      mark_if_same_name(object, sorted[i - 1], sorted[i]);
    }
  }

  void mark_if_same_name(std::uint32_t object, std::uint32_t earlier, std::uint32_t later) {
    if (text_at(nodes[earlier].name) == text_at(nodes[later].name)) {
      nodes[later].repeats_a_name = true;
      nodes[object].has_repeated_names = true;
    }
  }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_array_begin(Code&) { return begin(JsonType::array); }
  bool on_array_end(std::size_t, Code&) { return end(); }
  bool on_object_begin(Code&) { return begin(JsonType::object); }
  bool on_object_end(std::size_t, Code&) { return end(); }
  bool on_key_part(Text part, std::size_t, Code&) { return append(part); }
  bool on_string_part(Text part, std::size_t, Code&) { return append(part); }

  bool append(Text part) {
    arena.append(part.data(), part.size());
    return true;
  }

  bool on_key(Text last_part, std::size_t whole_size, Code&) {
    pending_name = finish_text(last_part, whole_size);
    return true;
  }

  bool on_string(Text last_part, std::size_t whole_size, Code&) {
    add(JsonType::string).text = finish_text(last_part, whole_size);
    return true;
  }

  // The tokenizer's own value can be off by a unit in the last place, so the digits are read again;
  // beyond the range of a double its infinity or zero stands.
  bool on_double(double approximate, Text digits, Code&) {
    double exact = approximate;
    std::from_chars(digits.data(), digits.data() + digits.size(), exact);
    return on_number(exact);
  }

  bool on_number(double value) {
    add(JsonType::number).number = value;
    return true;
  }

  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t value, Text, Code&) { return on_number(static_cast<double>(value)); }
  bool on_uint64(std::uint64_t value, Text, Code&) { return on_number(static_cast<double>(value)); }

  bool on_bool(bool value, Code&) {
    add(JsonType::boolean).number = value ? 1 : 0;
    return true;
  }

  bool on_null(Code&) {
    add(JsonType::null);
    return true;
  }

  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }
};

struct JsonDocument::Impl {
  explicit Impl(Memory memory) : parser(options()) {
    tree().is_wiped = memory == Memory::wiped;
    tree().become_null();
  }
  ~Impl() { tree().wipe(); }

  static boost::json::parse_options options() {
    boost::json::parse_options strict;
    strict.max_depth = limits::json_depth;
    return strict;
  }

  Handler& tree() { return parser.handler(); }
  const Node& node(std::uint32_t index) const { return parser.handler().nodes[index]; }
  std::string_view text_at(Span span) const { return parser.handler().text_at(span); }

  boost::json::basic_parser<Handler> parser;
};

JsonDocument::JsonDocument(Memory memory) : impl_(std::make_unique<Impl>(memory)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<void> JsonDocument::parse(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    impl_->tree().become_null();
    return fail(Errc::invalid, "longer than positions in a document can say");
  }
  try {
    impl_->tree().prepare(text);
    impl_->parser.reset();
    boost::json::error_code code;
    const std::size_t read = impl_->parser.write_some(false, text.data(), text.size(), code);
    if (!code && read == text.size()) {
      return {};
    }
    impl_->tree().become_null();
    return fail(Errc::invalid, json_fault(text, read, code ? end_of(code) : JsonEnd::too_long));
  } catch (const std::exception& error) {
    impl_->tree().become_null();
    return fail(Errc::internal, error.what());
  }
}

using Value = JsonDocument::Value;

JsonType Value::type() const {
  return document_->impl_->node(index_).type;
}

bool Value::boolean() const {
  check(is(JsonType::boolean), "a boolean is read as one");
  return document_->impl_->node(index_).number != 0;
}

double Value::number() const {
  check(is(JsonType::number), "a number is read as one");
  return document_->impl_->node(index_).number;
}

std::string_view Value::string() const {
  check(is(JsonType::string), "a string is read as one");
  return document_->impl_->text_at(document_->impl_->node(index_).text);
}

std::size_t Value::size() const {
  return document_->impl_->node(index_).children;
}

std::optional<Value> Value::find(std::string_view name) const {
  if (!is(JsonType::object)) {
    return std::nullopt;
  }
  for (auto member = first(); member; member = member->next()) {
    if (member->name() == name) {
      return member;
    }
  }
  return std::nullopt;
}

bool Value::is_repeated(std::string_view name) const {
  if (!is(JsonType::object) || !has_repeated_names()) {
    return false;
  }
  for (auto member = first(); member; member = member->next()) {
    if (member->repeats_a_name() && member->name() == name) {
      return true;
    }
  }
  return false;
}

bool Value::has_repeated_names() const {
  return document_->impl_->node(index_).has_repeated_names;
}

std::optional<Value> Value::first() const {
  return size() == 0 ? std::nullopt : std::optional(Value(document_, index_ + 1));
}

std::optional<Value> Value::next() const {
  const std::uint32_t sibling = document_->impl_->node(index_).next;
  return sibling == 0 ? std::nullopt : std::optional(Value(document_, sibling));
}

std::string_view Value::name() const {
  return document_->impl_->text_at(document_->impl_->node(index_).name);
}

bool Value::repeats_a_name() const {
  return document_->impl_->node(index_).repeats_a_name;
}

}  // namespace ringbook
