// A user's identity: a MongoDB ObjectId, 12 bytes, written as 24 hexadecimal digits.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace ringbook {

class UserId {
 public:
  using Bytes = std::array<std::uint8_t, 12>;

  UserId() = default;  // All zeros.
  explicit UserId(const Bytes& bytes) : bytes_(bytes) {}
  // Nothing unless `text` is exactly 24 hexadecimal digits, in either case.
  static std::optional<UserId> parse(std::string_view text);
  // A new one as MongoDB makes them: seconds, five random bytes of this process, a counter.
  static UserId make(Instant now);

  // 24 hexadecimal digits in lower case.
  std::string text() const;
  const Bytes& bytes() const { return bytes_; }

  auto operator<=>(const UserId&) const = default;

 private:
  Bytes bytes_{};
};

}  // namespace ringbook
