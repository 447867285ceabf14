#include "store/sqlite/ledger.h"

#include <bit>
#include <cstring>

#include "directory/sharded_table.h"
#include "store/sqlite/inspect.h"

namespace ringbook::sqlite {
namespace {

constexpr unsigned person_kinds = Change::created | Change::edited | Change::removed;
constexpr unsigned profile_kinds = Change::created | Change::edited;

std::string number_text(std::uint64_t packed) {
  const auto extension = Extension::from_packed(packed);
  return extension ? extension->text() : "of none";
}

std::uint64_t packed_or_zero(const std::optional<Extension>& extension) {
  return extension ? extension->packed() : 0;
}

}  // namespace

std::size_t Ledger::IdHash::operator()(const UserId& id) const {
  std::uint64_t words[2]{};
  std::memcpy(words, id.bytes().data(), id.bytes().size());
  return mix(words[0] ^ mix(words[1]));
}

void Ledger::tell(std::uint64_t sequence, const std::string& what) const {
  found_({.where = "journal.db",
          .what = "change " + std::to_string(sequence) + " " + what,
          .mend = mend_contents});
}

void Ledger::take(const Change& change) {
  check_order(change);
  check_kind(change);
  const Slot slot = slot_of(change.user);
  check_person(change, people_[slot]);
  Person& person = people_[slot];
  if ((change.kind & Change::number) != 0) {
    take_number(change, slot);
  }
  const bool is_present = (change.kind & Change::removed) == 0;
  present_ += is_present && !person.is_present ? 1 : 0;
  present_ -= !is_present && person.is_present ? 1 : 0;
  person.is_present = is_present;
  if ((change.kind & profile_kinds) != 0) {
    person.profile_sequence = change.sequence;
  }
  person.version = change.sequence;
  person.updated_at = change.at;
}

// The place of a change in the journal: its sequence, its set, its time.
void Ledger::check_order(const Change& change) {
  const std::uint64_t expected = last_sequence_ + 1;
  if (change.sequence > expected) {
    const std::uint64_t last_missing = change.sequence - 1;
    tell(expected, last_missing == expected
                       ? "is missing"
                       : "and those up to " + std::to_string(last_missing) + " are missing");
  } else if (change.sequence < expected) {
    tell(change.sequence, "stands where none can be");
  }
  if (change.set == change.sequence) {
    settle();
    set_ = change.set;
  } else if (change.set != set_) {
    tell(change.sequence, "says it belongs to change set " + std::to_string(change.set) +
                              ", which it is not part of");
    settle();
    set_ = change.sequence;
  } else if (change.at != last_at_) {
    tell(change.sequence, "was made at another time than the rest of its change set");
  }
  if (change.at < last_at_) {
    tell(change.sequence, "was made before its predecessor");
  }
  last_sequence_ = change.sequence;
  last_at_ = change.at;
}

void Ledger::check_kind(const Change& change) const {
  const bool is_known = change.kind != 0 && (change.kind & ~(person_kinds | Change::number)) == 0 &&
                        std::popcount(change.kind & person_kinds) <= 1;
  if (!is_known) {
    tell(change.sequence, "is of a kind that cannot be");
  }
  constexpr unsigned all_fields =
      Change::name | Change::email | Change::department | Change::role | Change::active;
  const bool edits = (change.kind & Change::edited) != 0;
  const bool has_profile = (change.kind & profile_kinds) != 0;
  if ((change.fields & ~all_fields) != 0 || (edits && change.fields == 0) ||
      (!has_profile && change.fields != 0)) {
    tell(change.sequence, "names fields that a change of its kind cannot have changed");
  }
  if (((change.kind & Change::number) != 0) != (change.from != change.to)) {
    tell(change.sequence, "does not agree with itself whether it changed a number");
  }
  if ((change.kind & Change::removed) != 0 && change.to) {
    tell(change.sequence, "gives a number to a person whom it removes");
  }
  if ((change.kind & Change::number) == 0 && change.previous_of_user != 0) {
    tell(change.sequence, "names a change before it although it changed no number");
  }
  if (!((change.kind & Change::number) != 0 && change.to) && change.previous_of_number != 0) {
    tell(change.sequence, "names a change of a number although it gives none");
  }
}

// What the change says of its user against what was known of the user before.
void Ledger::check_person(const Change& change, const Person& person) const {
  const bool creates = (change.kind & Change::created) != 0;
  if (creates && person.is_present) {
    tell(change.sequence, "creates user " + change.user.text() + ", who exists");
  } else if (!creates && !person.is_present) {
    tell(change.sequence, "is about user " + change.user.text() + ", who does not exist");
  }
  if (person.version >= set_ && person.version != 0) {
    tell(change.sequence, "is the second of its change set about user " + change.user.text());
  }
  if (packed_or_zero(change.from) != person.extension) {
    tell(change.sequence, "takes from user " + change.user.text() +
                              " another number than the one " + "that the user held");
  }
  if ((change.kind & Change::number) != 0 && change.previous_of_user != person.number_sequence) {
    tell(change.sequence, "names change " + std::to_string(change.previous_of_user) +
                              " as its user's one before, which is " +
                              std::to_string(person.number_sequence));
  }
}

void Ledger::take_number(const Change& change, Slot slot) {
  Person& person = people_[slot];
  if (change.from) {
    Number& number = numbers_[change.from->packed()];
    held_ -= number.holder != nobody ? 1 : 0;
    number = {.holder = nobody, .released_by = change.sequence};
  }
  person.extension = packed_or_zero(change.to);
  person.number_sequence = change.sequence;
  person.since = change.to ? change.at : Instant{};
  if (change.to) {
    assignments_.push_back({change.to->packed(), slot, change.sequence, change.previous_of_number});
  }
}

void Ledger::settle() {
  for (const Assignment& given : assignments_) {
    Number& number = numbers_[given.packed];
    if (number.holder != nobody) {
      tell(given.sequence, "gives number " + number_text(given.packed) + " to user " +
                               people_[given.slot].id.text() + " while user " +
                               people_[number.holder].id.text() + " holds it");
    } else {
      ++held_;
      if (given.previous_of_number != number.released_by) {
        tell(given.sequence, "names change " + std::to_string(given.previous_of_number) +
                                 " as the one that released number " + number_text(given.packed) +
                                 ", which is " + std::to_string(number.released_by));
      }
    }
    number = {.holder = given.slot, .released_by = 0};
  }
  assignments_.clear();
}

Ledger::Slot Ledger::slot_of(const UserId& id) {
  const auto [entry, is_new] = slots_.try_emplace(id, static_cast<Slot>(people_.size()));
  if (is_new) {
    people_.push_back({.id = id});
  }
  return entry->second;
}

std::uint64_t Ledger::released_by(std::uint64_t packed) const {
  const auto number = numbers_.find(packed);
  return number == numbers_.end() || number->second.holder != nobody ? 0
                                                                     : number->second.released_by;
}

}  // namespace ringbook::sqlite
