// The small grammars of RFC 9110, 9112 and 3986 that a request head is made of, as predicates over
// bytes. They decide shape alone; what a shape means for the message stands in gate.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringbook::grammar {

// What an octet may be, as bits of `octets`.
enum Class : std::uint8_t {
  token = 1,   // tchar, RFC 9110 §5.6.2
  value = 2,   // field-vchar, SP and HTAB: anything but a control character
  target = 4,  // Visible ASCII but "#"
  host = 8,    // unreserved or sub-delims, RFC 3986 §2
  digit = 16,
  hex = 32,
};

constexpr std::array<std::uint8_t, 256> make_octets() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view which, std::uint8_t as) {
    for (const char c : which) {
      table[static_cast<unsigned char>(c)] |= as;
    }
  };
  for (unsigned c = 0; c < 256; ++c) {
    if ((c >= 0x20 && c != 0x7F) || c == '\t') {
      table[c] |= value;
    }
    if (c > 0x20 && c < 0x7F && c != '#') {
      table[c] |= target;
    }
  }
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", token | host);
  mark("0123456789", token | host | digit | hex);
  mark("ABCDEFabcdef", hex);
  mark("!#$%&'*+-.^_`|~", token);
  mark("-._~!$&'()*+,;=", host);
  return table;
}

inline constexpr std::array<std::uint8_t, 256> octets = make_octets();

constexpr bool is(char c, Class what) {
  return (octets[static_cast<unsigned char>(c)] & what) != 0;
}

constexpr bool all(std::string_view text, Class what) {
  for (const char c : text) {
    if (!is(c, what)) {
      return false;
    }
  }
  return true;
}

constexpr bool is_token(std::string_view text) {
  return !text.empty() && all(text, token);
}

// Whether all of it is of the class `value`; values are long, so eight octets at a time.
bool is_value(std::string_view text);

// Without optional white space (SP, HTAB) at either end.
std::string_view trimmed(std::string_view text);

// ASCII only. Needs `lower` in lower case.
bool equals_lower(std::string_view text, std::string_view lower);

// uri-host [":" port], RFC 9110 §7.2; the host is not empty and the port, if any, below 65,536.
bool is_authority(std::string_view text);

// Whether every octet may stand in a target and every "%" begins two hexadecimal digits.
bool is_target(std::string_view text);

// Comma-separated tokens, RFC 9110 §5.6.1: calls `each` with every one; empty elements are allowed.
// False when something else is among them.
template <class Each>
bool each_token(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trimmed(list.substr(0, comma));
    if (!element.empty()) {
      if (!is_token(element)) {
        return false;
      }
      each(element);
    }
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return true;
}

// What a Transfer-Encoding value (RFC 9112 §6.1) asks for.
enum class TransferCoding {
  chunked,    // Exactly that, in any case.
  other,      // A well-formed list of something else.
  malformed,  // Including one with `chunked` twice, not last, or with parameters.
};
TransferCoding transfer_coding(std::string_view text);

// 1 to limits::content_length_digits digits, RFC 9110 §8.6; nothing for anything else.
std::optional<std::uint64_t> content_length(std::string_view text);

}  // namespace ringbook::grammar
