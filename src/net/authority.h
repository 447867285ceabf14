// A host, with or without a port: "localhost:2000", "[::1]:2000", "ringbook.example".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// Views into the text that was split.
struct Authority {
  std::string_view host;  // Without brackets; not empty.
  bool is_bracketed = false;
  std::optional<std::string_view> port = {};  // What follows the colon, if there is one.

  // The parts by their delimiters. Nothing where the host has characters of neither a name nor an
  // address, or something other than a port follows it.
  static std::optional<Authority> split(std::string_view text);
};

// Digits of a number below 65,536, and nothing else.
std::optional<std::uint16_t> parse_port(std::string_view text);

// A host as it stands before ":PORT": an IPv6 address in brackets.
std::string bracketed(std::string_view host);

}  // namespace ringbook
