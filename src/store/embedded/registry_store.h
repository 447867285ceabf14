// A Store made of a registry and something of this process's own that keeps its changes: the part
// that all embedded engines share. What one turn asked is decided when it ends, kept in one commit,
// and answered after it.
//
// Invariants: 1. Writes are answered only after `keep` said that the whole turn is safe. 2. When
// `keep` has no room, the turn is undone, its writes are answered no_space once, and reads go on.
// 3. After any other failure every answer is unavailable and nothing more is kept. 4. Between turns
// the registry holds nothing that is not kept, so a read of a user or a number is answered at once.
// Threads: the loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "directory/batch.h"
#include "directory/turn_store.h"
#include "store/embedded/history.h"

namespace ringbook {

class RegistryStore : public TurnStore {
 public:
  using TurnStore::TurnStore;

  void apply(ChangeSet&& set, Reply<Outcome> reply) override;
  void user(UserId id, Reply<std::optional<User>> reply) override;
  void extension(Extension extension, Reply<ExtensionState> reply) override;
  void user_history(UserId id, HistoryCursor from, std::size_t limit,
                    Reply<UserHistoryPage> reply) override;
  void extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                         Reply<ExtensionHistoryPage> reply) override;
  void user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) override;
  void extension_holding(Extension extension, Moment moment,
                         Reply<ExtensionHoldingAt> reply) override;
  void last_changes(UserId id, Reply<LastChanges> reply) override;
  bool turn_is_due() const override;
  void end_turn() override;
  std::vector<std::string> not_ready() const override;

 protected:
  // A question about the journal; it runs where the journal can be read and gives back what is to
  // be done on the loop.
  using JournalJob = std::move_only_function<Loop::Task(JournalView&)>;

  // Whether one more change set can be taken now. Errors: overloaded.
  virtual Result<void> may_write() { return {}; }
  // Makes the batch durable, all of it or nothing, and may take the changes' content. Errors:
  // no_space (nothing was kept), anything else (unknown).
  virtual Result<void> keep(Batch& batch) = 0;
  // Runs the job with everything kept so far readable, soon, and its result on the loop. A job that
  // is dropped answers for itself. Errors: overloaded.
  virtual Result<void> read_journal(JournalJob job) = 0;
  // Called at the end of each turn, for work that waits for no answer. See `want_turn`.
  virtual void end_of_turn() {}

 private:
  template <class Page>
  void ask_journal(Reply<Page> reply, std::move_only_function<Result<Page>(JournalView&)> walk,
                   std::move_only_function<void(Page&)> finish = {});
  bool may_answer_at_once();
  Result<Instant> end_of(const Moment& moment) const;
  void settle(Turn& turn, const Result<void>& kept);

  Result<void> write(Turn& turn);
  void add_cause(ChangeSet& set, std::size_t begin);
  void forget_asked();

  std::vector<ChangeSet> sets_;  // What the turn asked, and behind it spare ones.
  std::size_t asked_ = 0;        // How many of them it is.
  std::size_t edits_asked_ = 0;
  Batch batch_;  // Empty but in `end_turn`.
  std::vector<Batch::Set> spare_causes_;
  Turn ended_;  // Empty but in `end_turn`.
  Tick full_until_{};
};

}  // namespace ringbook
