// What a decided change does to the registry, and how it is undone.
#include <utility>

#include "directory/registry.h"

namespace ringbook {

void Registry::save(Slot slot, bool with_profile) {
  const Row& row = rows_[slot];
  RowUndo undo{slot, with_profile, {}};
  undo.row.id = row.id;
  undo.row.is_present = row.is_present;
  undo.row.extension = row.extension;
  undo.row.number_sequence = row.number_sequence;
  undo.row.since = row.since;
  undo.row.version = row.version;
  undo.row.updated_at = row.updated_at;
  if (with_profile) {
    undo.row.profile = row.profile;
  }
  row_undo_.push_back(std::move(undo));
}

void Registry::put_number(const Number& number) {
  Number* cell =
      numbers_.find(mix(number.packed), [&](const Number& n) { return n.packed == number.packed; });
  number_undo_.push_back(cell != nullptr ? *cell : Number{number.packed, 0});
  if (cell != nullptr) {
    *cell = number;
  } else {
    numbers_.insert(number);
  }
}

// First half of a change: its old number is nobody's.
void Registry::release_number(const Change& change) {
  if ((change.kind & Change::number) != 0 && change.from) {
    search_.remove(*change.from, change.slot);
    put_number(Number::released(*change.from, change.sequence));
    --held_;
  }
}

// Second half: everything else.
void Registry::take_effect(const Change& change) {
  const bool changes_person =
      (change.kind & (Change::created | Change::edited | Change::removed)) != 0;
  save(change.slot, changes_person);
  Row& row = rows_[change.slot];
  if (changes_person) {
    search_.remove(change.slot);
    if ((change.kind & Change::removed) != 0) {
      --present_;
      row.is_present = false;
    } else if ((change.kind & Change::created) != 0) {
      ++present_;
      row.is_present = true;
    }
    row.profile = change.profile;
    search_.add(change.slot);
  }
  if ((change.kind & Change::number) != 0) {
    row.extension = change.to;
    row.number_sequence = change.sequence;
    row.since = change.to ? change.at : Instant{};
    if (change.to) {
      put_number(Number::held(*change.to, change.slot));
      search_.add(*change.to, change.slot);
      ++held_;
    }
  }
  row.version = change.sequence;
  row.updated_at = change.at;
}

void Registry::commit() {
  row_undo_.clear();
  number_undo_.clear();
  committed_rows_ = rows_.size();
  committed_sequence_ = last_sequence_;
  committed_at_ = last_at_;
}

void Registry::roll_back() {
  for (auto undo = number_undo_.rbegin(); undo != number_undo_.rend(); ++undo) {
    Number* cell =
        numbers_.find(mix(undo->packed), [&](const Number& n) { return n.packed == undo->packed; });
    held_ -= cell->holder() != nobody ? 1 : 0;
    held_ += undo->holder() != nobody ? 1 : 0;
    if (undo->value == 0) {
      numbers_.erase(cell);
    } else {
      *cell = *undo;
    }
  }
  for (auto undo = row_undo_.rbegin(); undo != row_undo_.rend(); ++undo) {
    Row& row = rows_[undo->slot];
    if (row.extension) {
      search_.remove(*row.extension, undo->slot);
    }
    if (undo->has_profile) {
      search_.remove(undo->slot);
      present_ -= row.is_present ? 1 : 0;
      present_ += undo->row.is_present ? 1 : 0;
    } else {
      undo->row.profile = std::move(row.profile);
    }
    row = std::move(undo->row);
    if (row.extension) {
      search_.add(*row.extension, undo->slot);
    }
    if (undo->has_profile) {
      search_.add(undo->slot);
    }
  }
  while (rows_.size() > committed_rows_) {
    const auto slot = static_cast<Slot>(rows_.size() - 1);
    by_id_.erase(by_id_.find(hash_of(rows_[slot].id), [&](Slot s) { return s == slot; }));
    rows_.pop_back();
  }
  last_sequence_ = committed_sequence_;
  last_at_ = committed_at_;
  commit();
}

}  // namespace ringbook
