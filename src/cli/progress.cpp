#include "cli/progress.h"

#include <cmath>

namespace ringbook {
namespace {

constexpr auto draw_every = std::chrono::milliseconds{100};
// Taking a lock costs more than reading a row.
constexpr std::uint64_t tell_every = 256;

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  return whole < 120 ? std::to_string(whole) + " s" : std::to_string((whole + 59) / 60) + " min";
}

}  // namespace

std::string progress_line(const ProgressState& state, double seconds) {
  std::string line = state.phase + ": " + with_thousands(state.count);
  if (state.total) {
    line += " of " + with_thousands(*state.total);
  }
  line += " " + state.unit;
  // At its end a phase may still wait, as for the disk: then that time is all there is to tell.
  if (state.count <= state.first || state.count == state.total || seconds <= 0) {
    return line + ", " + time_text(seconds);
  }
  const auto done = static_cast<double>(state.count - state.first);
  line += ", " + with_thousands(static_cast<std::uint64_t>(done / seconds)) + " a second";
  const double share = state.share.value_or(
      state.total ? done / static_cast<double>(*state.total - state.first) : 0);
  return share <= 0 || share > 1 ? line
                                 : line + ", " + time_text(seconds * (1 - share) / share) + " left";
}

void Progress::begin(std::string_view phase, std::string_view unit,
                     std::optional<std::uint64_t> total, std::uint64_t first) {
  clear();
  if (!console_.can_rewrite()) {
    return;
  }
  state_ = {std::string(phase), std::string(unit), total, first, {}, first};
  began_ = clock_.tick();
  untold_ = 0;
  draw();
  drawing_ = std::jthread([this](const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, stop, draw_every, [&] { return stop.stop_requested(); })) {
      draw();
    }
  });
}

void Progress::at(std::uint64_t count, std::optional<double> share) {
  if (!drawing_.joinable() || (++untold_ < tell_every && !state_.total)) {
    return;
  }
  untold_ = 0;
  const std::lock_guard lock(mutex_);
  state_.count = count;
  state_.share = share;
}

void Progress::draw() {
  const double seconds = std::chrono::duration<double>(clock_.tick() - began_).count();
  console_.rewrite_line(progress_line(state_, seconds));
}

void Progress::clear() {
  if (drawing_.joinable()) {
    drawing_.request_stop();
    drawing_.join();
    drawing_ = {};
    draw();
    console_.rewrite_line("");
  }
}

}  // namespace ringbook
