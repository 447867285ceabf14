// Decisions drawn from a fuzzer's bytes, so that an input is a short program that builds something
// well-formed but for what it chooses to spoil. Bytes that are used up decide for 0.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ringbook::fuzz {

class Choices {
 public:
  explicit Choices(std::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }

  // 0 to `bound` - 1. Needs a bound of 1 to 65,536.
  std::size_t below(std::size_t bound) {
    std::size_t value = byte();
    if (bound > 256) {
      value = value << 8 | byte();
    }
    return value % bound;
  }
  bool coin() { return below(2) == 1; }

  template <std::size_t size>
  std::string_view of(const std::array<std::string_view, size>& all) {
    return all[below(size)];
  }

  // Up to `most` of the bytes themselves.
  std::string_view text(std::size_t most) {
    const std::string_view taken = rest_.substr(0, below(most + 1));
    rest_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::size_t byte() {
    if (rest_.empty()) {
      return 0;
    }
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
};

}  // namespace ringbook::fuzz
