// The thread that folds the journal into `directory.db`, slice by slice, behind the loop's back
// and, within its bound, not while requests come that change much.
//
// Invariants: 1. Changes are folded in order, each once, in slices of one transaction. 2. Only this
// thread uses the connection. 3. After a failure nothing more is folded; the journal still has it
// all. 4. Nothing is committed here that the journal does not have. 5. A slice is begun when few
// changes come, when the backlog is reached, or when a large set is written.
// Threads: `progress` is called here, everything else on the loop.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "directory/change.h"
#include "store/sqlite/database.h"
#include "store/sqlite/people_writer.h"

namespace ringbook::sqlite {

// When the fold begins a slice.
struct FoldPace {
  std::uint64_t few = limits::fold_few;
  std::chrono::milliseconds delay = limits::fold_delay;
  std::size_t backlog = limits::fold_backlog;
};

class Fold {
 public:
  // The sequence up to which everything is folded and safe, or what went wrong. What had no room
  // and was then forgotten is followed by the sequence before it.
  using Progress = std::function<void(Result<std::uint64_t>)>;

  // Starts the thread; the connection's file includes everything up to `included`. no_space is
  // reported and tried again; other errors end the folding.
  Fold(std::unique_ptr<Connection> connection, PeopleWriter writer, std::uint64_t included,
       Progress progress, const FoldPace& pace = {});
  // Folds what already waits, at most one slice of it, and ends the thread.
  ~Fold();

  // Takes the changes, and leaves the memory in which those of a turn stood.
  void push(std::vector<Change>& changes);
  // Writes changes while the journal does, too; what becomes of them is decided when it has.
  // Between the two calls they stay as they are, and nothing is pushed. `keep` takes the same ones,
  // memory and all; `forget` returns when they are out of use. False when others of that kind are
  // still being written: these are to be pushed.
  bool begin(std::span<const Change> undecided);
  void keep(std::vector<Change> decided);
  void forget();
  // Ends the folding for good, but for a slice under way; the journal still has it all.
  void abandon();
  // Lets the fold catch up: returns when it has folded something, after `most` at the latest.
  void wait_for_progress(std::chrono::milliseconds most);
  // How far it has come: the sequence up to which everything is folded, and beyond it one for each
  // change of the slice under way that is written but not yet safe.
  std::uint64_t written() const { return written_; }

 private:
  enum class Fate : std::uint8_t { undecided, kept, forgotten };
  using Block = std::vector<Change>;  // Turns, each whole.

  void work();
  // The next changes to fold; empty when the thread is to end. Called and left with the lock.
  std::span<const Change> next_slice(std::unique_lock<std::mutex>& lock);
  void count(std::size_t arrived);
  void wait_for_quiet(std::unique_lock<std::mutex>& lock);
  std::vector<Block> take_blocks();
  bool fold(std::span<const Change> slice);
  bool is_undecided(std::span<const Change> slice) const {
    return !slice.empty() && slice.data() == undecided_.data();
  }
  // Waits until it is known what becomes of the slice.
  bool may_commit(std::span<const Change> slice);

  std::unique_ptr<Connection> connection_;
  PeopleWriter writer_;
  Progress progress_;
  const FoldPace pace_;
  std::atomic<std::uint64_t> written_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable progressed_;
  std::deque<Block> waiting_;
  std::size_t waiting_changes_ = 0;
  std::uint64_t pushed_ = 0;           // Changes, ever.
  std::vector<Change> slice_;          // What is being folded, if it was pushed,
  std::span<const Change> undecided_;  // else this, kept alive by the caller of `begin` and then
  std::vector<Change> kept_;           // here.
  bool is_taken_ = false;              // Whether it is being written.
  Fate fate_ = Fate::kept;             // Of the undecided.
  bool is_stopping_ = false;
  bool is_abandoned_ = false;
  bool is_over_ = false;  // Nothing will be folded any more.
  std::thread thread_;
};

}  // namespace ringbook::sqlite
