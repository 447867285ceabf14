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

// --- histories -----------------------------------------------------------------------------------

// Asks the journal and brings its answer back to the loop. A journal that drops the question drops
// the reply with it, which then answers by itself.
template <class Page>
void RegistryStore::ask_journal(Reply<Page> reply,
                                std::move_only_function<Result<Page>(JournalView&)> walk,
                                std::move_only_function<void(Page&)> finish) {
  // The reply stays on the loop's side of the hand-over even while the job is elsewhere: the shared
  // pointer is only moved there and back.
  auto kept = std::make_shared<Reply<Page>>(std::move(reply));
  auto job = [kept, alive = is_alive(), walk = std::move(walk),
              finish = std::move(finish)](JournalView& journal) mutable {
    return Loop::Task([kept = std::move(kept), alive = std::move(alive), page = walk(journal),
                       finish = std::move(finish)]() mutable {
      if (!*alive) {
        return;
      }
      if (page && finish) {
        finish(*page);
      }
      (*kept)(std::move(page));
    });
  };
  if (auto taken = read_journal(std::move(job)); !taken && *kept) {
    (*kept)(std::unexpected(std::move(taken.error())));
  }
}

void RegistryStore::user_history(UserId id, HistoryCursor from, std::size_t limit,
                                 Reply<UserHistoryPage> reply) {
  when_durable<UserHistoryPage>(std::move(reply), [this, id, from, limit](auto answer) {
    const auto newest = registry().newest_of(id);
    if (!newest) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    if (from > registry().last_sequence()) {
      return answer(fail(Errc::invalid, "the cursor names no change"));
    }
    const HistoryCursor begin = from != 0 ? from : *newest;
    ask_journal<UserHistoryPage>(std::move(answer), [id, begin, limit](JournalView& journal) {
      return walk_user_history(id, begin, limit, journal);
    });
  });
}

void RegistryStore::extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                                      Reply<ExtensionHistoryPage> reply) {
  when_durable<ExtensionHistoryPage>(std::move(reply), [this, extension, from, limit](auto answer) {
    if (from > registry().last_sequence()) {
      return answer(fail(Errc::invalid, "the cursor names no change"));
    }
    const HistoryCursor begin = from != 0 ? from : registry().newest_of(extension);
    ask_journal<ExtensionHistoryPage>(
        std::move(answer),
        [extension, begin, limit](JournalView& journal) {
          return walk_extension_history(extension, begin, limit, journal);
        },
        [this](ExtensionHistoryPage& page) {
          for (ExtensionHistoryRow& row : page.rows) {
            row.name = registry().name_of(row.user);
          }
        });
  });
}

// Errors: invalid, for a moment that is still to come.
Result<Instant> RegistryStore::end_of(const Moment& moment) const {
  // Changes may be ahead of a clock that was set back.
  const Instant now = std::max(clock().now(), registry().last_at());
  if (moment.first.ms > now.ms + std::chrono::milliseconds(limits::clock_skew).count()) {
    return fail(Errc::invalid, "the moment lies in the future");
  }
  return std::min(moment.last, now);
}

void RegistryStore::user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) {
  when_durable<UserHoldingAt>(std::move(reply), [this, id, moment](auto answer) {
    const auto newest = registry().newest_of(id);
    if (!newest) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    const auto at = end_of(moment);
    if (!at) {
      return answer(std::unexpected(at.error()));
    }
    ask_journal<UserHoldingAt>(
        std::move(answer),
        [id, at = *at, newest = *newest](JournalView& journal) -> Result<UserHoldingAt> {
          auto holding = find_user_holding(id, newest, at, journal);
          if (!holding) {
            return std::unexpected(std::move(holding.error()));
          }
          return UserHoldingAt{at, *std::move(holding)};
        });
  });
}

void RegistryStore::extension_holding(Extension extension, Moment moment,
                                      Reply<ExtensionHoldingAt> reply) {
  when_durable<ExtensionHoldingAt>(std::move(reply), [this, extension, moment](auto answer) {
    const auto at = end_of(moment);
    if (!at) {
      return answer(std::unexpected(at.error()));
    }
    ask_journal<ExtensionHoldingAt>(
        std::move(answer),
        [extension, at = *at, newest = registry().newest_of(extension)](
            JournalView& journal) -> Result<ExtensionHoldingAt> {
          auto holding = find_extension_holding(extension, newest, at, journal);
          if (!holding) {
            return std::unexpected(std::move(holding.error()));
          }
          return ExtensionHoldingAt{at, *std::move(holding)};
        },
        [this](ExtensionHoldingAt& found) {
          if (found.holding) {
            found.holding->name = registry().name_of(found.holding->user);
          }
        });
  });
}

namespace {

Result<LastChange> read_last_change(JournalView& journal, std::uint64_t sequence) {
  auto record = journal.read(sequence);
  if (!record) {
    return std::unexpected(std::move(record.error()));
  }
  const Change& change = record->change;
  return LastChange{.at = change.at,
                    .issuer = std::move(record->issuer),
                    .subject = std::move(record->subject),
                    .version = sequence,
                    .fields = change.fields,
                    .from = change.from,
                    .to = change.to};
}

}  // namespace

void RegistryStore::last_changes(UserId id, Reply<LastChanges> reply) {
  when_durable<LastChanges>(std::move(reply), [this, id](auto answer) {
    const auto of_user = registry().last_version_of(id);
    if (!of_user) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    ask_journal<LastChanges>(std::move(answer),
                             [user = registry().user(id), of_user = *of_user,
                              of_number = registry().newest_of(id).value_or(0)](
                                 JournalView& journal) -> Result<LastChanges> {
                               auto last = read_last_change(journal, of_user);
                               auto number =
                                   of_number != 0 ? read_last_change(journal, of_number) : last;
                               if (!last || !number) {
                                 return std::unexpected(last ? number.error() : last.error());
                               }
                               LastChanges changes{user, *std::move(last), std::nullopt};
                               if (of_number != 0) {
                                 changes.of_number = *std::move(number);
                               }
                               return changes;
                             });
  });
}

std::vector<std::string> RegistryStore::not_ready() const {
  std::vector<std::string> reasons = TurnStore::not_ready();
  if (clock().tick() < full_until_) {
    reasons.emplace_back("disk_full");
  }
  return reasons;
}

}  // namespace ringbook
