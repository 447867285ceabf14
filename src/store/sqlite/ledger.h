// The journal replayed by another hand than the registry's: it tells everything that contradicts
// instead of stopping at the first, and goes on with what the journal says.
//
// Invariants: 1. Slots are given in the order in which users first appear, as the registry does. 2.
// Between two change sets every number has one holder or none. Threads: one. Cost: memory for each
// user and number that ever was, not for each change: about 150 and 60 bytes.
#pragma once

#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "directory/change.h"
#include "directory/upkeep.h"

namespace ringbook::sqlite {

class Ledger {
 public:
  struct Person {
    UserId id;
    bool is_present = false;
    std::uint64_t extension = 0;  // Packed; 0 for none.
    std::uint64_t number_sequence = 0;
    Instant since = {};
    std::uint64_t version = 0;
    Instant updated_at = {};
    std::uint64_t profile_sequence = 0;  // The last change that carried a profile.
  };

  explicit Ledger(const OnFinding& found) : found_(found) {}

  // Takes the next row of the journal.
  void take(const Change& change);
  // Settles the set that was taken last: nothing more belongs to it.
  void settle();

  std::uint64_t last_sequence() const { return last_sequence_; }
  std::uint64_t last_set() const { return set_; }
  const std::vector<Person>& people() const { return people_; }
  std::uint64_t present() const { return present_; }
  std::uint64_t held() const { return held_; }
  std::uint64_t released() const { return numbers_.size() - held_; }
  // The change that released a number which nobody holds; 0 for any other number.
  std::uint64_t released_by(std::uint64_t packed) const;

 private:
  using Slot = std::uint32_t;
  static constexpr Slot nobody = std::numeric_limits<Slot>::max();
  struct Number {
    Slot holder = nobody;
    std::uint64_t released_by = 0;
  };
  // A number that a set gives: only when all its releases are known can it be judged.
  struct Assignment {
    std::uint64_t packed;
    Slot slot;
    std::uint64_t sequence;
    std::uint64_t previous_of_number;
  };
  struct IdHash {
    std::size_t operator()(const UserId& id) const;
  };

  void tell(std::uint64_t sequence, const std::string& what) const;
  void check_order(const Change& change);
  void check_kind(const Change& change) const;
  void check_person(const Change& change, const Person& person) const;
  void take_number(const Change& change, Slot slot);
  Slot slot_of(const UserId& id);

  const OnFinding& found_;
  std::vector<Person> people_;
  std::unordered_map<UserId, Slot, IdHash> slots_;
  std::unordered_map<std::uint64_t, Number> numbers_;
  std::vector<Assignment> assignments_;  // Of the set that is being taken.
  std::uint64_t present_ = 0;
  std::uint64_t held_ = 0;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t set_ = 0;
  Instant last_at_{std::numeric_limits<std::int64_t>::min()};
};

}  // namespace ringbook::sqlite
