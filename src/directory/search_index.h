// Which users may have a word, a number, a department or an address: found in a moment among
// millions, and to be looked at before they are shown.
//
// Words are cut down to their first twelve octets, whatever else can be asked for to a key of 30
// bits, and ordered sets hold these with a slot for each. So what is found may hold users who do
// not fit, but lacks none who does.
//
// Invariants: 1. A slot has exactly the entries of the profile and the number that were added for
// it last; they are removed unchanged.
// Threads: one. Cost: 12 to 18 bytes for each word of a name and address that no longer word of the
// same user begins with, 8 to 12 for each number, department and address.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/extension.h"
#include "directory/gathered_set.h"
#include "directory/user.h"

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

  void add(const ProfileView& profile, Slot slot);
  void remove(const ProfileView& profile, Slot slot);
  void add(Extension extension, Slot slot) { keys_.insert(entry_of(extension, slot)); }
  void remove(Extension extension, Slot slot) { keys_.erase(entry_of(extension, slot)); }

  // The same for very many at once: `begin` while nothing else is here, `load` all of them, and
  // `settle` in steps of up to `most` entries until it says that all are found. What is added and
  // removed meanwhile counts from then on, too.
  void begin();
  void load(const ProfileView& profile, Slot slot);
  void load(Extension extension, Slot slot) { keys_.gather(entry_of(extension, slot)); }
  bool settle(std::size_t& most) { return words_.settle(most) && keys_.settle(most); }

  // What the sets hold: a word in two halves, and a key beside its slot.
  struct Word {
    std::uint32_t first_half = 0;
    std::uint32_t second_half = 0;
    Slot slot = 0;
    auto operator<=>(const Word&) const = default;
  };
  using Key = std::uint64_t;

  // The entries of those who may have one thing that a search asks for: those of both ranges, each
  // from its first to its last.
  template <class Entry>
  struct Range {
    Entry first;
    Entry last;
  };
  struct Part {
    std::optional<Range<Word>> words;
    std::optional<Range<Key>> keys;
    std::size_t entries = 0;
  };
  // Appends what whoever meets the word must have, all of it. `word` is folded and not empty.
  void add_parts_of_word(std::string_view word, std::vector<Part>& parts) const;
  Part part_of_extension(Extension extension) const;
  Part part_of_department(std::string_view department) const;
  Part part_of_email(std::string_view email) const;

  // Calls `visit(slot)` for each entry; a slot may come twice.
  template <class Visit>
  void visit(const Part& part, Visit visit) const {
    visit_range(words_, part.words, [&](const Word& word) { visit(word.slot); });
    visit_range(keys_, part.keys, [&](Key key) { visit(static_cast<Slot>(key)); });
  }

 private:
  template <class Entry>
  using Set = GatheredSet<Entry, std::less<>>;
  struct Entries {
    std::vector<Word> words;
    std::vector<Key> keys;
  };

  template <class Entry, class Visit>
  static void visit_range(const Set<Entry>& set, const std::optional<Range<Entry>>& range,
                          Visit visit) {
    if (!range) {
      return;
    }
    set.settled().visit_after([&](const Entry& entry) { return entry >= range->first; },
                              [&](const Entry& entry) {
                                if (entry > range->last) {
                                  return false;
                                }
                                visit(entry);
                                return true;
                              });
  }

  static Key entry_of(Extension extension, Slot slot);
  Part part_of(std::optional<Range<Word>> words, std::optional<Range<Key>> keys) const;
  // Gives what is to be found of a profile, each once; until the next call.
  const Entries& entries_of(const ProfileView& profile, Slot slot);

  Set<Word> words_;
  Set<Key> keys_;
  Entries scratch_;
  std::vector<std::string_view> scratch_words_;
};

}  // namespace ringbook
