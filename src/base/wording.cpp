#include "base/wording.h"

#include "base/json.h"
#include "base/text.h"

namespace ringbook {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t quoted_bytes = 80;

}  // namespace

std::string printable(std::string_view text, bool keep_line_ends) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const auto point = take_code_point(text);
    const bool stays = keep_line_ends && point == U'\n';
    if (point && (stays || !is_control_or_separator(*point))) {
      out += before.substr(0, before.size() - text.size());
    } else {
      out += replacement;
    }
  }
  return out;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  while (!text.empty()) {
    std::string_view taken = text;
    const auto point = take_code_point(text);
    taken.remove_suffix(text.size());
    if (point && *point != U'\\' && !is_control_or_separator(*point)) {
      out += taken;
      continue;
    }
    for (const char c : taken) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'\\', 'x', hex[byte >> 4U], hex[byte & 0xFU]};
    }
  }
  return out;
}

std::string_view shortened(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty() && text.size() - rest.size() < quoted_bytes) {
    take_code_point(rest);
  }
  return text.substr(0, text.size() - rest.size());
}

std::string in_quotes(std::string_view text) {
  const std::string_view shown = shortened(text);
  std::string out;
  append_json_string(out, shown);
  return shown.size() == text.size() ? out : out + " (shortened)";
}

std::string with_thousands(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t end = out.size(); end > 3; end -= 3) {
    out.insert(end - 3, ",");
  }
  return out;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return with_thousands(number) + " " + std::string(number == 1 ? one : many);
}

}  // namespace ringbook
