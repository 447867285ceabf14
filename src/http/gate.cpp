#include "http/gate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "http/grammar.h"

namespace ringbook {
namespace {

// The fields that the gate or the Api reads; the others only have to be well-formed.
enum class Field : std::uint8_t {
  authorization,
  content_encoding,
  content_length,
  content_type,
  expect,
  host,
  if_match,
  if_none_match,
  transfer_encoding,
  // From here on a repetition is no fault.
  accept,
  connection,
  content_range,
  proxy_connection,
  request_id,
  other,
};
constexpr std::size_t field_count = std::to_underlying(Field::other);

constexpr std::array<std::string_view, field_count> field_names{
    "authorization", "content-encoding", "content-length",   "content-type",      "expect",
    "host",          "if-match",         "if-none-match",    "transfer-encoding", "accept",
    "connection",    "content-range",    "proxy-connection", "x-request-id"};

Field field_of(std::string_view name) {
  for (std::size_t i = 0; i < field_count; ++i) {
    if (grammar::equals_lower(name, field_names[i])) {
      return static_cast<Field>(i);
    }
  }
  return Field::other;
}

std::optional<Method> method_of(std::string_view name) {
  constexpr std::array all{Method::get,   Method::head,    Method::put,    Method::post,
                           Method::patch, Method::delete_, Method::options};
  const auto* const found = std::find_if(all.begin(), all.end(),
                                         [name](Method method) { return name_of(method) == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= limits::request_id_chars &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '.' || c == '_' || c == '-';
         });
}

constexpr Breach target_too_long{Fault::target_too_long, "target_size"};
constexpr Breach head_too_large{Fault::head_too_large, "head_size"};

// Collects one head, line by line. Each step gives the fault that its part earns, if any.
class HeadReader {
 public:
  std::optional<Breach> read_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == last) {
      return Breach{Fault::bad_request, "request_line"};
    }
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                            grammar::is(version[5], grammar::digit) && version[6] == '.' &&
                            grammar::is(version[7], grammar::digit);
    if (target.find(' ') != std::string_view::npos || !is_version) {
      return Breach{Fault::bad_request, "request_line"};
    }
    if (auto fault = read_method(line.substr(0, first))) {
      return fault;
    }
    if (target.size() > limits::target_bytes) {
      return target_too_long;
    }
    if (!read_target(target)) {
      return Breach{Fault::bad_request, "target"};
    }
    const std::string_view number = version.substr(5);
    passed_.is_http_1_0 = number == "1.0";
    if (!passed_.is_http_1_0 && number != "1.1") {
      return Breach{Fault::version_not_supported, "version"};
    }
    return std::nullopt;
  }

