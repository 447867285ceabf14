// Filling a registry from what an engine kept. Everything is doubted: stored data that contradicts
// itself is reported, never repaired in silence.
#include <algorithm>

#include "directory/registry.h"

namespace ringbook {

Result<void> Registry::restore(StoredUser user) {
  if (find(user.id) != nobody) {
    return fail(Errc::damaged, "user " + user.id.text() + " is stored twice");
  }
  if (user.is_present != static_cast<bool>(user.profile)) {
    return fail(Errc::damaged, "user " + user.id.text() + " and its profile disagree");
  }
  if (user.extension && (!user.is_present || user.number_sequence == 0)) {
    return fail(Errc::damaged, "user " + user.id.text() + " holds a number by no change");
  }
  if (user.extension) {
    if (const Number* number = find(*user.extension); number != nullptr) {
      return fail(Errc::damaged,
                  "extension " + user.extension->text() + " is stored for two users");
    }
  }
  newest_restored_ = std::max({newest_restored_, user.version, user.number_sequence});
  const Slot slot = add(user.id);
  rows_[slot] = std::move(user);
  const Row& row = rows_[slot];
  if (row.extension) {
    numbers_.insert(Number::held(*row.extension, slot));
    ++held_;
  }
  present_ += row.is_present ? 1 : 0;
  return {};
}

Result<void> Registry::restore_released(Extension extension, std::uint64_t sequence) {
  if (find(extension) != nullptr) {
    return fail(Errc::damaged, "extension " + extension.text() + " is stored as free and as held");
  }
  newest_restored_ = std::max(newest_restored_, sequence);
  numbers_.insert(Number::released(extension, sequence));
  return {};
}

Result<void> Registry::restored(std::uint64_t last_sequence, Instant last_at) {
  if (newest_restored_ > last_sequence) {
    return fail(Errc::damaged, "change " + std::to_string(newest_restored_) +
                                   " is named, but the last one is " +
                                   std::to_string(last_sequence));
  }
  last_sequence_ = last_sequence;
  last_at_ = last_at;
  commit();
  return {};
}

Result<void> Registry::replay(std::span<Change> set) {
  for (Change& change : set) {
    const auto damaged = [&](const char* what) {
      return fail(Errc::damaged, "change " + std::to_string(change.sequence) + " " + what);
    };
    if (change.sequence != last_sequence_ + 1) {
      return damaged("is out of sequence");
    }
    const Slot slot = find(change.user);
    const bool exists = slot != nobody && rows_[slot].is_present;
    const bool creates = (change.kind & Change::created) != 0;
    if (creates == exists) {
      return damaged(creates ? "creates a user who exists" : "is about a user who does not exist");
    }
    const bool carries_profile = (change.kind & (Change::created | Change::edited)) != 0;
    if (carries_profile && !change.profile) {
      return damaged("lacks its profile");
    }
    change.slot = slot != nobody ? slot : add(change.user);
    if (rows_[change.slot].extension != change.from) {
      return damaged("releases a number that its user does not hold");
    }
    last_sequence_ = change.sequence;
    last_at_ = std::max(last_at_, change.at);
    release_number(change);
  }
  for (const Change& change : set) {
    if ((change.kind & Change::number) != 0 && change.to) {
      if (const Number* number = find(*change.to);
          number != nullptr && number->holder() != nobody) {
        return fail(Errc::damaged, "change " + std::to_string(change.sequence) +
                                       " gives extension " + change.to->text() +
                                       " to a second user");
      }
    }
    take_effect(change);
  }
  commit();
  return {};
}

}  // namespace ringbook
