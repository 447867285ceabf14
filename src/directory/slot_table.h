// Slots by what their rows hold: 8 octets a cell, of which half are the slot and half are bits of
// the hash, so that hardly a row is looked at in vain and none when cells move.
#pragma once

#include <cstdint>

#include "directory/sharded_table.h"

namespace ringbook {

// Cost: 11 to 14 octets for each slot.
class SlotTable {
 public:
  using Slot = std::uint32_t;
  static constexpr Slot nobody = 0xFFFF'FFFFU;

  void reserve(std::size_t slots) { cells_.reserve(slots); }
  // The slot with this hash for which `matches(slot)`; nobody when there is none.
  template <class Matches>
  Slot find(std::uint32_t hash, Matches matches) const {
    const Cell* cell =
        cells_.find(hash, [&](const Cell& c) { return c.hash == hash && matches(c.slot); });
    return cell != nullptr ? cell->slot : nobody;
  }
  // Has the processor fetch where `find` will look.
  void fetch(std::uint32_t hash) const { cells_.fetch(hash); }
  void insert(std::uint32_t hash, Slot slot) { cells_.insert({slot, hash}); }
  // It must be there.
  void erase(std::uint32_t hash, Slot slot) {
    cells_.erase(
        cells_.find(hash, [&](const Cell& c) { return c.hash == hash && c.slot == slot; }));
  }
  std::size_t size() const { return cells_.size(); }

 private:
  struct Cell {
    Slot slot;
    std::uint32_t hash;
  };
  struct Traits {
    static bool is_empty(const Cell& cell) { return cell.slot == nobody; }
    static Cell empty() { return {nobody, 0}; }
    static std::uint32_t hash(const Cell& cell) { return cell.hash; }
  };

  ShardedTable<Cell, Traits> cells_;
};

}  // namespace ringbook
