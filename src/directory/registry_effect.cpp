// What a decided change does to the registry, and how it is undone.
#include <utility>

#include "directory/registry.h"

namespace ringbook {

void Registry::save(Slot slot, bool with_profile) {
  Row& row = rows_[slot];
  row_undo_.push_back({slot, with_profile, row.without_profile()});
  if (with_profile) {
    row_undo_.back().row.set_profile(row.take_profile());
  }
}

// First half of a change: its old number is nobody's.
void Registry::release_number(const Change& change) {
  if ((change.kind & Change::number) != 0 && change.from) {
    const std::uint64_t packed = change.from->packed();
    search_.remove(*change.from, change.slot);
    by_number_.erase(hash_of(packed), change.slot);
    released_.insert({packed, change.sequence});
    number_undo_.push_back({packed, change.slot, /*was_given=*/false, 0});
  }
}

void Registry::give_number(Extension extension, Slot slot) {
  const std::uint64_t packed = extension.packed();
  std::uint64_t released_before = 0;
  if (Released* released = find_released(packed)) {
    released_before = released->sequence;
    released_.erase(released);
  }
  by_number_.insert(hash_of(packed), slot);
  number_undo_.push_back({packed, slot, /*was_given=*/true, released_before});
  search_.add(extension, slot);
}

// Second half: everything else.
void Registry::take_effect(const Change& change) {
  const bool changes_person =
      (change.kind & (Change::created | Change::edited | Change::removed)) != 0;
  if (changes_person) {
    search_.remove(change.slot);
  }
  save(change.slot, changes_person);
  Row& row = rows_[change.slot];
  if (changes_person) {
    if ((change.kind & Change::removed) != 0) {
      --present_;
    } else {
      present_ += (change.kind & Change::created) != 0 ? 1 : 0;
      row.set_profile(CompactProfile(change.profile.view()));
    }
    search_.add(change.slot);
  }
  if ((change.kind & Change::number) != 0) {
    row.set_number(change.to, change.sequence, change.to ? change.at : Instant{});
    if (change.to) {
      give_number(*change.to, change.slot);
    }
  }
  row.set_version(change.sequence, change.at);
}

void Registry::observe(UserId id, const std::optional<ProfileView>& profile) {
  Slot slot = find(id);
  if (slot == nobody && (!profile || rows_.size() >= limits::users)) {
    return;
  }
  slot = slot != nobody ? slot : add(id);
  Row& row = rows_[slot];
  const bool was_present = row.is_present();
  if ((!profile && row.extension()) || was_present == profile.has_value()) {
    if (!profile || row.profile().view() == *profile) {
      return;
    }
  }
  search_.remove(slot);
  row.set_profile(profile ? CompactProfile(*profile) : CompactProfile());
  present_ += profile ? 1 : 0;
  present_ -= was_present ? 1 : 0;
  search_.add(slot);
  commit();
}

void Registry::commit() {
  if (row_undo_.capacity() > limits::kept_undos || number_undo_.capacity() > limits::kept_undos) {
    std::vector<RowUndo>().swap(row_undo_);
    std::vector<NumberUndo>().swap(number_undo_);
  }
  row_undo_.clear();
  number_undo_.clear();
  committed_rows_ = rows_.size();
  committed_sequence_ = last_sequence_;
  committed_at_ = last_at_;
}

void Registry::roll_back() {
  for (auto undo = number_undo_.rbegin(); undo != number_undo_.rend(); ++undo) {
    const std::uint32_t hash = hash_of(undo->packed);
    if (!undo->was_given) {
      released_.erase(find_released(undo->packed));
      by_number_.insert(hash, undo->slot);
      continue;
    }
    by_number_.erase(hash, undo->slot);
    if (undo->released_before != 0) {
      released_.insert({undo->packed, undo->released_before});
    }
  }
  for (auto undo = row_undo_.rbegin(); undo != row_undo_.rend(); ++undo) {
    Row& row = rows_[undo->slot];
    if (const auto extension = row.extension()) {
      search_.remove(*extension, undo->slot);
    }
    if (undo->has_profile) {
      search_.remove(undo->slot);
      present_ -= row.is_present() ? 1 : 0;
      present_ += undo->row.is_present() ? 1 : 0;
    } else {
      undo->row.set_profile(row.take_profile());
    }
    row = std::move(undo->row);
    if (const auto extension = row.extension()) {
      search_.add(*extension, undo->slot);
    }
    if (undo->has_profile) {
      search_.add(undo->slot);
    }
  }
  while (rows_.size() > committed_rows_) {
    const auto slot = static_cast<Slot>(rows_.size() - 1);
    by_id_.erase(hash_of(rows_[slot].id()), slot);
    rows_.remove_last();
  }
  last_sequence_ = committed_sequence_;
  last_at_ = committed_at_;
  commit();
}

}  // namespace ringbook
