// The part of a Store that all engines share beside turns: histories, and what was held at a
// moment, as questions about the journal. Each waits for its turn, so that it sees what was
// acknowledged before it was asked; then the engine lets it walk where its journal can be read.
#pragma once

#include <functional>
#include <memory>

#include "directory/history.h"
#include "directory/turn_store.h"

namespace ringbook {

// Threads: made, answered, refused and dropped on the loop. Dropped unanswered it answers
// `internal`.
class JournalQuestion {
 public:
  virtual ~JournalQuestion() = default;
  // Finds its answer, wherever the journal is read; again, when what it was shown did not suffice.
  virtual void walk(JournalView& journal) = 0;
  // Gives the answer of the last walk, or why there is none. Once, and one of both.
  virtual void answer() = 0;
  virtual void refuse(const Error& error) = 0;
};

class HistoryStore : public TurnStore {
 public:
  using TurnStore::TurnStore;

  void user_history(UserId id, HistoryCursor from, std::size_t limit,
                    Reply<UserHistoryPage> reply) override;
  void extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                         Reply<ExtensionHistoryPage> reply) override;
  void user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) override;
  void extension_holding(Extension extension, Moment moment,
                         Reply<ExtensionHoldingAt> reply) override;
  void last_changes(UserId id, Reply<LastChanges> reply) override;

 protected:
  // Has the question walk where everything that is durable can be read, soon, and answer on the
  // loop. It reads changes of this user or number alone.
  virtual void read_journal(Touched touched, std::unique_ptr<JournalQuestion> question) = 0;

 private:
  template <class Page>
  class PageQuestion;
  template <class Page>
  void ask_journal(Touched touched, Reply<Page> reply,
                   std::function<Result<Page>(JournalView&)> walk,
                   std::function<void(Page&)> finish = {});
  Result<Instant> end_of(const Moment& moment) const;
};

}  // namespace ringbook