  // For a request line that has not ended within the limit of a head.
  Breach judge_endless_line(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) {
      return head_too_large;
    }
    if (auto fault = read_method(line.substr(0, space))) {
      return *fault;
    }
    const std::size_t target = std::min(line.find(' ', space + 1), line.size()) - space - 1;
    return target > limits::target_bytes ? target_too_long : head_too_large;
  }

  std::optional<Breach> read_field(std::string_view line) {
    if (++fields_ > limits::head_fields) {
      return Breach{Fault::head_too_large, "field_count"};
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !grammar::is_token(line.substr(0, colon)) ||
        !grammar::is_value(line.substr(colon + 1))) {
      return Breach{Fault::bad_request, "field"};
    }
    const Field field = field_of(line.substr(0, colon));
    if (!keep(field, grammar::trimmed(line.substr(colon + 1)))) {
      const bool is_list = field == Field::connection || field == Field::proxy_connection;
      return Breach{Fault::bad_request, is_list ? "connection" : "field_repeated"};
    }
    return std::nullopt;
  }

  // Host, framing and Expect, after the last field.
  std::optional<Breach> finish() {
    const auto& host = value(Field::host);
    if (host ? !grammar::is_authority(*host) : !passed_.is_http_1_0) {
      return Breach{Fault::bad_request, "host"};
    }
    if (auto fault = read_framing()) {
      return fault;
    }
    passed_.keep_alive = !says_close_ && (!passed_.is_http_1_0 || says_keep_alive_);
    if (const auto& expect = value(Field::expect); expect && !passed_.is_http_1_0) {
      if (!grammar::equals_lower(*expect, "100-continue")) {
        return Breach{Fault::expectation_failed, "expect"};
      }
      passed_.expects_continue = true;
    }
    return std::nullopt;
  }

  std::string_view request_id() const { return passed_.head.request_id; }
  const PassedHead& passed() const { return passed_; }

  // What was read, of a head that stands at [begin, end).
  const PassedHead& take(std::size_t begin, std::size_t end) {
    passed_.begin = begin;
    passed_.end = end;
    Head& head = passed_.head;
    head.accept = value(Field::accept);
    head.authorization = value(Field::authorization);
    head.content_type = value(Field::content_type);
    head.content_encoding = value(Field::content_encoding);
    head.content_range = value(Field::content_range);
    head.if_match = value(Field::if_match);
    head.if_none_match = value(Field::if_none_match);
    return passed_;
  }

 private:
  using Value = std::optional<std::string_view>;
  Value& value(Field field) { return values_[std::to_underlying(field)]; }

  std::optional<Breach> read_method(std::string_view name) {
    if (!grammar::is_token(name)) {
      return Breach{Fault::bad_request, "method"};
    }
    const std::optional<Method> method = method_of(name);
    if (!method) {
      return Breach{Fault::not_implemented, "method"};
    }
    passed_.head.method = *method;
    return std::nullopt;
  }

  bool read_target(std::string_view target) {
    Head& head = passed_.head;
    if (target == "*") {
      head.path = target;
      return head.method == Method::options;
    }
    if (!grammar::is_target(target)) {
      return false;
    }
    if (!target.starts_with('/')) {
      const std::size_t colon = target.find(':');
      const std::string_view scheme = target.substr(0, colon);
      if (!grammar::equals_lower(scheme, "http") && !grammar::equals_lower(scheme, "https")) {
        return false;
      }
      target.remove_prefix(scheme.size());
      if (!target.starts_with("://")) {
        return false;
      }
      target.remove_prefix(3);
      const std::size_t end = std::min(target.find_first_of("/?"), target.size());
      if (!grammar::is_authority(target.substr(0, end))) {
        return false;
      }
      target.remove_prefix(end);
    }
    const std::size_t query = std::min(target.find('?'), target.size());
    head.path = target.substr(0, query);
    head.query = target.substr(std::min(query + 1, target.size()));
    if (head.path.empty()) {
      // RFC 9112 §3.2.4: an absolute target without a path is "*" for OPTIONS, else "/".
      head.path = head.method == Method::options && query == target.size() ? "*" : "/";
    }
    return true;
  }

  bool keep(Field field, std::string_view text) {
    switch (field) {
      case Field::other: return true;
      case Field::accept: value(field) = value(field).value_or(text); return true;
      case Field::connection:
        return grammar::each_token(text, [this](std::string_view option) {
          says_close_ |= grammar::equals_lower(option, "close");
          says_keep_alive_ |= grammar::equals_lower(option, "keep-alive");
        });
      case Field::proxy_connection:
        // It means nothing here, but some read it like Connection: it has to be a list for them.
        return grammar::each_token(text, [](std::string_view) {});
      case Field::request_id:
        passed_.head.request_id = !value(field) && is_request_id(text) ? text : std::string_view();
        value(field) = text;
        return true;
      case Field::content_range: value(field) = text; return true;
      default: return !std::exchange(value(field), text);
    }
  }

  std::optional<Breach> read_framing() {
    const Value& length = value(Field::content_length);
    const Value& coding = value(Field::transfer_encoding);
    if (coding) {
      if (length || passed_.is_http_1_0) {
        return Breach{Fault::bad_request, "framing"};
      }
      passed_.framing.kind = Framing::Kind::chunked;
      switch (grammar::transfer_coding(*coding)) {
        case grammar::TransferCoding::chunked: return std::nullopt;
        case grammar::TransferCoding::other: return Breach{Fault::not_implemented, "framing"};
        case grammar::TransferCoding::malformed: return Breach{Fault::bad_request, "framing"};
      }
    }
    if (length) {
      const std::optional<std::uint64_t> octets = grammar::content_length(*length);
      if (!octets) {
        return Breach{Fault::bad_request, "framing"};
      }
      if (*octets > limits::body_bytes) {
        return Breach{Fault::content_too_large, "body_size"};
      }
      passed_.framing = Framing{Framing::Kind::length, *octets};
    }
    return std::nullopt;
  }

  PassedHead passed_;
  std::array<Value, field_count> values_{};
  std::size_t fields_ = 0;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
};

