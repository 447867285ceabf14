#include "directory/extension.h"

#include <array>

#include "base/check.h"
#include "base/limits.h"

namespace ringbook {
namespace {

constexpr std::array<std::uint64_t, limits::extension_digits_max + 1> power_of_ten = [] {
  std::array<std::uint64_t, limits::extension_digits_max + 1> powers{};
  std::uint64_t power = 1;
  for (std::uint64_t& slot : powers) {
    slot = power;
    power *= 10;
  }
  return powers;
}();

// The number of digits of the extension, 0 when the integer is none.
std::size_t digits_of(std::uint64_t packed) {
  std::size_t digits = limits::extension_digits_max;
  while (digits > limits::extension_digits_min && packed < power_of_ten[digits]) {
    --digits;
  }
  return packed >= power_of_ten[digits] && packed < 2 * power_of_ten[digits] ? digits : 0;
}

}  // namespace

std::optional<Extension> Extension::parse(std::string_view text) {
  if (text.size() < limits::extension_digits_min || text.size() > limits::extension_digits_max) {
    return std::nullopt;
  }
  std::uint64_t packed = 1;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    packed = packed * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return Extension(packed);
}

std::string Extension::text() const {
  const std::size_t count = digits_of(packed_);
  std::string out(count, '0');
  std::uint64_t rest = packed_ - power_of_ten[count];
  for (std::size_t i = count; i-- > 0; rest /= 10) {
    out[i] = static_cast<char>('0' + rest % 10);
  }
  return out;
}

std::optional<Extension> Extension::next() const {
  if (digits_of(packed_ + 1) != digits_of(packed_)) {
    return std::nullopt;
  }
  return Extension(packed_ + 1);
}

std::optional<Extension> Extension::from_packed(std::uint64_t packed) {
  if (digits_of(packed) == 0) {
    return std::nullopt;
  }
  return Extension(packed);
}

}  // namespace ringbook
