#include "directory/shared_fold.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/distinct.h"

namespace ringbook {
namespace {

std::uint64_t settled_by(std::uint64_t sequence) {
  return 2 * sequence + 1;
}

std::uint64_t taken_off_by(std::uint64_t sequence) {
  return 2 * sequence;
}

}  // namespace

// --- folding -------------------------------------------------------------------------------------

void SharedFold::seal(SharedBatch& batch) const {
  batch.number = number_ + 1;
  batch.at = std::max(batch.at, registry_.last_at());
  batch.first = registry_.last_sequence() + 1;
  batch.hash = make_digest_(hashed_octets(batch, hash_));
}

Result<void> SharedFold::check_follows(const SharedBatch& batch) const {
  const auto damaged = [&](const char* what) {
    return fail(Errc::damaged, "batch " + std::to_string(batch.number) + " " + what);
  };
  if (batch.number != number_ + 1) {
    return damaged("does not follow batch " /* which one is told by its number */ "before it");
  }
  if (batch.first != registry_.last_sequence() + 1) {
    return damaged("does not begin where the batch before it ends");
  }
  if (batch.hash != make_digest_(hashed_octets(batch, hash_))) {
    return damaged("was changed after it was written");
  }
  return {};
}

// What a checkpoint restored is the fold of this journal if its batch stands there.
Result<void> SharedFold::recognise(const SharedBatch& batch) {
  const bool is_it = batch.number == restored_->batch && batch.hash == restored_->hash &&
                     batch.first + batch.changes == restored_->last + 1 &&
                     batch.at >= restored_->at;
  if (!is_it) {
    return fail(Errc::damaged, "batch " + std::to_string(batch.number) +
                                   " is not the one of checkpoint " + restored_->id);
  }
  number_ = batch.number;
  hash_ = batch.hash;
  restored_.reset();
  return {};
}

Result<void> SharedFold::restore(std::string_view part) {
  return restore_part(part, people_ == People::own ? unread : Profile{}.view(), registry_);
}

Result<void> SharedFold::end_restoring(const Checkpoint& checkpoint) {
  if (auto restored = registry_.restored(checkpoint.last, checkpoint.at); !restored) {
    return restored;
  }
  number_ = checkpoint.batch - 1;
  restored_ = checkpoint;
  are_people_unread_ = people_ == People::own;
  raise_published(checkpoint.batch);
  return {};
}

Result<void> SharedFold::fold(const SharedBatch& batch) {
  if (restored_) {
    return recognise(batch);
  }
  if (auto follows = check_follows(batch); !follows) {
    return follows;
  }
  auto read = read_changes(batch);
  if (!read) {
    return std::unexpected(std::move(read.error()));
  }
  if (read->size() != batch.changes) {
    return fail(Errc::damaged, "batch " + std::to_string(batch.number) + " lacks changes");
  }
  if (people_ == People::adopted) {
    for (const UserId& user : batch.contents.users) {
      if (!registry_.user(user)) {
        registry_.observe(user, Profile{}.view());
      }
    }
  }
  std::vector<Change> set;
  for (std::size_t i = 0; i < read->size(); ++i) {
    Change& change = set.emplace_back((*read)[i].change);
    const bool has_profile = (change.kind & (Change::created | Change::edited)) != 0;
    if (has_profile && change.profile) {
      strangers_.erase(change.user);
    }
    if ((change.kind & Change::removed) != 0) {
      strangers_.erase(change.user);
    }
    if (has_profile && !change.profile) {
      strangers_.insert_or_assign(change.user, 0);
      change.profile = PackedProfile(Profile{});  // Scrubbed: the document has it.
    }
    if (i + 1 < read->size() && (*read)[i + 1].change.set == change.set) {
      continue;
    }
    for (std::size_t k = 0; packer_ != nullptr && k < set.size(); ++k) {
      packer_->before(set[k]);
    }
    if (auto replayed = registry_.replay(set); !replayed) {
      return replayed;
    }
    set.clear();
  }
  number_ = batch.number;
  hash_ = batch.hash;
  if (!batch.contents.profiles.empty()) {
    with_profiles_.push_back(batch.number);
  }
  await_publication(batch, *read);
  return {};
}

void SharedFold::await_publication(const SharedBatch& batch,
                                   std::span<const RecordedChange> changes) {
  if (batch.number <= published_) {
    return;
  }
  PendingBatch& waiting = batches_.emplace_back(batch.number, batch.at);
  for (const RecordedChange& read : changes) {
    const Change& change = read.change;
    const bool lost = change.from && change.from != change.to;
    const bool changes_profile = (change.kind & (Change::created | Change::edited)) != 0;
    const bool is_reconciled = read.issuer == own_issuer && read.subject == reconciler;
    const bool is_adopted = read.issuer == own_issuer && read.subject == adopter;
    pending_[change.user].push_back(
        {.sequence = change.sequence,
         .batch = batch.number,
         .lost = lost ? change.from : std::nullopt,
         .profile = change.profile,
         .changes_profile = changes_profile,
         .changes_number = change.from != change.to,
         .creates = (change.kind & Change::created) != 0 && change.profile,
         .leaves = (is_reconciled && !change.to) || is_adopted});
    if (lost) {
      losers_.emplace(*change.from, Loser{change.user, change.sequence});
    }
    waiting.users.push_back(change.user);
    ++waiting.changes;
  }
  drop_published();
}

// Of people who are ours a document tells nothing that the journal has not told, but for what was
// scrubbed there. One that is there and not newer than the fold shows the profile of the last
// change that is folded. One that is newer, or gone, is explained by a batch to come; or by none,
// when the journal was read to its end since and had no more: then a foreign hand did it.
void SharedFold::observe(const SeenUser& user) {
  if (people_ == People::adopted) {
    registry_.observe(user.id, user.exists ? std::optional(user.profile.view()) : std::nullopt);
    strangers_.erase(user.id);
    return;
  }
  const auto slot = registry_.slot_of(user.id);
  const bool is_unread = are_people_unread_ && slot && registry_.profile_of(*slot) == unread;
  const auto stranger = strangers_.find(user.id);
  const bool is_stranger = stranger != strangers_.end();
  if (!is_stranger && !is_unread) {
    return;
  }
  const bool is_explained = user.exists && user.version <= version_of(user.id);
  if (!is_explained && (!is_stranger || std::exchange(stranger->second, number_) != number_)) {
    return;
  }
  registry_.observe(user.id, user.profile ? user.profile.view() : Profile{}.view());
  if (is_stranger) {
    strangers_.erase(stranger);
  }
}

void SharedFold::end_reading_people() {
  for (std::uint32_t slot = 0; are_people_unread_ && slot < registry_.slots(); ++slot) {
    if (registry_.profile_of(slot) == unread) {
      strangers_.emplace(registry_.stored(slot).id, 0);
    }
  }
  are_people_unread_ = false;
}

std::vector<UserId> SharedFold::strangers(std::size_t most) const {
  std::vector<UserId> users;
  for (const auto& [user, looked] : strangers_ | std::views::take(most)) {
    users.push_back(user);
  }
  return users;
}

// --- documents -----------------------------------------------------------------------------------

std::uint64_t SharedFold::version_of(UserId user) const {
  const auto last = registry_.last_version_of(user);
  return last && *last != 0 ? settled_by(*last) : 0;
}

bool SharedFold::may_create(UserId user) const {
  const auto found = pending_.find(user);
  return found != pending_.end() && std::ranges::any_of(found->second, &Pending::creates);
}

std::optional<Extension> SharedFold::lost_by(UserId user) const {
  const auto found = pending_.find(user);
  if (found == pending_.end()) {
    return std::nullopt;
  }
  const auto& changes = found->second;
  const auto last = std::find_if(changes.rbegin(), changes.rend(),
                                 [](const Pending& p) { return p.changes_number; });
  return last != changes.rend() ? last->lost : std::nullopt;
}

// The profile that the document is still to show at a version of this change; none where it has it.
PackedProfile SharedFold::pending_profile(UserId user, std::uint64_t sequence) const {
  const auto found = pending_.find(user);
  if (found == pending_.end() || people_ == People::adopted) {
    return {};
  }
  const auto& changes = found->second;
  const auto last = std::find_if(changes.rbegin(), changes.rend(), [&](const Pending& p) {
    return p.sequence <= sequence && p.changes_profile;
  });
  return last != changes.rend() ? last->profile : PackedProfile();
}

Publication SharedFold::publication_of(UserId user) const {
  Publication publication{.user = user, .version = version_of(user)};
  const auto present = registry_.user(user);
  const auto pending = pending_.find(user);
  const Pending* last = pending != pending_.end() ? &pending->second.back() : nullptr;
  if (!present && people_ == People::own) {
    publication.kind = Publication::Kind::remove;
    return publication;
  }
  publication.profile = pending_profile(user, registry_.last_version_of(user).value_or(0));
  if (last != nullptr && last->leaves) {
    publication.kind = Publication::Kind::leave;
    publication.number = last->lost;
  } else if (present) {
    publication.number = present->extension;
    publication.may_create = may_create(user);
  }
  return publication;
}

SharedFold::Plan SharedFold::plan(std::span<const UserId> users) const {
  Plan plan;
  std::map<UserId, std::uint64_t> taken_off;  // By which change.
  for (const UserId& user : users) {
    plan.then.push_back(publication_of(user));
    const Publication& publication = plan.then.back();
    if (publication.kind != Publication::Kind::show || !publication.number) {
      continue;
    }
    const auto [begin, end] = losers_.equal_range(*publication.number);
    for (auto loser = begin; loser != end; ++loser) {
      if (loser->second.user != user) {
        std::uint64_t& last = taken_off[loser->second.user];
        last = std::max(last, loser->second.sequence);
      }
    }
  }
  for (const auto& [user, sequence] : taken_off) {
    plan.first.push_back({.kind = Publication::Kind::take_off,
                          .user = user,
                          .version = taken_off_by(sequence),
                          .profile = pending_profile(user, sequence)});
  }
  return plan;
}

void SharedFold::settled(UserId user, std::uint64_t version) {
  const auto found = pending_.find(user);
  if (found == pending_.end()) {
    return;
  }
  std::vector<Pending>& changes = found->second;
  const auto end = std::ranges::find_if(
      changes, [&](const Pending& p) { return settled_by(p.sequence) > version; });
  std::for_each(changes.begin(), end, [&](const Pending& p) { forget(user, p); });
  changes.erase(changes.begin(), end);
  if (changes.empty()) {
    pending_.erase(found);
  }
  drop_published();
}

void SharedFold::forget(UserId user, const Pending& pending) {
  const auto batch = std::ranges::lower_bound(batches_, pending.batch, {}, &PendingBatch::number);
  --batch->changes;
  if (pending.lost) {
    const auto [begin, end] = losers_.equal_range(*pending.lost);
    losers_.erase(std::find_if(begin, end, [&](const auto& loser) {
      return loser.second.user == user && loser.second.sequence == pending.sequence;
    }));
  }
}

void SharedFold::drop_published() {
  while (!batches_.empty() && batches_.front().changes == 0) {
    published_ = std::max(published_, batches_.front().number);
    batches_.pop_front();
  }
}

void SharedFold::raise_published(std::uint64_t batch) {
  while (!batches_.empty() && batches_.front().number <= batch) {
    PendingBatch& front = batches_.front();
    for (const UserId& user : std::exchange(front.users, {})) {
      const auto found = pending_.find(user);
      while (found != pending_.end() && !found->second.empty() &&
             found->second.front().batch <= front.number) {
        forget(user, found->second.front());
        found->second.erase(found->second.begin());
      }
      if (found != pending_.end() && found->second.empty()) {
        pending_.erase(found);
      }
    }
    published_ = std::max(published_, batches_.front().number);
    batches_.pop_front();
  }
  published_ = std::max(published_, batch);
  drop_published();
}

std::optional<std::uint64_t> SharedFold::first_with_profiles() const {
  return !with_profiles_.empty() && with_profiles_.front() <= published_
             ? std::optional(with_profiles_.front())
             : std::nullopt;
}

void SharedFold::scrubbed(std::uint64_t batch) {
  while (!with_profiles_.empty() && with_profiles_.front() <= batch) {
    with_profiles_.pop_front();
  }
}

bool SharedFold::is_without_names(std::uint64_t batch) const {
  const auto first = first_with_profiles();
  return published_ >= batch && (!first || *first > batch);
}

std::vector<UserId> SharedFold::pending_until(Instant at, std::size_t limit) const {
  std::vector<UserId> users;
  for (const PendingBatch& batch : batches_) {
    if (batch.at > at) {
      break;
    }
    for (auto user = batch.users.begin(); user != batch.users.end() && users.size() < limit;
         ++user) {
      if (is_pending(*user)) {
        users.push_back(*user);
      }
    }
  }
  keep_distinct(users);
  return users;
}

}  // namespace ringbook
