// A RingCentral extension: 2 to 10 ASCII digits, leading zeros significant. Having one proves it
// valid.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

class Extension {
 public:
  // Nothing unless `text` is exactly 2 to 10 of the digits 0 to 9.
  static std::optional<Extension> parse(std::string_view text);

  std::string text() const;
  // The next number of the same length ("0099" gives "0100"); nothing after the last ("99").
  std::optional<Extension> next() const;

  // One integer for each extension, ordered by length, then by value: the digits with a 1 before
  // them. It is what engines store; never 0.
  std::uint64_t packed() const { return packed_; }
  // The inverse; nothing when no extension has this integer.
  static std::optional<Extension> from_packed(std::uint64_t packed);

  auto operator<=>(const Extension&) const = default;

 private:
  explicit Extension(std::uint64_t packed) : packed_(packed) {}
  std::uint64_t packed_;
};

}  // namespace ringbook
