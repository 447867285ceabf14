// What a registry will look at, fetched ahead: most of what a decision takes is waiting for memory.
#include "directory/registry.h"

namespace ringbook {

void Registry::fetch_number(std::uint64_t packed) const {
  const std::uint32_t hash = hash_of(packed);
  by_number_.fetch(hash);
  released_.fetch(hash);
}

// In three steps, each of which finds what the one before asked for.
void Registry::fetch(std::span<const ChangeSet> sets) const {
  const auto for_each_edit = [sets](auto visit) {
    for (const ChangeSet& set : sets) {
      if (set.edits.size() == 1) {
        visit(set.edits.front());
      }
    }
  };
  for_each_edit([this](const Edit& edit) {
    by_id_.fetch(hash_of(edit.user));
    if (edit.extension) {
      fetch_number(edit.extension->packed());
    }
  });
  for_each_edit([this](const Edit& edit) {
    // The first with these bits is the right one but for one in some thousand.
    const Slot slot = by_id_.find(hash_of(edit.user), [](Slot) { return true; });
    if (slot != nobody) {
      rows_.fetch(slot);
    }
  });
  for_each_edit([this](const Edit& edit) {
    const Slot slot = find(edit.user);
    if (slot == nobody) {
      return;
    }
    if (const auto extension = rows_[slot].extension()) {
      fetch_number(extension->packed());
    }
  });
}

}  // namespace ringbook
