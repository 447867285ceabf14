// Percent-encoding. See: RFC 3986 §2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// A letter or digit of ASCII, "-", ".", "_" or "~": what means the same encoded and as it is.
constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// How long an encoded octet is: "%2F".
inline constexpr std::size_t encoded_octet_chars = 3;
// The octet whose encoded form `text` begins with, if it does.
std::optional<char> encoded_octet(std::string_view text);

// `text` with all octets encoded that are not unreserved.
void append_percent_encoded(std::string& to, std::string_view text);

}  // namespace ringbook
