#include "store/embedded/registry_store.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "base/check.h"

namespace ringbook {

// --- writes --------------------------------------------------------------------------------------

void RegistryStore::apply(ChangeSet&& set, Reply<Outcome> reply) {
  if (!may_wait(reply)) {
    return;
  }
  if (auto room = may_write(); !room) {
    return reply(std::unexpected(std::move(room.error())));
  }
  edits_asked_ += set.edits.size();
  if (asked_ == sets_.size()) {
    sets_.emplace_back();
  }
  std::swap(sets_[asked_], set);
  ++asked_;
  answer_with_turn(std::move(reply));
}

bool RegistryStore::turn_is_due() const {
  return edits_asked_ >= limits::turn_changes || TurnStore::turn_is_due();
}

void RegistryStore::end_turn() {
  if (!take_turn(ended_)) {
    return;
  }
  if (asked_ != 0) {
    settle(ended_, has_failed() ? fail(Errc::unavailable, "the store has failed") : write(ended_));
    forget_asked();
  }
  answer(ended_);
  end_of_turn();
}

// Decides what was asked, in order, and keeps what comes of it.
Result<void> RegistryStore::write(Turn& turn) {
  if (asked_ > 1) {
    registry().fetch(std::span(sets_).first(asked_));
  }
  const Instant now = clock().now();
  for (std::size_t i = 0; i < asked_; ++i) {
    const std::size_t begin = batch_.changes.size();
    turn.writes[i].outcome = registry().decide(sets_[i], now, batch_.changes);
    if (batch_.changes.size() > begin) {
      add_cause(sets_[i], begin);
    }
  }
  if (batch_.changes.empty()) {
    return {};
  }
  full_until_ = {};  // This is the trial.
  return keep(batch_);
}

// Who caused the changes from `begin` on; the texts change places with those of an earlier turn.
void RegistryStore::add_cause(ChangeSet& set, std::size_t begin) {
  if (spare_causes_.empty()) {
    spare_causes_.emplace_back();
  }
  Batch::Set& cause = batch_.sets.emplace_back(std::move(spare_causes_.back()));
  spare_causes_.pop_back();
  cause.issuer.swap(set.issuer);
  cause.subject.swap(set.subject);
  cause.request_id.swap(set.request_id);
  cause.begin = begin;
  cause.end = batch_.changes.size();
  cause.on_written = std::move(set.on_written);
}

// Sets of one edit keep their memory for the next turn, and so do the texts of causes.
void RegistryStore::forget_asked() {
  for (std::size_t i = 0; i < asked_; ++i) {
    if (sets_[i].edits.size() > 1) {
      sets_[i] = ChangeSet();
    }
  }
  asked_ = 0;
  edits_asked_ = 0;
  for (Batch::Set& cause : batch_.sets) {
    cause.on_written = {};
    spare_causes_.push_back(std::move(cause));
  }
  batch_.sets.clear();
  batch_.changes.clear();
  if (batch_.changes.capacity() > limits::kept_undos) {
    std::vector<Change>().swap(batch_.changes);
  }
}

// What the commit means for the answers of its turn.
void RegistryStore::settle(Turn& turn, const Result<void>& kept) {
  if (kept) {
    registry().commit();
    return;
  }
  registry().roll_back();
  if (kept.error().code == Errc::no_space) {
    refuse(turn, kept.error());
    full_until_ = clock().tick() + limits::disk_full_time;
  } else {
    refuse(turn, {Errc::unavailable, "the outcome is unknown: " + kept.error().detail});
    fail_for_good(kept.error());
  }
}

// --- reads ---------------------------------------------------------------------------------------

void RegistryStore::user(UserId id, Reply<std::optional<User>> reply) {
  if (may_answer_at_once()) {
    return reply(registry().user(id));
  }
  TurnStore::user(id, std::move(reply));
}

void RegistryStore::extension(Extension extension, Reply<ExtensionState> reply) {
  if (may_answer_at_once()) {
    return reply(registry().extension(extension));
  }
  TurnStore::extension(extension, std::move(reply));
}

bool RegistryStore::may_answer_at_once() {
  check(loop().is_current(), "the store is used on its loop");
  return !has_failed();
}

std::vector<std::string> RegistryStore::not_ready() const {
  std::vector<std::string> reasons = TurnStore::not_ready();
  if (clock().tick() < full_until_) {
    reasons.emplace_back("disk_full");
  }
  return reasons;
}

}  // namespace ringbook
