// Runs tasks on the loop when their time has come, by a thread that waits for it.
//
// Invariants: 1. What waits is touched under the lock alone. 2. A task whose time comes after this
// is destroyed does not run, also when it was posted before.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "directory/shared_journal.h"

namespace ringbook::mongo {

class ThreadTimer final : public Timer {
 public:
  // Lifetime: both outlive this. How long a tick is away is told when the task is given, by
  // `clock`.
  ThreadTimer(Loop& loop, const Clock& clock);

  void at(Tick tick, Loop::Task task) override;

 private:
  struct Waiting {
    Tick due;  // In the system's time.
    std::uint64_t order = 0;
    std::shared_ptr<Loop::Task> task;
    bool operator<(const Waiting& other) const {
      return std::pair(other.due, other.order) < std::pair(due, order);
    }
  };
  void wait(const std::stop_token& stopped);

  Loop& loop_;
  const Clock& clock_;
  const SystemClock system_;
  // Gone with this: tasks that are posted look whether it is there.
  const std::shared_ptr<int> alive_ = std::make_shared<int>();
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::priority_queue<Waiting> waiting_;
  std::uint64_t given_ = 0;
  std::jthread thread_;  // Last: it uses the others.
};

}  // namespace ringbook::mongo
