// Answers histories from the journal on a thread and a connection of its own, so that long walks
// cost the loop nothing.
//
// Invariants: 1. The connection only reads, never checkpoints, and is closed before the journal's
// own.
// 2. Every question sees one snapshot that holds everything committed before it was posted.
// Threads: the loop.
#pragma once

#include <deque>
#include <memory>

#include "base/loop.h"
#include "base/worker.h"
#include "directory/history_store.h"
#include "store/sqlite/database.h"
#include "store/sqlite/journal.h"

namespace ringbook::sqlite {

class JournalThread {
 public:
  // Questions are answered on `loop`, which outlives this. The end waits for the one under way; the
  // others are dropped there.
  JournalThread(std::unique_ptr<Connection> connection, ChangeReader reader, Loop& loop);

  // Refuses it as overloaded when limits::waiting_histories wait already.
  void post(std::unique_ptr<JournalQuestion> question);

 private:
  std::unique_ptr<Connection> connection_;
  ChangeReader reader_;
  Worker<std::deque<std::unique_ptr<JournalQuestion>>> worker_;
};

}  // namespace ringbook::sqlite
