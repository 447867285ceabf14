#include "net/percent.h"

namespace ringbook {

std::optional<char> encoded_octet(std::string_view text) {
  // Each digit, in either case, at its value.
  constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
  if (text.size() < encoded_octet_chars || text[0] != '%') {
    return std::nullopt;
  }
  const std::size_t high = digits.find(text[1]);
  const std::size_t low = digits.find(text[2]);
  if (high == std::string_view::npos || low == std::string_view::npos) {
    return std::nullopt;
  }
  return static_cast<char>(high % 16 * 16 + low % 16);
}

void append_percent_encoded(std::string& to, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      to += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      to += {'%', digits[octet >> 4U], digits[octet & 15U]};
    }
  }
}

}  // namespace ringbook
