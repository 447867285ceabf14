// Keeps a flood out of the log.
//
// Invariants: 1. At most limits::repeated_lines_per_second lines a second are admitted. 2. Every
// line that is not is counted, and the next one that is admitted learns the count.
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace ringbook {

class LineLimit {
 public:
  // Lifetime: `clock` outlives this.
  explicit LineLimit(const Clock& clock) : clock_(clock), window_start_(clock.tick()) {}

  // How many lines were left out before this one; nothing when this one is to be left out too.
  std::optional<std::uint64_t> admit();

 private:
  const Clock& clock_;
  Tick window_start_;
  std::size_t lines_in_window_ = 0;
  std::uint64_t unwritten_ = 0;
};

}  // namespace ringbook