// Reads `lines`, each ended by CRLF; the first fault among them, if any.
std::optional<Breach> read_lines(HeadReader& reader, std::string_view lines) {
  bool is_first = true;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\r');
    const std::string_view line = lines.substr(0, end);
    if (auto fault = is_first ? reader.read_request_line(line) : reader.read_field(line)) {
      return fault;
    }
    is_first = false;
    lines.remove_prefix(end + 2);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::bad_request: return "bad_request";
    case Fault::timeout: return "timeout";
    case Fault::content_too_large: return "content_too_large";
    case Fault::target_too_long: return "target_too_long";
    case Fault::expectation_failed: return "expectation_failed";
    case Fault::head_too_large: return "head_too_large";
    case Fault::not_implemented: return "not_implemented";
    case Fault::version_not_supported: return "version_not_supported";
  }
  std::unreachable();
}

Gate::Scan Gate::scan(std::string_view head) {
  for (;;) {
    const std::size_t cr = head.find('\r', scanned_);
    const std::size_t lf = head.substr(0, cr).find('\n', scanned_);
    if (lf != std::string_view::npos) {
      return Scan::broken;
    }
    if (cr == std::string_view::npos || cr + 1 == head.size()) {
      scanned_ = std::min(cr, head.size());
      return head.size() == limits::head_bytes ? Scan::too_large : Scan::more;
    }
    if (head[cr + 1] != '\n') {
      return Scan::broken;
    }
    if (cr == line_begin_) {
      // An empty line ends the head, unless it stands where the request line should.
      return cr == 0 ? Scan::broken : Scan::complete;
    }
    scanned_ = cr + 2;
    line_begin_ = scanned_;
  }
}

// Nothing when the fields have to be read, too.
Gate::Verdict Gate::read_line_alone(std::string_view head, const LastFields& last) const {
  const std::size_t end = head.find('\r');
  if (end == 0 || end == std::string_view::npos || !last.begin(head.substr(end)) ||
      head.substr(0, end).contains('\n')) {
    return std::nullopt;
  }
  HeadReader reader;
  if (auto fault = reader.read_request_line(head.substr(0, end))) {
    return std::unexpected(RefusedHead{*fault, reader.request_id()});
  }
  const PassedHead& line = reader.passed();
  if (line.is_http_1_0 != last.passed().is_http_1_0) {
    return std::nullopt;
  }
  PassedHead passed = last.passed();
  passed.head.method = line.head.method;
  passed.head.path = line.head.path;
  passed.head.query = line.head.query;
  passed.begin = skipped_;
  passed.end = skipped_ + end + last.size();
  return passed;
}

Gate::Verdict Gate::read(std::string_view bytes, const LastFields* last) {
  constexpr std::string_view empty_line = "\r\n";
  if (skipped_ == 0 && scanned_ == 0 && !bytes.empty() &&
      empty_line.starts_with(bytes.substr(0, empty_line.size()))) {
    if (bytes.size() < empty_line.size()) {
      return std::nullopt;
    }
    skipped_ = empty_line.size();
  }
  const std::string_view head = bytes.substr(skipped_, limits::head_bytes);
  has_begun_ = !head.empty();
  is_head_ = head.starts_with("HEAD ");

  if (last != nullptr && scanned_ == 0) {
    if (auto verdict = read_line_alone(head, *last); !verdict || *verdict) {
      return verdict;
    }
  }
  const Scan found = scan(head);
  if (found == Scan::more) {
    return std::nullopt;
  }
  HeadReader reader;
  auto fault = read_lines(reader, head.substr(0, line_begin_));
  if (!fault) {
    switch (found) {
      case Scan::broken: fault = Breach{Fault::bad_request, "line_end"}; break;
      case Scan::too_large:
        fault = line_begin_ == 0 ? reader.judge_endless_line(head) : head_too_large;
        break;
      case Scan::complete: fault = reader.finish(); break;
      case Scan::more: break;
    }
  }
  if (fault) {
    return std::unexpected(RefusedHead{*fault, reader.request_id()});
  }
  return reader.take(skipped_, skipped_ + line_begin_ + empty_line.size());
}

}  // namespace ringbook
