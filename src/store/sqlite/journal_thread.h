// Answers histories from the journal on a thread and a connection of its own, so that long walks
// cost the loop nothing.
//
// Invariants: 1. The connection only reads, never checkpoints, and is closed before the journal's
// own.
// 2. Every job sees one snapshot that holds everything committed before it was posted.
// Threads: the loop.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "base/loop.h"
#include "base/worker.h"
#include "store/embedded/history.h"
#include "store/sqlite/database.h"
#include "store/sqlite/journal.h"

namespace ringbook::sqlite {

class JournalThread {
 public:
  using Job = std::move_only_function<Loop::Task(JournalView&)>;

  // Results of jobs run on `loop`, which outlives this. The end waits for the job under way; the
  // others are dropped there.
  JournalThread(std::unique_ptr<Connection> connection, ChangeReader reader, Loop& loop);

  // Errors: overloaded, when limits::waiting_histories wait already.
  Result<void> post(Job job);

 private:
  std::unique_ptr<Connection> connection_;
  ChangeReader reader_;
  Worker<std::deque<Job>> worker_;
};

}  // namespace ringbook::sqlite
