// UTF-8 read by hand, as strictly as RFC 3629 says; only folding needs Unicode's tables.
#include "base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace ringbook {
namespace {

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

char ascii_lower_of(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// What a lead byte says about its sequence. The smallest value keeps out overlong forms.
struct Lead {
  std::size_t size;
  char32_t bits;
  char32_t smallest;
};

std::optional<Lead> lead_of(unsigned char byte) {
  if (byte < 0x80) {
    return Lead{1, byte, 0};
  }
  if ((byte & 0xE0U) == 0xC0) {
    return Lead{2, byte & 0x1FU, 0x80};
  }
  if ((byte & 0xF0U) == 0xE0) {
    return Lead{3, byte & 0x0FU, 0x800};
  }
  if ((byte & 0xF8U) == 0xF0) {
    return Lead{4, byte & 0x07U, 0x10000};
  }
  return std::nullopt;
}

// The first code point and how many bytes it takes.
std::optional<std::pair<char32_t, std::size_t>> decode(std::string_view text) {
  const auto lead = lead_of(static_cast<unsigned char>(text.front()));
  if (!lead || lead->size > text.size()) {
    return std::nullopt;
  }
  char32_t point = lead->bits;
  for (std::size_t i = 1; i < lead->size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80) {
      return std::nullopt;
    }
    point = (point << 6) | (byte & 0x3FU);
  }
  const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < lead->smallest || point > 0x10FFFF || is_surrogate) {
    return std::nullopt;
  }
  return std::pair(point, lead->size);
}

// What shows nothing although no category says so: fillers, the blank of Braille, selectors of
// variants, and tags.
bool is_filler(char32_t point) {
  constexpr std::array<char32_t, 6> fillers{0x034F, 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0};
  return std::ranges::find(fillers, point) != fillers.end() ||
         (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0000 && point <= 0xE0FFF);
}

bool is_unseen(char32_t point) {
  if (point > ' ' && point <= '~') {
    return false;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF: return true;
    default: return is_filler(point);
  }
}

bool is_visible_ascii(char c) {
  return c > ' ' && c <= '~';
}

utf8proc_int32_t lower_of(utf8proc_int32_t point, void*) {
  return utf8proc_tolower(point);
}

// What `options` of utf8proc make of the text; its bytes as they are when it is no UTF-8.
std::string mapped(std::string_view text, int options, utf8proc_custom_func each = nullptr) {
  utf8proc_uint8_t* out = nullptr;
  const auto size = utf8proc_map_custom(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &out,
                                        static_cast<utf8proc_option_t>(options), each, nullptr);
  if (size < 0) {
    return std::string(text);
  }
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

}  // namespace

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto decoded = decode(text);
  text.remove_prefix(decoded ? decoded->second : 1);
  return decoded ? std::optional(decoded->first) : std::nullopt;
}

std::string_view take_character(std::string_view& text) {
  const std::string_view before = text;
  take_code_point(text);
  return before.substr(0, before.size() - text.size());
}

bool is_control_or_separator(char32_t point) {
  const bool ends_or_turns_a_line = point >= 0x2028 && point <= 0x202E;
  const bool isolates = point >= 0x2066 && point <= 0x2069;
  return is_control(point) || ends_or_turns_a_line || isolates;
}

std::optional<std::size_t> count_code_points(std::string_view text) {
  if (is_ascii(text)) {
    return text.size();
  }
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    if (!take_code_point(text)) {
      return std::nullopt;
    }
  }
  return count;
}

bool has_control_characters(std::string_view text) {
  if (is_ascii(text)) {
    return std::ranges::any_of(text,
                               [](char c) { return is_control(static_cast<unsigned char>(c)); });
  }
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (point && is_control(*point)) {
      return true;
    }
  }
  return false;
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), ascii_lower_of);
  return lower;
}

bool equals_ignoring_ascii_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ascii_lower_of, ascii_lower_of);
}

std::string_view trimmed(std::string_view text) {
  if (!text.empty() && is_visible_ascii(text.front()) && is_visible_ascii(text.back())) {
    return text;
  }
  std::string_view rest = text;
  std::size_t begin = text.size();
  std::size_t end = 0;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    const auto point = take_code_point(rest);
    if (!point || !is_unseen(*point)) {
      begin = std::min(begin, at);
      end = text.size() - rest.size();
    }
  }
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

std::optional<char32_t> find_unseen(std::string_view text) {
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (point && *point != U' ' && is_unseen(*point)) {
      return point;
    }
  }
  return std::nullopt;
}

std::string code_point_name(char32_t point) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string digits;
  for (auto left = static_cast<std::uint32_t>(point); left != 0 || digits.size() < 4; left >>= 4U) {
    digits.insert(digits.begin(), hex[left & 0xFU]);
  }
  return "U+" + digits;
}

std::string composed(std::string_view text) {
  return is_ascii(text) ? std::string(text) : mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_for_keys(std::string_view text) {
  const std::string_view inner = trimmed(text);
  return is_ascii(inner)
             ? ascii_lower(inner)
             : mapped(inner, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE, lower_of);
}

std::string fold_for_search(std::string_view text) {
  if (is_ascii(text)) {
    return ascii_lower(text);
  }
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                          UTF8PROC_IGNORE | UTF8PROC_LUMP);
}

}  // namespace ringbook
