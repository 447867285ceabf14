#include "auth/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ringbook {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t foreign = 0xFF;

constexpr auto value_of_character = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

}  // namespace

bool decode_base64url(std::string_view text, std::string& out) {
  out.resize(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned waiting = 0;  // How many of the low bits have not been written yet.
  std::size_t length = 0;
  for (const char character : text) {
    const std::uint8_t value = value_of_character[static_cast<unsigned char>(character)];
    if (value == foreign) {
      return false;
    }
    bits = bits << 6 | value;
    waiting += 6;
    if (waiting >= 8) {
      waiting -= 8;
      out[length++] = static_cast<char>(bits >> waiting & 0xFFU);
    }
  }
  // Six waiting bits are a character that began no byte; fewer are spare, and zero in the one
  // canonical spelling.
  return waiting != 6 && (bits & ((1U << waiting) - 1)) == 0;
}

void append_base64url(std::string& out, std::string_view bytes) {
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    waiting += 8;
    while (waiting >= 6) {
      waiting -= 6;
      out += alphabet[bits >> waiting & 0x3FU];
    }
  }
  if (waiting > 0) {
    out += alphabet[bits << (6 - waiting) & 0x3FU];
  }
}

}  // namespace ringbook
