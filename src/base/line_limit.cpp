#include "base/line_limit.h"

#include <chrono>
#include <utility>

#include "base/limits.h"

namespace ringbook {

std::optional<std::uint64_t> LineLimit::admit() {
  const Tick now = clock_.tick();
  if (now - window_start_ >= std::chrono::seconds(1)) {
    window_start_ = now;
    lines_in_window_ = 0;
  }
  if (lines_in_window_ == limits::repeated_lines_per_second) {
    ++unwritten_;
    return std::nullopt;
  }
  ++lines_in_window_;
  return std::exchange(unwritten_, 0);
}

}  // namespace ringbook
