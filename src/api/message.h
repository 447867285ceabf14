// HTTP messages as the Api sees them: no sockets, no bytes of framing. Views in a Head live only
// until `admit` returns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace ringbook {

enum class Method : std::uint8_t { get, head, put, post, patch, delete_, options };
std::string_view name_of(Method method);  // "GET", …

// A request head that has passed the gate: syntax, framing and Host are already right, and each of
// these fields occurred at most once (or its repetition is no error).
struct Head {
  Method method = Method::get;
  std::string_view path;        // As sent, still percent-encoded; "*" for the asterisk form.
  std::string_view query;       // As sent, without the "?".
  std::string_view request_id;  // Taken from the request or made; always valid.
  std::string_view client;      // The peer's address.
  std::optional<std::string_view> accept;  // Of several lines the first.
  std::optional<std::string_view> authorization;
  std::optional<std::string_view> content_type;
  std::optional<std::string_view> content_encoding;
  std::optional<std::string_view> content_range;
  std::optional<std::string_view> if_match;
  std::optional<std::string_view> if_none_match;
};

// What an answer carries as its body: text of its own, or a literal, which costs nothing to carry.
class Body {
 public:
  Body() = default;
  Body(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  // Lifetime: `text` lives as long as the program.
  static Body literal(std::string_view text) {
    Body body;
    body.literal_ = text;
    return body;
  }

  std::string_view view() const { return literal_.empty() ? std::string_view(text_) : literal_; }
  operator std::string_view() const { return view(); }  // NOLINT(google-explicit-constructor)
  std::size_t size() const { return view().size(); }
  bool empty() const { return view().empty(); }

 private:
  std::string text_;
  std::string_view literal_;
};

// The field lines that the Api adds to an answer, in order; a few at most, so they need no memory
// of their own.
class Fields {
 public:
  using Field = std::pair<std::string_view, std::string>;
  static constexpr std::size_t capacity = 2;

  // Needs room. `name` is a literal; `value` holds no CR or LF.
  void add(std::string_view name, std::string value) {
    check(size_ < capacity, "an answer has few fields");
    fields_[size_] = Field(name, std::move(value));
    ++size_;
  }
  const Field* begin() const { return fields_.data(); }
  const Field* end() const { return fields_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<Field, capacity> fields_;
  std::size_t size_ = 0;
};

struct Response {
  std::uint16_t status = 0;
  Body body;  // Empty for 204 and 304. HEAD gets the same; http/ drops it.
  // Without Date, Content-Length, Connection, X-Request-Id and what follows here: those are
  // http/'s.
  Fields fields;
  std::string_view content_type;  // A literal; "" for none.
  bool no_store = true;           // Cache-Control: no-store
};

Response json_response(std::uint16_t status, Body body);
Response no_content();
Response not_modified();

}  // namespace ringbook
