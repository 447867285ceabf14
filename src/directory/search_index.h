// Which users may have a word, a number, a department or an address: found in a moment among
// millions, and to be looked at before they are shown.
//
// Whatever can be asked for is cut down to a key of 30 bits, and one ordered set holds a key and a
// slot for each. So what is found may hold users who do not fit, but lacks none who does.
//
// Invariants: 1. A slot has exactly the entries of the profile and the number that were added for
// it last; they are removed unchanged.
// Threads: one. Cost: 8 to 12 bytes for each word of a name and address, number, department and
// address.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "directory/extension.h"
#include "directory/ordered_set.h"
#include "directory/packed_profile.h"

namespace ringbook {

// What a word of a search is held against: each is folded as fold_for_search does.
struct SearchTexts {
  std::string name;
  std::string email;
  std::string number;

  // Whether the word is the beginning of a word of the name, of one of the address before its @, or
  // of the number.
  bool meet(std::string_view word) const;
};

class SearchIndex {
 public:
  using Slot = std::uint32_t;

  void add(const PackedProfile& profile, Slot slot);
  void remove(const PackedProfile& profile, Slot slot);
  void add(Extension extension, Slot slot) { entries_.insert(entry_of(extension, slot)); }
  void remove(Extension extension, Slot slot) { entries_.erase(entry_of(extension, slot)); }

  // The same for many at once, while nothing else is here: `load`ed ones count from `sort` on.
  void load(const PackedProfile& profile, Slot slot);
  void load(Extension extension, Slot slot) { loaded_.push_back(entry_of(extension, slot)); }
  void sort();

  // The entries of those who may have one thing that a search asks for: of any of the ranges, each
  // from its first to its last.
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  struct Part {
    std::vector<Range> ranges;
    std::size_t entries = 0;
  };
  // Appends what whoever meets the word must have, all of it. `word` is folded and not empty.
  void add_parts_of_word(std::string_view word, std::vector<Part>& parts) const;
  Part part_of_department(std::string_view department) const;
  Part part_of_email(std::string_view email) const;

  // Calls `visit(slot)` for each entry; a slot may come twice.
  template <class Visit>
  void visit(const Part& part, Visit visit) const {
    for (const Range& range : part.ranges) {
      entries_.visit_after([&](std::uint64_t entry) { return entry >= range.first; },
                           [&](std::uint64_t entry) {
                             if (entry > range.last) {
                               return false;
                             }
                             visit(static_cast<Slot>(entry));
                             return true;
                           });
    }
  }

 private:
  static std::uint64_t entry_of(Extension extension, Slot slot);
  Part part_of(std::vector<Range> ranges) const;
  // Into `scratch_`, each once.
  void list_entries(const PackedProfile& profile, Slot slot);

  OrderedSet<std::uint64_t, std::less<>> entries_;
  std::vector<std::uint64_t> loaded_;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace ringbook
