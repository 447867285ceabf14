// What this room asks of strict JSON, whatever the document is.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace ringbook {

// The object that `text` is, parsed into `document`. Why it is none: it is no JSON or another kind
// of value, or a name is given twice in an object of it, which two readers would read differently.
inline std::expected<JsonDocument::Value, std::string> parse_strict_object(JsonDocument& document,
                                                                           std::string_view text) {
  if (const auto parsed = document.parse(text); !parsed) {
    return std::unexpected("it is no JSON: " + parsed.error().detail);
  }
  if (!document.root().is(JsonType::object)) {
    return std::unexpected("it is no JSON object");
  }
  if (document.root().has_repeated_names()) {
    return std::unexpected("a name is given twice in one object");
  }
  return document.root();
}

// A member that is a string.
inline std::optional<std::string_view> string_in(const JsonDocument::Value& object,
                                                 std::string_view name) {
  const auto member = object.find(name);
  return member && member->is(JsonType::string) ? std::optional(member->string()) : std::nullopt;
}

}  // namespace ringbook
