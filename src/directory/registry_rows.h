// The rows of a registry by slot, in chunks that stay where they are: no growth moves them, and
// those that several threads filled are put together without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "directory/registry_row.h"

namespace ringbook {

// Not thread-safe.
class RegistryRows {
 public:
  using Slot = std::uint32_t;
  static constexpr std::size_t chunk_rows = 1024;

  std::size_t size() const { return size_; }
  RegistryRow& operator[](Slot slot) { return chunks_[slot / chunk_rows][slot % chunk_rows]; }
  const RegistryRow& operator[](Slot slot) const {
    return chunks_[slot / chunk_rows][slot % chunk_rows];
  }

  // Has the processor fetch the row.
  void fetch(Slot slot) const {
    const RegistryRow* row = &(*this)[slot];
    __builtin_prefetch(row, 1);
    __builtin_prefetch(reinterpret_cast<const char*>(row) + sizeof *row - 1, 1);  // Its end, too.
  }

  RegistryRow& add(RegistryRow row) {
    if (size_ % chunk_rows == 0) {
      chunks_.emplace_back().reserve(chunk_rows);
    }
    ++size_;
    return chunks_.back().emplace_back(std::move(row));
  }
  void remove_last() {
    chunks_.back().pop_back();
    if (--size_ % chunk_rows == 0) {
      chunks_.pop_back();
    }
  }
  // Adds all rows of `more` behind these. Cost: nothing for each row when these fill their chunks.
  void append(RegistryRows more) {
    if (size_ % chunk_rows == 0) {
      size_ += more.size_;
      std::ranges::move(more.chunks_, std::back_inserter(chunks_));
      return;
    }
    for (auto& chunk : more.chunks_) {
      for (RegistryRow& row : chunk) {
        add(std::move(row));
      }
    }
  }

 private:
  std::vector<std::vector<RegistryRow>> chunks_;  // Each but the last is full.
  std::size_t size_ = 0;
};

}  // namespace ringbook
