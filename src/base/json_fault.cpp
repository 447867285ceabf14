#include "base/json_fault.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"

namespace ringbook {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// What the first octets say of the whole, where it is not UTF-8. Two octets a character, one of
// them 0, is how UTF-16 spells the characters of JSON.
std::optional<std::string_view> other_encoding(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return "a byte order mark";
  }
  if (text.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
      text.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    return "UTF-32";
  }
  if (text.starts_with("\x1F\x8B")) {
    return "compressed data";
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
      (text.size() > 1 && (text[0] == '\0') != (text[1] == '\0'))) {
    return "UTF-16";
  }
  return std::nullopt;
}

// Whether `before` ends within a number: 1. or 1e or -.
bool ends_in_a_number(std::string_view before) {
  if (before.empty() || !std::string_view(".eE+-").contains(before.back())) {
    return false;
  }
  const auto begin = before.find_last_not_of("0123456789.eE+-");
  const auto number = before.substr(begin == before.npos ? 0 : begin + 1);
  return number.front() == '-' || (number.front() >= '0' && number.front() <= '9');
}

std::string_view name_of(char octet, std::string_view before) {
  if (before.ends_with('\\')) {
    return "an escape that does not exist";
  }
  if (ends_in_a_number(before)) {
    return "a number that ends too early";
  }
  const auto last = before.find_last_not_of(blanks);
  const char previous = last == before.npos ? '\0' : before[last];
  switch (octet) {
    case '}': return previous == ',' ? "a comma before }" : "a } that fits nothing";
    case ']': return previous == ',' ? "a comma before ]" : "a ] that fits nothing";
    case '\'': return "a single quote, where only double quotes are";
    case '/':
    case '#': return "a comment";
    default: break;
  }
  const auto code = static_cast<unsigned char>(octet);
  if (code < 0x20) {
    return "a control character that is not escaped";
  }
  const bool is_letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  return is_letter ? "a word that is no value, or a name without quotes"
                   : "a character that cannot stand there";
}

// Whether `before` ends with the first escape of a surrogate pair, or within its second one.
bool ends_with_half_a_pair(std::string_view before) {
  constexpr std::size_t escape = 6;  // "\ud83d"
  if (before.ends_with('\\')) {
    before.remove_suffix(1);
  }
  const std::string last =
      ascii_lower(before.substr(before.size() - std::min(escape, before.size())));
  return last.starts_with("\\ud") && last.find_first_of("89ab", 3) == 3;
}

std::string_view what_stands_there(std::string_view text, std::size_t at, JsonEnd end) {
  switch (end) {
    case JsonEnd::refused:
      if (!ends_with_half_a_pair(text.substr(0, at))) {
        return name_of(text[at], text.substr(0, at));
      }
      [[fallthrough]];
    case JsonEnd::bad_escape: return "an escape that is no character";
    case JsonEnd::too_deep: return "one object or array too many within another";
    case JsonEnd::short_of: return "the end, before that of the document";
    case JsonEnd::too_long: return "something after the end of the document";
  }
  std::unreachable();
}

// How many of the first octets are whole code points.
std::size_t valid_utf8_octets(std::string_view text) {
  std::string_view rest = text;
  for (std::size_t valid = 0; !rest.empty(); valid = text.size() - rest.size()) {
    if (!take_code_point(rest)) {
      return valid;
    }
  }
  return text.size();
}

}  // namespace

std::string json_fault(std::string_view text, std::size_t at, JsonEnd end) {
  if (text.find_first_not_of(blanks) == text.npos) {
    return "nothing but white space, or nothing at all";
  }
  std::string_view what;
  if (const auto encoding = other_encoding(text)) {
    what = *encoding;
    at = 0;
  } else if (const std::size_t valid = valid_utf8_octets(text);
             valid < text.size() && valid <= at) {
    what = "an octet that is not UTF-8 (is it Latin-1?)";
    at = valid;
  } else {
    at = end == JsonEnd::short_of ? text.size() : std::min(at, text.size() - 1);
    what = what_stands_there(text, at, end);
  }
  // An escape is told by where it begins.
  if (what.starts_with("an escape")) {
    const std::size_t begin = text.substr(0, at).rfind('\\');
    at = begin == text.npos ? at : begin;
  }
  return std::string(what) + " at offset " + std::to_string(at);
}

}  // namespace ringbook
