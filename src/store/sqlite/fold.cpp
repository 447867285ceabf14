#include "store/sqlite/fold.h"

#include <algorithm>
#include <iterator>

namespace ringbook::sqlite {

Fold::Fold(std::unique_ptr<Connection> connection, PeopleWriter writer, std::uint64_t included,
           Progress progress, const FoldPace& pace)
    : connection_(std::move(connection)),
      writer_(std::move(writer)),
      progress_(std::move(progress)),
      pace_(pace),
      written_(included) {
  thread_ = std::thread([this] { work(); });
}

Fold::~Fold() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Fold::abandon() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    is_abandoned_ = true;
    waiting_.clear();
  }
  arrived_.notify_one();
}

// The thread is woken only for what it waits for, since it hears of every turn.
void Fold::push(std::vector<Change>& changes) {
  bool is_awaited = false;
  {
    const std::lock_guard lock(mutex_);
    const bool was_urgent = waiting_changes_ >= pace_.backlog;
    is_awaited = waiting_.empty();
    count(changes.size());
    is_awaited |= !was_urgent && waiting_changes_ >= pace_.backlog;
    if (changes.size() > limits::fold_block) {
      waiting_.push_back(std::move(changes));
    } else {
      if (waiting_.empty() || waiting_.back().size() + changes.size() > limits::fold_block) {
        waiting_.emplace_back().reserve(limits::fold_block);
      }
      std::ranges::move(changes, std::back_inserter(waiting_.back()));
    }
  }
  changes.clear();
  if (is_awaited) {
    arrived_.notify_one();
  }
}

void Fold::count(std::size_t arrived) {
  waiting_changes_ += arrived;
  pushed_ += arrived;
}

void Fold::wait_for_progress(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  progressed_.wait_for(lock, most);
}

bool Fold::begin(std::span<const Change> undecided) {
  {
    const std::lock_guard lock(mutex_);
    if (is_over_ || !undecided_.empty()) {
      return false;
    }
    undecided_ = undecided;
    is_taken_ = false;
    fate_ = Fate::undecided;
  }
  arrived_.notify_one();
  return true;
}

void Fold::keep(std::vector<Change> decided) {
  {
    const std::lock_guard lock(mutex_);
    if (is_taken_) {
      kept_ = std::move(decided);
      fate_ = Fate::kept;
    } else {
      // What is pushed from now on comes after it.
      undecided_ = {};
      count(decided.size());
      waiting_.push_back(std::move(decided));
    }
  }
  arrived_.notify_one();
}

void Fold::forget() {
  std::unique_lock lock(mutex_);
  if (!is_taken_) {
    undecided_ = {};
  }
  fate_ = Fate::forgotten;
  arrived_.notify_one();
  progressed_.wait(lock, [this] { return undecided_.empty(); });
}

std::span<const Change> Fold::next_slice(std::unique_lock<std::mutex>& lock) {
  arrived_.wait(lock, [this] { return is_stopping_ || !waiting_.empty() || !undecided_.empty(); });
  if (waiting_.empty()) {
    is_taken_ = true;
    return undecided_;
  }
  wait_for_quiet(lock);
  std::vector<Block> blocks = take_blocks();
  lock.unlock();
  if (blocks.size() == 1) {
    slice_ = std::move(blocks.front());
  } else {
    for (Block& block : blocks) {
      std::ranges::move(block, std::back_inserter(slice_));
      block = Block();  // What is folded stands in memory once.
    }
  }
  lock.lock();
  return slice_;
}

// What comes meanwhile also is company: users and numbers that share pages, and changes of one
// user, cost once.
void Fold::wait_for_quiet(std::unique_lock<std::mutex>& lock) {
  const auto is_urgent = [this] {
    return is_stopping_ || !undecided_.empty() || waiting_changes_ >= pace_.backlog;
  };
  std::uint64_t seen = 0;
  do {
    seen = pushed_;
  } while (!arrived_.wait_for(lock, pace_.delay, is_urgent) && pushed_ - seen > pace_.few);
}

// At least a slice of what waits, if there is so much. A set must not be torn: of a number that
// moves within it only the whole tells the last state.
std::vector<Fold::Block> Fold::take_blocks() {
  std::vector<Block> blocks;
  std::size_t changes = 0;
  while (!waiting_.empty() && changes < limits::fold_slice) {
    changes += waiting_.front().size();
    blocks.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  waiting_changes_ -= changes;
  return blocks;
}

void Fold::work() {
  std::unique_lock lock(mutex_);
  while (!is_over_) {
    const std::span<const Change> slice = next_slice(lock);
    const bool was_undecided = is_undecided(slice);
    lock.unlock();
    const bool folded = !slice.empty() && fold(slice);
    slice_ = std::vector<Change>();  // Gives the memory back, which clearing would not.
    lock.lock();
    if (was_undecided) {
      if (folded && fate_ == Fate::forgotten) {
        progress_(slice.front().sequence - 1);  // What had no room does not wait for it any more.
      }
      undecided_ = {};
      kept_ = std::vector<Change>();
    }
    if (is_abandoned_) {
      connection_->leave_log();
    }
    is_over_ = !folded || is_stopping_;
    progressed_.notify_all();
  }
}

bool Fold::fold(std::span<const Change> slice) {
  const std::uint64_t before = slice.front().sequence - 1;
  const auto on_written = [&](std::uint64_t count) { written_ = before + count; };
  while (true) {
    bool is_kept = true;
    auto folded =
        writer_.fold(*connection_, slice, on_written, [&] { return is_kept = may_commit(slice); });
    if (!is_kept || !folded) {
      written_ = before;
    }
    if (!is_kept) {
      return true;
    }
    if (folded) {
      folded = connection_->checkpoint();
    }
    if (folded) {
      progress_(slice.back().sequence);
      return true;
    }
    const bool may_recover = folded.error().code == Errc::no_space;
    if (!may_recover) {
      connection_->leave_log();  // What a failed sync left behind must not be written over.
    }
    progress_(std::unexpected(std::move(folded.error())));
    std::unique_lock lock(mutex_);
    const auto is_futile = [&] {
      return is_stopping_ || (is_undecided(slice) && fate_ == Fate::forgotten);
    };
    if (!may_recover || arrived_.wait_for(lock, limits::fold_delay, is_futile)) {
      return may_recover && !is_stopping_;
    }
  }
}

bool Fold::may_commit(std::span<const Change> slice) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return !is_undecided(slice) || fate_ != Fate::undecided; });
  return !is_undecided(slice) || fate_ == Fate::kept;
}

}  // namespace ringbook::sqlite
