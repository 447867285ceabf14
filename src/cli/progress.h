// One line on a terminal that says how far a long command is, and moves on also while the command
// waits for one long step; nothing anywhere else.
//
// Invariants: 1. While a phase is shown, only this class writes to standard error. 2. What the two
// threads share is behind `mutex_`.
// Threads: `begin`, `at` and `clear` on the command's; one of its own draws the line.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "cli/console.h"

namespace ringbook {

// "reading: 30,000 of 90,000 rows, 10,000 a second, 6 s left". `share` is how much is done, from 0
// to 1, where `total` does not say so.
struct ProgressState {
  std::string phase;
  std::string unit;
  std::optional<std::uint64_t> total;
  std::uint64_t count = 0;
  std::optional<double> share;
  std::uint64_t first = 0;  // What the count was when the phase began.
};
std::string progress_line(const ProgressState& state, double seconds);

class Progress {
 public:
  // Lifetime: both outlive it.
  Progress(Console& console, const Clock& clock) : console_(console), clock_(clock) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Begins a phase: "reading", counted in `unit`, up to `total` where that is known, from `first`.
  void begin(std::string_view phase, std::string_view unit, std::optional<std::uint64_t> total = {},
             std::uint64_t first = 0);
  // `count` are done. Cheap enough for every row.
  void at(std::uint64_t count, std::optional<double> share = {});
  // Takes the line away, before something else is printed; a recording of the terminal keeps what
  // it came to.
  void clear();

 private:
  void draw();

  Console& console_;
  const Clock& clock_;
  Tick began_{};
  std::uint64_t untold_ = 0;  // Calls of `at` since the last that was shared.
  std::mutex mutex_;
  std::condition_variable_any ended_;
  ProgressState state_;
  std::jthread drawing_;
};

}  // namespace ringbook
