#include "directory/shared_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "directory/shared_history.h"

namespace ringbook {
namespace {

// About the octets that a set takes in a batch.
std::size_t octets_of(const ChangeSet& set) {
  std::size_t octets = set.issuer.size() + set.subject.size() + set.request_id.size();
  for (const Edit& edit : set.edits) {
    octets += 80 + edit.profile.name.value_or("").size() + edit.profile.email.value_or("").size() +
              edit.profile.department.value_or("").size() + edit.profile.role.size();
  }
  return octets;
}

// No later attempt will read what this one could not.
bool is_for_good(const Error& error) {
  return error.code == Errc::damaged || error.code == Errc::newer;
}

}  // namespace

SharedStore::SharedStore(SharedSettings settings, SharedPorts ports, Loop& loop, const Clock& clock,
                         std::function<void(const Error&)> on_failure)
    : HistoryStore(loop, clock),
      settings_(std::move(settings)),
      ports_(ports),
      on_failure_(std::move(on_failure)),
      fold_(registry(), ports.make_digest, settings_.people),
      parts_(ports.journal, clock, ports.make_digest),
      publisher_(fold_, ports.documents, ports.timer, clock),
      tidy_(fold_, ports.journal, ports.documents, publisher_, clock,
            [this](UserId user) {
              take_back(user, /*with_former=*/true, settings_.instance, {},
                        Reply<Outcome>([](auto) {}));
            }),
      checkpoints_({.instance = settings_.instance,
                    .changes = settings_.checkpoint_changes,
                    .part_bytes = settings_.checkpoint_part_bytes},
                   fold_, ports.journal, loop, clock, ports.make_digest) {}

Tick SharedStore::deadline_for(std::size_t documents) const {
  return deadline() + limits::shared_document_time * static_cast<std::int64_t>(documents);
}

// --- turns ---------------------------------------------------------------------------------------

void SharedStore::apply(ChangeSet&& set, Reply<Outcome> reply) {
  if (!may_wait(reply)) {
    return;
  }
  const bool changes_people = std::ranges::any_of(
      set.edits, [](const Edit& edit) { return edit.person != Edit::Person::keep; });
  if (changes_people && settings_.people == People::adopted) {
    return reply(fail(Errc::read_only, "people are made and removed by another program"));
  }
  edits_asked_ += set.edits.size();
  sets_.push_back(std::move(set));
  answer_with_turn(std::move(reply));
}

bool SharedStore::turn_is_due() const {
  return is_started_ && !work_ &&
         (edits_asked_ >= limits::turn_changes || TurnStore::turn_is_due());
}

void SharedStore::end_turn() {
  Turn turn;
  if (work_ || !take_turn(turn)) {
    return;
  }
  const bool has_nothing = turn.writes.empty() && turn.reads.empty() && !is_tidy_due_;
  if (has_nothing && (!is_started_ || !fold_.has_strangers())) {
    if (is_started_) {
      answer(turn);  // Searches go on with what they began.
    }
    return;
  }
  work_.emplace(std::move(turn), std::exchange(sets_, {}), SharedLook(registry(), fold_),
                deadline());
  edits_asked_ = 0;
  if (has_failed()) {
    return end_work(fail(Errc::unavailable, "the store has failed"));
  }
  begin_when_started();
}

// What is asked while the journal is being folded waits for that as for the database.
void SharedStore::begin_when_started() {
  is_started_ ? begin_round() : try_again(&SharedStore::begin_when_started);
}

// As many writes as one batch has room for.
void SharedStore::begin_round() {
  std::size_t edits = 0;
  std::size_t octets = 0;
  for (work_->end = work_->begin; work_->end < work_->sets.size(); ++work_->end) {
    const ChangeSet& set = work_->sets[work_->end];
    edits += set.edits.size();
    octets += octets_of(set);
    const bool has_room = edits <= settings_.batch_changes && octets <= limits::shared_batch_bytes;
    if (!has_room && work_->end > work_->begin) {
      break;
    }
  }
  if (fold_.has_strangers()) {
    work_->is_taken = true;  // They are met first, then it is decided.
    return confirm();
  }
  look();
}

void SharedStore::look() {
  const std::span sets(work_->sets);
  if (!work_->look.begin(sets.subspan(work_->begin, work_->end - work_->begin))) {
    return decide();
  }
  work_->deadline = std::max(work_->deadline, deadline_for(work_->look.look().users.size()));
  look_at_documents();
}

void SharedStore::look_at_documents() {
  ports_.documents.look(
      work_->look.look(), work_->deadline, to_store<std::vector<SeenUser>>([this](auto seen) {
        if (!seen) {
          work_->why = seen.error().detail;
          return try_again(&SharedStore::look_at_documents);
        }
        if (settings_.people == People::adopted) {
          std::ranges::for_each(*seen, [this](const SeenUser& user) { fold_.observe(user); });
        }
        work_->look.add(*std::move(seen));
        decide();
      }));
}

void SharedStore::decide() {
  SharedDecision decision(registry(), fold_, settings_.people, work_->look.seen(), clock().now());
  for (std::size_t i = work_->begin; i < work_->end; ++i) {
    work_->turn.writes[i].outcome = decision.decide(work_->sets[i]);
  }
  registry().roll_back();
  work_->batch = nullptr;
  if (decision.batch().changes.empty()) {
    return work_->is_confirmed ? conclude_round() : confirm();
  }
  SharedBatch batch;
  batch.by = settings_.instance + "/" + std::to_string(++batches_made_);
  batch.at = decision.batch().changes.front().at;
  batch.changes = static_cast<std::uint32_t>(decision.batch().changes.size());
  if (batch.changes > settings_.batch_changes ||
      octets_of(decision.batch(), 0, batch.changes) > limits::shared_batch_bytes) {
    return put_large_set(std::move(batch), decision.batch());
  }
  batch.contents = to_contents(decision.batch(), 0, decision.batch().changes.size());
  fold_.seal(batch);
  work_->batch = std::make_shared<const SharedBatch>(std::move(batch));
  append();
}

void SharedStore::append() {
  ports_.journal.append(work_->batch, work_->deadline, to_store<Appended>([this](auto appended) {
                          on_appended(appended ? *appended : Appended::unknown);
                        }));
}

void SharedStore::on_appended(Appended appended) {
  switch (appended) {
    case Appended::mine:
      if (work_->batch->set) {
        return confirm();  // Which reads its parts.
      }
      if (auto folded = fold(*work_->batch); !folded) {
        return end_work(folded);
      }
      return conclude_round();
    case Appended::taken: return confirm();
    case Appended::unknown: return try_again(&SharedStore::append);
  }
}

void SharedStore::confirm() {
  ports_.journal.confirm(fold_.number() + 1, work_->deadline,
                         to_store<std::vector<SharedBatch>>(
                             [this](auto batches) { on_confirmed(std::move(batches)); }));
}

void SharedStore::on_confirmed(Result<std::vector<SharedBatch>> batches) {
  if (!batches) {
    return on_unread(batches.error());
  }
  const bool is_all = batches->size() < limits::shared_read_batches;
  parts_.fill(*std::move(batches), to_store<std::vector<SharedBatch>>([this, is_all](auto filled) {
    filled ? on_filled(*std::move(filled), is_all) : on_unread(filled.error());
  }));
}

void SharedStore::on_unread(const Error& error) {
  if (is_for_good(error)) {
    fail_for_good(error);
    return end_work(std::unexpected(error));
  }
  work_->why = error.detail;
  try_again(&SharedStore::confirm);
}

void SharedStore::on_filled(std::vector<SharedBatch> batches, bool is_all) {
  for (const SharedBatch& batch : batches) {
    const bool is_ours = work_->batch && batch.by == work_->batch->by;
    work_->is_committed = work_->is_committed || is_ours;
    work_->is_overtaken = work_->is_overtaken || work_->footprint.meets(batch.contents);
  }
  work_->is_taken = work_->is_taken || !batches.empty();
  fold_all(std::move(batches), to_store<void>([this, is_all](const auto& folded) {
             folded ? on_folded(is_all) : end_work(folded);
           }));
}

void SharedStore::on_folded(bool is_all) {
  if (!is_all) {
    return confirm();
  }
  look_at_strangers();
}

void SharedStore::look_at_strangers() {
  if (!fold_.has_strangers()) {
    return on_journal_end();
  }
  meet_strangers(work_->deadline, to_store<void>([this](const auto& met) {
                   if (!met) {
                     return try_again(&SharedStore::look_at_strangers);
                   }
                   fold_.has_strangers() ? confirm() : on_journal_end();
                 }));
}

void SharedStore::meet_strangers(Tick deadline, Reply<void> reply) {
  ports_.documents.look(
      {fold_.strangers(limits::shared_scan_page), {}}, deadline,
      to_store<std::vector<SeenUser>>([this, reply = std::move(reply)](auto seen) mutable {
        if (!seen) {
          return reply(std::unexpected(std::move(seen.error())));
        }
        std::ranges::for_each(*seen, [this](const SeenUser& user) { fold_.observe(user); });
        reply({});
      }));
}

// All that was committed before is folded.
void SharedStore::on_journal_end() {
  const bool is_taken = std::exchange(work_->is_taken, false);
  work_->is_confirmed = true;
  if (work_->is_committed || (!work_->batch && !is_taken)) {
    return conclude_round();
  }
  if (!is_taken) {
    return try_again(&SharedStore::append);  // What had the number was undone.
  }
  if (work_->batch && work_->batch->set && !work_->is_overtaken) {
    return move_up_large_set();
  }
  look();
}

// --- answers -------------------------------------------------------------------------------------

// What was decided is in the journal, or rests on all that is there.
void SharedStore::conclude_round() {
  Publishing publishing;
  std::vector<UserId> users;
  for (std::size_t i = work_->begin; i < work_->end; ++i) {
    Write& write = work_->turn.writes[i];
    const bool is_so = write.outcome && (write.outcome->kind == Outcome::Kind::applied ||
                                         write.outcome->kind == Outcome::Kind::unchanged);
    std::vector<UserId>& of_write = publishing.users.emplace_back();
    for (const Edit& edit : work_->sets[i].edits) {
      if (is_so && fold_.is_pending(edit.user)) {
        of_write.push_back(edit.user);
        users.push_back(edit.user);
      }
    }
    publishing.writes.push_back(std::move(write));
    publishing.request_ids.push_back(work_->sets[i].request_id);
  }
  publish(std::move(publishing), std::move(users));
  work_->begin = work_->end;
  work_->batch = nullptr;
  work_->is_committed = false;
  work_->footprint = {};
  work_->tries = 0;
  if (work_->begin < work_->sets.size()) {
    work_->deadline = deadline();
    return begin_round();
  }
  end_work({});
}

// Answers what still waits for the turn.
void SharedStore::end_work(const Result<void>& durable) {
  Work work = *std::exchange(work_, std::nullopt);
  work.turn.writes.erase(work.turn.writes.begin(),
                         work.turn.writes.begin() + static_cast<std::ptrdiff_t>(work.begin));
  if (!durable) {
    refuse(work.turn, durable.error());
  }
  answer_writes(work.turn);
  answer_reads(work.turn, durable);
  if (std::exchange(is_tidy_due_, false)) {
    durable ? tidy() : await_tidy();
  }
}

void SharedStore::try_again(void (SharedStore::*step)()) {
  const Tick next = clock().tick() + limits::shared_retry_time;
  if (next >= work_->deadline) {
    return end_work(fail(Errc::unavailable, "the database did not answer in time" +
                                                (work_->why.empty() ? "" : ": " + work_->why)));
  }
  ports_.timer.at(next, [this, step, alive = is_alive()] {
    if (*alive) {
      (this->*step)();
    }
  });
}

// --- reads ---------------------------------------------------------------------------------------

void SharedStore::user(UserId id, Reply<std::optional<User>> reply) {
  when_durable<std::optional<User>>(std::move(reply), [this, id](auto answer) {
    auto found = registry().user(id);
    if (found || settings_.people == People::own) {
      return answer(std::move(found));
    }
    // The document may be there although nobody has looked at it here.
    ports_.documents.look(
        {{id}, {}}, deadline(),
        to_store<std::vector<SeenUser>>([this, id, answer = std::move(answer)](auto seen) mutable {
          if (!seen) {
            return answer(std::unexpected(std::move(seen.error())));
          }
          std::ranges::for_each(*seen, [this](const SeenUser& user) { fold_.observe(user); });
          answer(registry().user(id));
        }));
  });
}

// --- histories -----------------------------------------------------------------------------------

void SharedStore::read_journal(Touched touched, std::unique_ptr<JournalQuestion> question) {
  walk_shared_journal(ports_.journal, deadline(), touched, std::move(question), is_alive());
}

}  // namespace ringbook
