// Moves what the journal's log holds into the journal's file, on a thread and a connection of its
// own, while the loop goes on appending. What is appended meanwhile is little; whoever appends
// moves that, since only a log that holds nothing more is begun anew. The thread is given the
// processor after all others, so that on a busy machine it works while the loop waits for syncs.
//
// Invariants: 1. It moves one log at a time. 2. It is gone before the journal's own connection, so
// that it never closes the file as the last.
// Threads: the loop.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <semaphore>

#include "base/error.h"
#include "base/loop.h"
#include "base/worker.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

class Checkpointer {
 public:
  // What came of it. Errors: what a failed sync means; no_space, and then the log simply stays.
  using Done = std::function<void(const Result<void>&)>;

  // Calls `done` on `loop`, which outlives this, after each `begin`; perhaps when this is gone. The
  // end waits for the moving under way.
  Checkpointer(std::unique_ptr<Connection> connection, Loop& loop, Done done);

  // Not again before `done`.
  void begin();
  // Waits for the moving under way, but no longer than this.
  void wait(std::chrono::milliseconds most) { static_cast<void>(moved_.try_acquire_for(most)); }

 private:
  struct Request {};

  std::unique_ptr<Connection> connection_;
  std::counting_semaphore<> moved_{0};
  Worker<std::deque<Request>> worker_;
};

}  // namespace ringbook::sqlite
