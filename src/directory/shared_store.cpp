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
    octets += 64 + edit.profile.name.value_or("").size() + edit.profile.email.value_or("").size() +
              edit.profile.department.value_or("").size() + edit.profile.role.size();
  }
  return octets;
}

Error out_of_time() {
  return {Errc::unavailable, "the database did not answer in time"};
}

}  // namespace

SharedStore::SharedStore(SharedSettings settings, SharedPorts ports, Loop& loop, const Clock& clock,
                         std::function<void(const Error&)> on_failure)
    : HistoryStore(loop, clock),
      settings_(std::move(settings)),
      ports_(ports),
      on_failure_(std::move(on_failure)),
      fold_(registry(), ports.make_digest, settings_.people),
      publisher_(fold_, ports.documents, ports.timer, clock),
      tidy_(fold_, ports.journal, ports.documents, publisher_, clock, [this](UserId user) {
        take_back(user, /*with_former=*/true, settings_.instance, {}, Reply<Outcome>([](auto) {}));
      }) {}

// Hands an answer of a port to a store that is still there.
template <class T, class Handler>
Reply<T> SharedStore::to_store(Handler handler) {
  return Reply<T>([alive = is_alive(), handler = std::move(handler)](Result<T> answer) mutable {
    if (*alive) {
      handler(std::move(answer));
    }
  });
}

// --- the start -----------------------------------------------------------------------------------

void SharedStore::start(Reply<void> reply) {
  ports_.journal.published(
      deadline(), to_start<std::uint64_t>(std::move(reply), [this](auto batch, auto go_on) {
        fold_.raise_published(batch);
        read_journal_to_its_end(std::move(go_on));
      }));
}

// Hands an answer to the next step of the start, or ends it.
template <class T, class Handler>
Reply<T> SharedStore::to_start(Reply<void> reply, Handler handler) {
  return to_store<T>(
      [reply = std::move(reply), handler = std::move(handler)](Result<T> answer) mutable {
        answer ? handler(*std::move(answer), std::move(reply))
               : reply(std::unexpected(std::move(answer.error())));
      });
}

void SharedStore::read_journal_to_its_end(Reply<void> reply) {
  ports_.journal.confirm(
      fold_.number() + 1, deadline(),
      to_start<std::vector<SharedBatch>>(std::move(reply), [this](auto batches, auto go_on) {
        if (auto folded = fold(batches); !folded) {
          return go_on(std::move(folded));
        }
        if (batches.size() == limits::shared_read_batches) {
          return read_journal_to_its_end(std::move(go_on));
        }
        if (settings_.people == People::own) {
          return read_people(std::nullopt, std::move(go_on));
        }
        serve();
        read_people(std::nullopt, Reply<void>([](auto) {}));
        go_on({});
      }));
}

void SharedStore::read_people(std::optional<UserId> after, Reply<void> reply) {
  ports_.documents.scan(
      after, limits::shared_scan_page, deadline(),
      to_start<std::vector<SeenUser>>(std::move(reply), [this](auto page, auto go_on) {
        for (const SeenUser& user : page) {
          fold_.observe(user);
        }
        if (page.size() == limits::shared_scan_page) {
          return read_people(page.back().id, std::move(go_on));
        }
        serve();
        go_on({});
      }));
}

void SharedStore::serve() {
  if (!std::exchange(is_started_, true)) {
    await_tidy();
    want_turn();
  }
}

Result<void> SharedStore::fold(const std::vector<SharedBatch>& batches) {
  for (const SharedBatch& batch : batches) {
    if (auto folded = fold_.fold(batch); !folded) {
      fail_for_good(folded.error());
      return folded;
    }
  }
  return {};
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
  if (!is_started_ || work_) {
    return;
  }
  Turn turn;
  if (!take_turn(turn)) {
    return;
  }
  if (turn.writes.empty() && turn.reads.empty() && !is_tidy_due_) {
    return answer(turn);  // Searches go on with what they began.
  }
  work_.emplace(std::move(turn), std::exchange(sets_, {}), SharedLook(registry(), fold_),
                deadline());
  edits_asked_ = 0;
  if (has_failed()) {
    return end_work(fail(Errc::unavailable, "the store has failed"));
  }
  begin_round();
}

// As many writes as one batch has room for.
void SharedStore::begin_round() {
  std::size_t edits = 0;
  std::size_t octets = 0;
  for (work_->end = work_->begin; work_->end < work_->sets.size(); ++work_->end) {
    const ChangeSet& set = work_->sets[work_->end];
    edits += set.edits.size();
    octets += octets_of(set);
    const bool has_room =
        edits <= limits::shared_batch_changes && octets <= limits::shared_batch_bytes;
    if (!has_room && work_->end > work_->begin) {
      break;
    }
  }
  look();
}

