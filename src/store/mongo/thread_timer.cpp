#include "store/mongo/thread_timer.h"

namespace ringbook::mongo {

ThreadTimer::ThreadTimer(Loop& loop, const Clock& clock)
    : loop_(loop),
      clock_(clock),
      thread_([this](const std::stop_token& stopped) { wait(stopped); }) {}

void ThreadTimer::at(Tick tick, Loop::Task task) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push({.due = system_.tick() + (tick - clock_.tick()),
                   .order = ++given_,
                   .task = std::make_shared<Loop::Task>(std::move(task))});
  }
  changed_.notify_one();
}

void ThreadTimer::wait(const std::stop_token& stopped) {
  std::unique_lock lock(mutex_);
  while (!stopped.stop_requested()) {
    if (waiting_.empty()) {
      changed_.wait(lock, stopped, [this] { return !waiting_.empty(); });
      continue;
    }
    const Tick due = waiting_.top().due;
    if (system_.tick() < due) {
      changed_.wait_until(lock, stopped, due,
                          [&] { return waiting_.top().due < due || system_.tick() >= due; });
      continue;
    }
    auto task = waiting_.top().task;
    waiting_.pop();
    loop_.post([task = std::move(task), alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) {
        (*task)();
      }
    });
  }
}

}  // namespace ringbook::mongo
