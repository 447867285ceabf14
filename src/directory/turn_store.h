// The half of a Store that all engines share: a registry in memory that answers about the present,
// and everything asked in one turn waiting together until the engine says that the turn is durable,
// however it makes it so.
//
// An engine ends a turn with `take_turn`, makes durable what it decided, now or later and while the
// next turn collects, and gives everything its answer with `answer`, or with `refuse` and `answer`.
//
// Invariants: 1. What waits is answered in the order of asking, writes and reads apart, and only by
// `answer` or its halves. 2. Reads are evaluated then, on the registry as it stands: an engine
// decides nothing more until the turns before are answered, so they never show what may be lost. 3.
// After `fail_for_good` every answer is unavailable. 4. Each turn that is answered advances one
// search by one step; while what they go through is being prepared, it advances that instead.
// Threads: the loop.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/loop.h"
#include "directory/registry.h"
#include "directory/store.h"

namespace ringbook {

class TurnStore : public Store {
 public:
  // Lifetime: `loop` and `clock` outlive the store.
  TurnStore(Loop& loop, const Clock& clock) : loop_(loop), clock_(clock) {}
  ~TurnStore() override { *is_alive_ = false; }

  void user(UserId id, Reply<std::optional<User>> reply) override;
  void extension(Extension extension, Reply<ExtensionState> reply) override;
  void users(UserQuery query, Reply<UserPage> reply) override;
  void prepare_search() override;
  // By its time alone: how many changes are a turn's is for the engine to say.
  bool turn_is_due() const override;
  std::vector<std::string> not_ready() const override;
  StoreStatistics statistics() const override;

 protected:
  struct Write {
    Reply<Outcome> reply;
    Result<Outcome> outcome = {};
  };
  // Reads, or answers with the error that it is given.
  using Read = std::move_only_function<void(const Result<void>&)>;
  // What waits for one turn to be durable.
  struct Turn {
    std::vector<Write> writes;
    std::vector<Read> reads;
  };

  // Called once, when nothing can be promised any more.
  virtual void on_failure(const Error& error) = 0;

  // Whether the turn has room for one more; begins a turn. False when it has none or the store has
  // failed: then the reply has its answer.
  template <class T>
  bool may_wait(Reply<T>& reply);
  // Has the write answered with its turn, by whose answer the engine puts in the outcome. Needs
  // `may_wait`.
  void answer_with_turn(Reply<Outcome>&& reply) { turn_.writes.emplace_back(std::move(reply)); }
  // Calls `read` with the reply when its turn is durable, unless the reply has its answer before.
  template <class T>
  void when_durable(Reply<T> reply, std::move_only_function<void(Reply<T>)> read);

  // Makes sure that there is a turn soon, although nobody asks for anything.
  void want_turn();
  // Ends the turn and puts into `ended`, which is empty, what waits for it: what is asked from now
  // on belongs to the next. False when none has begun.
  bool take_turn(Turn& ended);
  // Has every write of the turn answered with this error, whatever was decided.
  static void refuse(Turn& turn, const Error& error);
  // Gives its answer to everything that waits for the turn, which is empty then; its memory may
  // serve another. Turns are answered in the order in which they were taken.
  void answer(Turn& turn);
  // The same in two steps, for an engine whose reads need not wait as long as its writes. Has the
  // reads answered with an error, if one is given.
  void answer_writes(Turn& turn);
  void answer_reads(Turn& turn, const Result<void>& durable = {});

  // From now on every answer is unavailable.
  void fail_for_good(const Error& error);
  bool has_failed() const { return has_failed_; }

  Registry& registry() { return registry_; }
  const Registry& registry() const { return registry_; }
  Loop& loop() { return loop_; }
  const Clock& clock() const { return clock_; }
  // False once this is gone; for tasks that may be run later than that.
  std::shared_ptr<const bool> is_alive() const { return is_alive_; }

 private:
  struct Search {
    UserScan scan;
    Reply<UserPage> reply;
  };

  // Whether searches can go on now; else a step was made so that they can, some turns later.
  bool has_search_prepared();
  // Why nothing more can wait; ok when it can.
  Result<void> begin_waiting();
  void begin_turn();
  void step_search();

  Loop& loop_;
  const Clock& clock_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  Registry registry_;
  Turn turn_;
  std::deque<Search> searches_;
  bool is_preparing_ = false;
  Tick turn_began_{};
  bool is_in_turn_ = false;
  bool has_failed_ = false;
};

template <class T>
bool TurnStore::may_wait(Reply<T>& reply) {
  auto begun = begin_waiting();
  if (!begun) {
    reply(std::unexpected(std::move(begun.error())));
  }
  return begun.has_value();
}

template <class T>
void TurnStore::when_durable(Reply<T> reply, std::move_only_function<void(Reply<T>)> read) {
  if (!may_wait(reply)) {
    return;
  }
  turn_.reads.emplace_back([this, reply = std::move(reply),
                            read = std::move(read)](const Result<void>& durable) mutable {
    if (has_failed_) {
      return reply(fail(Errc::unavailable, "the store has failed"));
    }
    durable ? read(std::move(reply)) : reply(std::unexpected(durable.error()));
  });
}

}  // namespace ringbook
