// A bounded queue that its users share: each has a line of its own, the lines take turns, and when
// there is no room the longest line loses its last. So nobody who asks for little waits long, or is
// turned away, because of somebody who asks for much.
//
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace ringbook {

template <class T>
class FairQueue {
 public:
  // Holds `most` items, at least one.
  explicit FairQueue(std::size_t most) : most_(most) {}

  // Takes `item` in; what there is no room for any more: the last of the longest line, which is
  // `item` itself when no line is longer than the one of `user`.
  // Cost: when it is full, a look at each line.
  std::optional<T> push(const std::string& user, T item) {
    std::optional<T> displaced;
    if (size_ == most_) {
      const auto longest = std::ranges::max_element(
          lines_, {}, [](const auto& named_line) { return named_line.second.size(); });
      const auto own = lines_.find(user);
      const std::size_t own_size = own == lines_.end() ? 0 : own->second.size();
      if (longest->second.size() <= own_size + 1) {
        return item;
      }
      displaced = std::move(longest->second.back());
      longest->second.pop_back();
      --size_;
    }
    const auto [line, is_new] = lines_.try_emplace(user);
    if (is_new) {
      turns_.push_back(line);
    }
    line->second.push_back(std::move(item));
    ++size_;
    return displaced;
  }

  // The first of the line whose turn it is. Needs `!empty()`.
  T pop() {
    const auto line = turns_.front();
    turns_.pop_front();
    T item = std::move(line->second.front());
    line->second.pop_front();
    --size_;
    if (line->second.empty()) {
      lines_.erase(line);
    } else {
      turns_.push_back(line);
    }
    return item;
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

 private:
  using Lines = std::map<std::string, std::deque<T>>;

  const std::size_t most_;
  Lines lines_;  // None is empty.
  // Each line once. A new one comes last, so that nobody gets ahead by taking new names.
  std::deque<typename Lines::iterator> turns_;
  std::size_t size_ = 0;
};

}  // namespace ringbook
