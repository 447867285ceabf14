// Small values in order, as blocks of sorted values: hardly more memory than the values take, and
// an insertion or removal moves at most one block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace ringbook {

// `Less(value, value)` orders values; equal ones never meet. Not thread-safe.
template <class Value, class Less>
class OrderedSet {
 public:
  explicit OrderedSet(Less less = {}) : less_(std::move(less)) {}

  // Adds a value that comes after all others. Such ones fill their blocks.
  void append(Value value) {
    if (blocks_.empty() || blocks_.back().size() >= block_most) {
      blocks_.emplace_back().reserve(block_most);
      lasts_.push_back(value);
    }
    blocks_.back().push_back(value);
    lasts_.back() = value;
  }

  void insert(Value value) {
    if (blocks_.empty()) {
      blocks_.push_back({value});
      lasts_.push_back(value);
      return;
    }
    const std::size_t index = block_of(value);
    Block& block = blocks_[index];
    block.insert(std::lower_bound(block.begin(), block.end(), value, less_), value);
    lasts_[index] = block.back();
    if (block.size() > block_most) {
      split(index, block.back() == value);
    }
  }

  void erase(Value value) {
    const std::size_t index = block_of(value);
    Block& block = blocks_[index];
    block.erase(std::lower_bound(block.begin(), block.end(), value, less_));
    if (block.empty()) {
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(index));
      lasts_.erase(lasts_.begin() + static_cast<std::ptrdiff_t>(index));
    } else {
      lasts_[index] = block.back();
    }
  }

  // Calls `visit(value)` in order, for those for which `is_after(value)` (which must be monotonic),
  // until it returns false.
  template <class IsAfter, class Visit>
  void visit_after(IsAfter is_after, Visit visit) const {
    const auto is_before = [&](const Value& value) { return !is_after(value); };
    const auto last = std::partition_point(lasts_.begin(), lasts_.end(), is_before);
    for (auto block = blocks_.begin() + (last - lasts_.begin()); block != blocks_.end(); ++block) {
      auto at = std::partition_point(block->begin(), block->end(), is_before);
      for (; at != block->end(); ++at) {
        if (!visit(*at)) {
          return;
        }
      }
    }
  }

  // How many stand between two values, these included. Cost: a step for each block between them.
  std::size_t count(const Value& first, const Value& last) const {
    const std::size_t begin = block_at(first);
    const std::size_t end = block_at(last);
    if (begin == blocks_.size()) {
      return 0;
    }
    std::size_t counted = 0;
    for (std::size_t index = begin; index < end; ++index) {
      counted += blocks_[index].size();
    }
    if (end < blocks_.size()) {
      const Block& block = blocks_[end];
      counted += static_cast<std::size_t>(
          std::upper_bound(block.begin(), block.end(), last, less_) - block.begin());
    }
    const Block& block = blocks_[begin];
    return counted -
           static_cast<std::size_t>(std::lower_bound(block.begin(), block.end(), first, less_) -
                                    block.begin());
  }

 private:
  using Block = std::vector<Value>;
  static constexpr std::size_t block_most = 512;

  // Values mostly arrive in ascending order: a full last block is left full.
  void split(std::size_t index, bool ends_with_the_new) {
    Block& block = blocks_[index];
    const bool is_append = index + 1 == blocks_.size() && ends_with_the_new;
    const auto cut =
        block.begin() + static_cast<std::ptrdiff_t>(is_append ? block_most : block_most / 2);
    Block rest(cut, block.end());
    block.erase(cut, block.end());
    block.shrink_to_fit();
    const auto next = static_cast<std::ptrdiff_t>(index) + 1;
    lasts_[index] = block.back();
    lasts_.insert(lasts_.begin() + next, rest.back());
    blocks_.insert(blocks_.begin() + next, std::move(rest));
  }

  // The first block that ends with the value or after it; their number when there is none.
  std::size_t block_at(const Value& value) const {
    return static_cast<std::size_t>(std::lower_bound(lasts_.begin(), lasts_.end(), value, less_) -
                                    lasts_.begin());
  }
  // The block that holds the value or into which it belongs.
  std::size_t block_of(const Value& value) const {
    return std::min(block_at(value), blocks_.size() - 1);
  }

  Less less_;
  std::vector<Block> blocks_;
  std::vector<Value> lasts_;  // The last value of each block, side by side to be looked through.
};

}  // namespace ringbook
