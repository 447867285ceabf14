// Bytes that nobody else may see: overwritten when they are dropped, and neither copied nor
// printed.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace ringbook {

class Secret {
 public:
  // Takes the buffer over, so that no other copy of it stays behind.
  explicit Secret(std::vector<char> bytes) : bytes_(std::move(bytes)) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // Keeps only the first `length` bytes, of at least as many.
  void shorten(std::size_t length);

  // Lifetime: as long as this object is neither moved nor dropped.
  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

}  // namespace ringbook