void SharedStore::look() {
  const std::span sets(work_->sets);
  if (!work_->look.begin(sets.subspan(work_->begin, work_->end - work_->begin))) {
    return decide();
  }
  ports_.documents.look(
      work_->look.look(), work_->deadline, to_store<std::vector<SeenUser>>([this](auto seen) {
        if (!seen) {
          return end_work(std::unexpected(std::move(seen.error())));
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
  batch.contents = to_contents(decision.batch());
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
      if (auto folded = fold({*work_->batch}); !folded) {
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
    return try_again(&SharedStore::confirm);
  }
  if (auto folded = fold(*batches); !folded) {
    return end_work(folded);
  }
  const bool is_ours = work_->batch && std::ranges::any_of(*batches, [this](const auto& batch) {
                         return batch.by == work_->batch->by;
                       });
  work_->is_committed = work_->is_committed || is_ours;
  if (batches->size() == limits::shared_read_batches) {
    return confirm();
  }
  const bool is_taken = !batches->empty();
  const auto strangers = fold_.strangers();
  if (strangers.empty()) {
    return on_journal_end(is_taken);
  }
  ports_.documents.look({strangers, {}}, work_->deadline,
                        to_store<std::vector<SeenUser>>([this, is_taken](auto seen) {
                          if (!seen) {
                            return end_work(std::unexpected(std::move(seen.error())));
                          }
                          std::ranges::for_each(
                              *seen, [this](const SeenUser& user) { fold_.observe(user); });
                          on_journal_end(is_taken);
                        }));
}

// All that was committed before is folded.
void SharedStore::on_journal_end(bool is_taken) {
  work_->is_confirmed = true;
  if (work_->is_committed || (!work_->batch && !is_taken)) {
    return conclude_round();
  }
  if (!is_taken) {
    return try_again(&SharedStore::append);  // What had the number was undone.
  }
  look();
}

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
  work_->is_committed = false;
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
    return end_work(std::unexpected(out_of_time()));
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

// --- documents -----------------------------------------------------------------------------------

void SharedStore::publish(Publishing publishing, std::vector<UserId> users) {
  std::ranges::sort(users);
  const auto rest = std::ranges::unique(users);
  users.erase(rest.begin(), rest.end());
  if (users.empty()) {
    return end_publishing(std::move(publishing), {});
  }
  const std::uint64_t id = ++publishings_begun_;
  publishings_.emplace(id, std::move(publishing));
  publisher_.publish(std::move(users), deadline(),
                     [this, id](const SharedPublisher::Outcomes& outcomes) {
                       end_publishing(std::move(publishings_.extract(id).mapped()), outcomes);
                     });
}

void SharedStore::end_publishing(Publishing publishing, const SharedPublisher::Outcomes& outcomes) {
  for (std::size_t i = 0; i < publishing.writes.size(); ++i) {
    answer_published(std::move(publishing.writes[i]), publishing.users[i],
                     publishing.request_ids[i], outcomes);
  }
}

// Answers a write as the documents of its users allow.
void SharedStore::answer_published(Write write, const std::vector<UserId>& users,
                                   const std::string& request_id,
                                   const SharedPublisher::Outcomes& outcomes) {
  for (const UserId& user : users) {
    const auto& [published, shown_by] = outcomes.at(user);
    const auto present = registry().user(user);
    if (published == Published::done || published == Published::newer) {
      continue;
    }
    if (published == Published::gone && present) {
      Outcome gone;
      gone.kind = Outcome::Kind::not_found;
      return take_back(user, /*with_former=*/false, request_id, std::move(gone),
                       std::move(write.reply));
    }
    if (published == Published::refused && shown_by && shown_by->number) {
      Outcome refused;
      refused.kind = Outcome::Kind::conflict;
      refused.conflict = conflict_with(*shown_by, 0, registry());
      return take_back(user, /*with_former=*/true, request_id, std::move(refused),
                       std::move(write.reply));
    }
    if (published != Published::gone) {
      write.outcome = std::unexpected(out_of_time());
    }
  }
  write.reply(std::move(write.outcome));
}

// Undoes in the journal what a foreign hand kept out of the user's document, unless somebody has
// changed the user meanwhile, and gives the answer then.
void SharedStore::take_back(UserId user, bool with_former, const std::string& request_id,
                            Outcome answer, Reply<Outcome> reply) {
  ChangeSet set;
  set.issuer = own_issuer;
  set.subject = returner;
  set.request_id = request_id;
  set.precondition.if_match = Precondition::Match::one_of;
  set.precondition.if_match_versions = {registry().last_version_of(user).value_or(0)};
  Edit& edit = set.edits.emplace_back();
  edit.user = user;
  edit.extension = with_former ? fold_.lost_by(user) : std::nullopt;
  edit.number = edit.extension ? Edit::Number::assign : Edit::Number::release;
  const bool has_former = edit.extension.has_value();
  apply(std::move(set), to_store<Outcome>([=, this, answer = std::move(answer),
                                           reply = std::move(reply)](auto undone) mutable {
          if (!undone) {
            return reply(std::unexpected(std::move(undone.error())));
          }
          if (has_former && undone->kind == Outcome::Kind::conflict) {
            return take_back(user, /*with_former=*/false, request_id, std::move(answer),
                             std::move(reply));
          }
          reply(std::move(answer));
        }));
}

// --- tidying -------------------------------------------------------------------------------------

// Instances that were started together part by their names.
void SharedStore::await_tidy() {
  constexpr auto mean = std::chrono::milliseconds(limits::shared_tidy_time);
  const auto spread = std::hash<std::string>()(settings_.instance) % (mean.count() / 2);
  ports_.timer.at(clock().tick() + mean * 3 / 4 + std::chrono::milliseconds(spread),
                  [this, alive = is_alive()] {
                    if (*alive) {
                      is_tidy_due_ = true;
                      want_turn();
                    }
                  });
}

void SharedStore::tidy() {
  tidy_.run(to_store<void>([this](const Result<void>&) { await_tidy(); }));
}

}  // namespace ringbook
