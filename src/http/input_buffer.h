// The bytes of a connection that were received and not yet understood, in one piece.
//
// Invariants: 1. Never more than limits::head_bytes and an empty line. 2. An idle connection keeps
// limits::idle_buffer_bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/limits.h"

namespace ringbook {

class InputBuffer {
 public:
  std::string_view bytes() const { return {memory_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  void consume(std::size_t octets) {
    begin_ += octets;
    if (begin_ == end_) {
      begin_ = end_ = 0;
    }
  }
  void clear() { begin_ = end_ = 0; }

  // Where the next bytes may be put; never empty while bytes() is below the bound. Moves what is
  // there.
  std::span<char> space() {
    if (end_ == capacity_) {
      make_room();
    }
    return {memory_.get() + end_, capacity_ - end_};
  }
  // `octets` were put there.
  void commit(std::size_t octets) { end_ += octets; }

  // Gives back what an idle connection does not need. Needs an empty buffer.
  void shrink() {
    if (capacity_ > limits::idle_buffer_bytes) {
      allocate(limits::idle_buffer_bytes);
    }
  }

 private:
  static constexpr std::size_t capacity_max = limits::head_bytes + 2;

  void make_room() {
    if (begin_ == 0 || capacity_ == 0) {
      allocate(capacity_ < limits::idle_buffer_bytes ? limits::idle_buffer_bytes : capacity_max);
    } else {
      const std::string_view kept = bytes();
      std::copy(kept.begin(), kept.end(), memory_.get());
      end_ = kept.size();
      begin_ = 0;
    }
  }

  void allocate(std::size_t capacity) {
    const std::string_view kept = bytes();
    auto memory = std::make_unique_for_overwrite<char[]>(capacity);
    std::copy(kept.begin(), kept.end(), memory.get());
    end_ = kept.size();
    begin_ = 0;
    capacity_ = capacity;
    memory_ = std::move(memory);
  }

  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace ringbook
