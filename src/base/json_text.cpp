// Texts as JSON: what the strict reader reads back, and what no terminal or log is deceived by.
#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace ringbook {
namespace {

bool stands_for_itself(char byte) {
  return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

void append_escape(std::string& out, char32_t point) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (point) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += hex[(point >> shift) & 0xF];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if_not(text, stands_for_itself) - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    const std::string_view rest = text;
    const auto point = take_code_point(text);
    if (!point) {
      out += "\uFFFD";
    } else if (*point < 0x80 || is_control_or_separator(*point)) {
      append_escape(out, *point);
    } else {
      out.append(rest.substr(0, rest.size() - text.size()));
    }
  }
  out += '"';
}

void append_json_strings(std::string& out, std::span<const std::string> texts) {
  std::string_view separator = "[";
  for (const std::string& text : texts) {
    out += separator;
    append_json_string(out, text);
    separator = ",";
  }
  out += texts.empty() ? "[]" : "]";
}

void append_json_or_null(std::string& out, const std::optional<std::string>& text) {
  if (text) {
    append_json_string(out, std::string_view(*text));
  } else {
    out += "null";
  }
}

}  // namespace ringbook
