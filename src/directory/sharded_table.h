// An open-addressing hash table of small cells, split into shards that grow one by one: growing a
// shard of a million-entry table takes microseconds, so no caller waits for a rehash of everything.
//
// `Traits` says what an empty cell is and how a cell hashes:
//   static bool is_empty(const Cell&); static Cell empty(); static std::uint32_t hash(const Cell&);
// Cost: one probe sequence per call; 1.3 to 1.7 cells of memory per entry. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ringbook {

// Spreads every bit of `x` over the result (the finaliser of SplitMix64).
inline std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

template <class Cell, class Traits>
class ShardedTable {
 public:
  // Makes room for as many cells as are to come, so that nothing grows on the way.
  void reserve(std::size_t cells) {
    // Shards are chosen by chance: a few have a tenth more than their share.
    const std::size_t share = (cells + cells / 10) / shard_count + smallest;
    for (Shard& shard : shards_) {
      if (const std::size_t room = share + share / 3; room > shard.cells.size()) {
        resize(shard, room);
      }
    }
  }

  // The first cell with this hash for which `matches`; null when there is none. Valid until the
  // next insert or erase.
  template <class Matches>
  Cell* find(std::uint32_t hash, Matches matches) {
    Shard& shard = shards_[hash % shard_count];
    if (shard.cells.empty()) {
      return nullptr;
    }
    for (std::size_t at = home(shard, hash);; at = next(shard, at)) {
      Cell& cell = shard.cells[at];
      if (Traits::is_empty(cell)) {
        return nullptr;
      }
      if (matches(cell)) {
        return &cell;
      }
    }
  }
  template <class Matches>
  const Cell* find(std::uint32_t hash, Matches matches) const {
    return const_cast<ShardedTable*>(this)->find(hash, matches);
  }

  // Has the processor fetch where `find` will look.
  void fetch(std::uint32_t hash) const {
    const Shard& shard = shards_[hash % shard_count];
    if (!shard.cells.empty()) {
      __builtin_prefetch(&shard.cells[home(shard, hash)], 1);
    }
  }

  // Adds a cell, also beside equal ones.
  void insert(const Cell& cell) {
    const std::uint32_t hash = Traits::hash(cell);
    Shard& shard = shards_[hash % shard_count];
    if ((shard.used + 1) * 4 > shard.cells.size() * 3) {
      resize(shard, shard.cells.size() + std::max(smallest, shard.cells.size() / 4));
    }
    place(shard, hash, cell);
    ++shard.used;
    ++size_;
  }

  // Removes a cell that `find` gave, closing the gap so that later probes still meet their cells.
  void erase(Cell* cell) {
    Shard& shard = shards_[Traits::hash(*cell) % shard_count];
    auto gap = static_cast<std::size_t>(cell - shard.cells.data());
    for (std::size_t at = next(shard, gap);; at = next(shard, at)) {
      Cell& candidate = shard.cells[at];
      if (Traits::is_empty(candidate)) {
        break;
      }
      const std::size_t from_home = distance(shard, home(shard, Traits::hash(candidate)), at);
      if (from_home >= distance(shard, gap, at)) {
        shard.cells[gap] = candidate;
        gap = at;
      }
    }
    shard.cells[gap] = Traits::empty();
    --shard.used;
    --size_;
  }

  std::size_t size() const { return size_; }

  static constexpr std::size_t shard_count = 256;
  static std::size_t shard_of(std::uint32_t hash) { return hash % shard_count; }
  template <class Visit>
  void visit_shard(std::size_t shard, Visit visit) const {
    for (const Cell& cell : shards_[shard].cells) {
      if (!Traits::is_empty(cell)) {
        visit(cell);
      }
    }
  }

 private:
  static constexpr int shard_bits = 8;
  static constexpr std::size_t smallest = 8;

  struct Shard {
    std::vector<Cell> cells;
    std::size_t used = 0;
  };

  // The low bits chose the shard, the others choose the cell: as a fraction of all cells, so that
  // their number may be any.
  static std::size_t home(const Shard& shard, std::uint32_t hash) {
    constexpr int home_bits = 32 - shard_bits;
    return static_cast<std::size_t>((std::uint64_t{hash >> shard_bits} * shard.cells.size()) >>
                                    home_bits);
  }
  static std::size_t next(const Shard& shard, std::size_t at) {
    return at + 1 < shard.cells.size() ? at + 1 : 0;
  }
  static std::size_t distance(const Shard& shard, std::size_t from, std::size_t to) {
    return to >= from ? to - from : to + shard.cells.size() - from;
  }

  void place(Shard& shard, std::uint32_t hash, const Cell& cell) {
    std::size_t at = home(shard, hash);
    while (!Traits::is_empty(shard.cells[at])) {
      at = next(shard, at);
    }
    shard.cells[at] = cell;
  }

  void resize(Shard& shard, std::size_t cells) {
    std::vector<Cell> old = std::exchange(shard.cells, std::vector<Cell>(cells, Traits::empty()));
    for (const Cell& cell : old) {
      if (!Traits::is_empty(cell)) {
        place(shard, Traits::hash(cell), cell);
      }
    }
  }

  std::array<Shard, shard_count> shards_;
  std::size_t size_ = 0;
};

}  // namespace ringbook
