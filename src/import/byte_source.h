// The bytes of an import file, buffered, without its byte order mark.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace ringbook {

class ByteSource {
 public:
  static constexpr int end = -1;

  // "-" is standard input. Errors: usage (cannot be opened; a folder).
  static Result<ByteSource> open(const std::string& path);
  // For tests: `text` instead of a file.
  static ByteSource of_text(std::string text);

  // The next byte without and with taking it; `end` at the end.
  int peek() { return at_ < size_ || fill() ? static_cast<unsigned char>(buffer_[at_]) : end; }
  int take() {
    const int byte = peek();
    at_ += byte == end ? 0 : 1;
    return byte;
  }
  // The bytes that are at hand, at least one unless this is the end, and at the beginning as many
  // as fit; and taking the first of them.
  std::string_view ahead() {
    return at_ < size_ || fill() ? std::string_view(buffer_.data() + at_, size_ - at_)
                                 : std::string_view();
  }
  void skip(std::size_t count) { at_ += count; }
  // How much of a file of known length was taken, from 0 to 1.
  std::optional<double> share_taken() const {
    return length_ > 0 ? std::optional(static_cast<double>(before_ + at_) / length_) : std::nullopt;
  }
  // Whether the end was no end but a failed read.
  bool has_failed() const { return failed_; }

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  explicit ByteSource(File file);
  void skip_byte_order_mark();
  bool fill();

  File file_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::uint64_t before_ = 0;  // Octets that the buffer held before.
  double length_ = 0;         // Of the whole file; 0 where that is not known.
  bool failed_ = false;
};

}  // namespace ringbook
