// Answers histories from the journal on a thread and a connection of its own, so that long walks
// cost the loop nothing.
//
// Invariants: 1. The connection only reads, never checkpoints, and is closed before the journal's
// own.
// 2. Every job sees one snapshot that holds everything committed before it was posted.
// Threads: `post` and the destructor on the loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/loop.h"
#include "store/embedded/history.h"
#include "store/sqlite/database.h"
#include "store/sqlite/journal.h"

namespace ringbook::sqlite {

class JournalThread {
 public:
  using Job = std::move_only_function<Loop::Task(JournalView&)>;

  // Results of jobs run on `loop`, which outlives this.
  JournalThread(std::unique_ptr<Connection> connection, ChangeReader reader, Loop& loop);
  // Waits for the job under way; the others are dropped here.
  ~JournalThread();

  // Errors: overloaded, when limits::waiting_histories wait already.
  Result<void> post(Job job);

 private:
  void work();

  std::unique_ptr<Connection> connection_;
  ChangeReader reader_;
  Loop& loop_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Job> waiting_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace ringbook::sqlite
