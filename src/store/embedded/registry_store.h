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
#include "directory/history_store.h"

namespace ringbook {

class RegistryStore : public HistoryStore {
 public:
  using HistoryStore::HistoryStore;

  void apply(ChangeSet&& set, Reply<Outcome> reply) override;
  void user(UserId id, Reply<std::optional<User>> reply) override;
  void extension(Extension extension, Reply<ExtensionState> reply) override;
  bool turn_is_due() const override;
  void end_turn() override;
  std::vector<std::string> not_ready() const override;

 protected:
  // Whether one more change set can be taken now. Errors: overloaded.
  virtual Result<void> may_write() { return {}; }
  // Makes the batch durable, all of it or nothing, and may take the changes' content. Errors:
  // no_space (nothing was kept), anything else (unknown).
  virtual Result<void> keep(Batch& batch) = 0;
  // Called at the end of each turn, for work that waits for no answer. See `want_turn`.
  virtual void end_of_turn() {}

 private:
  bool may_answer_at_once();
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
