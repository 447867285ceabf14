// A Store made of a Registry and something that keeps its changes: the part that all embedded
// engines share. It decides in memory, groups what one turn decided into one commit, and answers
// after it.
//
// Invariants: 1. Writes are answered only after `keep` said that the whole turn is safe; reads are
// evaluated only then, so they never show what may be lost. 2. When `keep` has no room, the turn is
// undone, its writes are answered no_space once, and reads go on. 3. After any other failure every
// answer is unavailable and nothing more is kept. 4. Long searches advance one step a turn.
// Threads: the loop.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/loop.h"
#include "directory/history.h"
#include "directory/registry.h"
#include "directory/store.h"

namespace ringbook {

// What one turn decided, in order.
struct Batch {
  struct Set {
    std::string issuer;
    std::string subject;
    std::string request_id;
    std::size_t begin = 0;  // Its changes are [begin, end) of `changes`.
    std::size_t end = 0;
    OnWritten on_written = {};
  };
  std::vector<Set> sets;
  std::vector<Change> changes;
};

class RegistryStore : public Store {
 public:
  // Lifetime: `loop` and `clock` outlive the store.
  RegistryStore(Loop& loop, const Clock& clock) : loop_(loop), clock_(clock) {}
  ~RegistryStore() override { *is_alive_ = false; }

  void apply(ChangeSet set, Reply<Outcome> reply) override;
  void user(UserId id, Reply<std::optional<User>> reply) override;
  void extension(Extension extension, Reply<ExtensionState> reply) override;
  void users(UserQuery query, Reply<UserPage> reply) override;
  void user_history(UserId id, HistoryCursor from, std::size_t limit,
                    Reply<UserHistoryPage> reply) override;
  void extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                         Reply<ExtensionHistoryPage> reply) override;
  void user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) override;
  void extension_holding(Extension extension, Moment moment,
                         Reply<ExtensionHoldingAt> reply) override;
  void last_changes(UserId id, Reply<LastChanges> reply) override;
  void prepare_search() override { registry_.prepare_search(); }
  bool turn_is_due() const override;
  void end_turn() override;
  std::vector<std::string> not_ready() const override;
  StoreStatistics statistics() const override;

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
  // Called once, when nothing can be promised any more.
  virtual void on_failure(const Error& error) = 0;

  Registry& registry() { return registry_; }
  const Registry& registry() const { return registry_; }
  Loop& loop() { return loop_; }
  const Clock& clock() const { return clock_; }
  // Makes sure that there is a turn soon, although nobody asks for anything.
  void want_turn();
  // False once this is gone; for tasks that may be run later than that.
  std::shared_ptr<const bool> is_alive() const { return is_alive_; }
  bool has_failed() const { return has_failed_; }
  // From now on every answer is unavailable. For failures outside `keep`.
  void fail_for_good(const Error& error);

 private:
  struct Write {
    Reply<Outcome> reply;
    Result<Outcome> outcome;
  };
  struct Search {
    UserScan scan;
    Reply<UserPage> reply;
  };

  void check_thread() const;
  // Queues a read for the end of the turn; false (and answered) when it cannot be taken.
  template <class T>
  bool may_wait(Reply<T>& reply);
  template <class T>
  void when_durable(Reply<T> reply, std::move_only_function<void(Reply<T>)> read);
  template <class Page>
  void ask_journal(Reply<Page> reply, std::move_only_function<Result<Page>(JournalView&)> walk,
                   std::move_only_function<void(Page&)> finish = {});
  Result<Instant> end_of(const Moment& moment) const;
  void begin_turn();
  void settle(const Result<void>& kept);
  void step_search();

  Loop& loop_;
  const Clock& clock_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  Registry registry_;
  Batch batch_;
  std::vector<Write> writes_;
  std::vector<Loop::Task> reads_;
  std::deque<Search> searches_;
  Tick turn_began_{};
  bool is_in_turn_ = false;
  bool has_failed_ = false;
  Tick full_until_{};
};

}  // namespace ringbook
