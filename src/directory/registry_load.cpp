// Filling a registry from what an engine kept. Everything is doubted: stored data that contradicts
// itself is reported, never repaired in silence.
#include <algorithm>
#include <bit>

#include "base/limits.h"
#include "directory/registry.h"

namespace ringbook {

Result<void> RestoredUsers::add(const StoredState& user,
                                const std::optional<ProfileView>& profile) {
  if (user.is_present != profile.has_value()) {
    return fail(Errc::damaged, "user " + user.id.text() + " and its profile disagree");
  }
  if (user.extension && (!user.is_present || user.number_sequence == 0)) {
    return fail(Errc::damaged, "user " + user.id.text() + " holds a number by no change");
  }
  newest_ = std::max({newest_, user.version, user.number_sequence});
  RegistryRow& row = rows_.add(RegistryRow(user.id));
  row.set_number(user.extension, user.number_sequence, user.since);
  row.set_version(user.version, user.updated_at);
  if (profile) {
    row.set_profile(CompactProfile(*profile));
    ++present_;
  }
  return {};
}

void Registry::expect(std::size_t users) {
  by_id_.reserve(users);
  by_number_.reserve(users);
}

Result<void> Registry::restore(RestoredUsers users) {
  const auto first = static_cast<Slot>(rows_.size());
  rows_.append(std::move(users.rows_));
  present_ += users.present_;
  newest_restored_ = std::max(newest_restored_, users.newest_);
  for (Slot slot = first; slot < rows_.size(); ++slot) {
    const Row& row = rows_[slot];
    if (find(row.id()) != nobody) {
      return fail(Errc::damaged, "user " + row.id().text() + " is stored twice");
    }
    by_id_.insert(hash_of(row.id()), slot);
    if (const auto extension = row.extension()) {
      if (holder_of(*extension) != nobody) {
        return fail(Errc::damaged, "extension " + extension->text() + " is stored for two users");
      }
      by_number_.insert(hash_of(extension->packed()), slot);
    }
  }
  return {};
}

Result<void> Registry::restore_released(Extension extension, std::uint64_t sequence) {
  if (holder_of(extension) != nobody || find_released(extension.packed()) != nullptr) {
    return fail(Errc::damaged, "extension " + extension.text() + " is stored as free and as held");
  }
  newest_restored_ = std::max(newest_restored_, sequence);
  released_.insert({extension.packed(), sequence});
  return {};
}

Result<void> Registry::restored(std::uint64_t last_sequence, Instant last_at) {
  if (newest_restored_ > last_sequence) {
    return fail(Errc::damaged, "change " + std::to_string(newest_restored_) +
                                   " is named, but the last one is " +
                                   std::to_string(last_sequence));
  }
  if (last_sequence > limits::changes) {
    return fail(Errc::damaged, "no directory has " + std::to_string(last_sequence) + " changes");
  }
  last_sequence_ = last_sequence;
  last_at_ = last_at;
  commit();
  return {};
}

namespace {

// Whether a change can be of its kind; what it says of people and numbers is judged by itself.
bool is_of_its_kind(const Change& change) {
  const unsigned person = change.kind & (Change::created | Change::edited | Change::removed);
  const bool changes_number = (change.kind & Change::number) != 0;
  const bool is_removed = (change.kind & Change::removed) != 0;
  return change.kind != 0 && std::popcount(person) <= 1 &&
         changes_number == (change.from != change.to) && !(is_removed && change.to);
}

}  // namespace

Result<void> Registry::replay(std::span<Change> set) {
  for (Change& change : set) {
    const auto damaged = [&](const char* what) {
      return fail(Errc::damaged, "change " + std::to_string(change.sequence) + " " + what);
    };
    if (change.sequence != last_sequence_ + 1) {
      return damaged("is out of sequence");
    }
    if (!is_of_its_kind(change)) {
      return damaged("is of a kind that cannot be");
    }
    const Slot slot = find(change.user);
    const bool exists = slot != nobody && rows_[slot].is_present();
    const bool creates = (change.kind & Change::created) != 0;
    if (creates == exists) {
      return damaged(creates ? "creates a user who exists" : "is about a user who does not exist");
    }
    const bool carries_profile = (change.kind & (Change::created | Change::edited)) != 0;
    if (carries_profile && !change.profile) {
      return damaged("lacks its profile");
    }
    change.slot = slot != nobody ? slot : add(change.user);
    const bool holds_it =
        change.from ? holder_of(*change.from) == change.slot : !rows_[change.slot].extension();
    if (!holds_it) {
      return damaged("releases a number that its user does not hold");
    }
    last_sequence_ = change.sequence;
    last_at_ = std::max(last_at_, change.at);
    release_number(change);
  }
  for (const Change& change : set) {
    if ((change.kind & Change::number) != 0 && change.to) {
      if (holder_of(*change.to) != nobody) {
        return fail(Errc::damaged, "change " + std::to_string(change.sequence) +
                                       " gives extension " + change.to->text() +
                                       " to a second user");
      }
    }
    if (rows_[change.slot].extension() != change.from) {
      return fail(Errc::damaged, "change " + std::to_string(change.sequence) +
                                     " is the second one of its user in one change set");
    }
    take_effect(change);
  }
  commit();
  return {};
}

}  // namespace ringbook
