// An ordered set that is made of very many values while others come and go: they are gathered in
// whatever order they are met, and put in order in steps, so that nobody waits for all of it.
//
// Invariants: 1. Once settled, the set holds exactly what was gathered and inserted and not erased.
// 2. Until then what comes and goes is remembered in its order, and done last.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <utility>
#include <vector>

#include "directory/ordered_set.h"

namespace ringbook {

// As OrderedSet. Settled at first. Cost: gathering sorts now and then, a millisecond's; a value
// that settles takes a step for each doubling of the runs, and its memory moves with it.
template <class Value, class Less>
class GatheredSet {
 public:
  explicit GatheredSet(Less less = {}) : less_(less), set_(std::move(less)) {}

  // From now on values are gathered. Needs an empty set.
  void begin() { is_settled_ = false; }
  void gather(Value value) {
    gathered_.push_back(value);
    if (gathered_.size() == run_most) {
      end_run();
    }
  }
  // Puts up to `most` values where they belong, and says whether all are there. Nothing is gathered
  // after the first call. `most` is reduced by what was done.
  bool settle(std::size_t& most) {
    if (is_settled_) {
      return true;
    }
    if (!gathered_.empty()) {
      end_run();
    }
    for (; most > 0 && !heads_.empty(); --most) {
      append_least();
    }
    for (; most > 0 && heads_.empty() && done_late_ < late_.size(); --most) {
      const Late& late = late_[done_late_++];
      late.is_erased ? set_.erase(late.value) : set_.insert(late.value);
    }
    if (heads_.empty() && done_late_ == late_.size()) {
      decltype(gathered_)().swap(gathered_);  // An assignment would keep the memory.
      decltype(late_)().swap(late_);
      is_settled_ = true;
    }
    return is_settled_;
  }

  void insert(Value value) { change(value, /*is_erased=*/false); }
  void erase(Value value) { change(value, /*is_erased=*/true); }

  // What is settled so far.
  const OrderedSet<Value, Less>& settled() const { return set_; }

 private:
  using Run = std::deque<Value>;  // In order; gives its memory back from the front.
  struct Head {
    Value least;
    Run* run;
  };
  struct Late {
    Value value;
    bool is_erased;
  };
  static constexpr std::size_t run_most = 16'384;

  void change(Value value, bool is_erased) {
    if (!is_settled_) {
      late_.push_back({value, is_erased});
    } else if (is_erased) {
      set_.erase(value);
    } else {
      set_.insert(value);
    }
  }

  auto is_later() const {
    return [this](const Head& a, const Head& b) { return less_(b.least, a.least); };
  }
  void end_run() {
    std::ranges::sort(gathered_, less_);
    runs_.emplace_back(gathered_.begin(), gathered_.end());
    gathered_.clear();
    heads_.push_back({runs_.back().front(), &runs_.back()});
    std::ranges::push_heap(heads_, is_later());
  }
  void append_least() {
    std::ranges::pop_heap(heads_, is_later());
    Head& head = heads_.back();
    set_.append(head.least);
    head.run->pop_front();
    if (head.run->empty()) {
      heads_.pop_back();
    } else {
      head.least = head.run->front();
      std::ranges::push_heap(heads_, is_later());
    }
    if (heads_.empty()) {
      runs_.clear();
    }
  }

  Less less_;
  OrderedSet<Value, Less> set_;
  bool is_settled_ = true;
  std::vector<Value> gathered_;  // Since the last run ended.
  std::list<Run> runs_;
  std::vector<Head> heads_;  // Of the runs that are not empty, a heap: least first.
  std::vector<Late> late_;
  std::size_t done_late_ = 0;
};

}  // namespace ringbook
