#include "directory/user_id.h"

#include <algorithm>
#include <atomic>
#include <random>

namespace ringbook {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

}  // namespace

std::optional<UserId> UserId::parse(std::string_view text) {
  Bytes bytes{};
  if (text.size() != 2 * bytes.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return UserId(bytes);
}

UserId UserId::make(Instant now) {
  static const std::array<std::uint32_t, 3> seeds = [] {
    std::random_device device;
    return std::array<std::uint32_t, 3>{device(), device(), device()};
  }();
  static std::atomic<std::uint32_t> counter{seeds[2]};
  const auto seconds = static_cast<std::uint32_t>(now.ms / 1000);
  const std::uint32_t count = counter.fetch_add(1, std::memory_order_relaxed);
  Bytes bytes{};
  const auto put = [&bytes](std::size_t at, std::uint64_t value, std::size_t length) {
    for (std::size_t i = length; i-- > 0; value >>= 8) {
      bytes[at + i] = static_cast<std::uint8_t>(value & 0xFF);
    }
  };
  put(0, seconds, 4);
  put(4, (std::uint64_t{seeds[0]} << 8) ^ seeds[1], 5);
  put(9, count, 3);
  return UserId(bytes);
}

std::string UserId::text() const {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes_.size());
  for (const std::uint8_t byte : bytes_) {
    out += digits[byte >> 4];
    out += digits[byte & 0xF];
  }
  return out;
}

}  // namespace ringbook
