#include "directory/registry_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace ringbook {

void RegistryStore::check_thread() const {
  check(loop_.is_current(), "the store is used on its loop");
}

void RegistryStore::begin_turn() {
  if (!is_in_turn_) {
    is_in_turn_ = true;
    turn_began_ = clock_.tick();
  }
}

void RegistryStore::want_turn() {
  begin_turn();
  loop_.post([] {});
}

// --- writes --------------------------------------------------------------------------------------

void RegistryStore::apply(ChangeSet set, Reply<Outcome> reply) {
  if (!may_wait(reply)) {
    return;
  }
  if (auto room = may_write(); !room) {
    return reply(std::unexpected(std::move(room.error())));
  }
  const std::size_t begin = batch_.changes.size();
  Result<Outcome> outcome = registry_.decide(set, clock_.now(), batch_.changes);
  if (const std::size_t end = batch_.changes.size(); end > begin) {
    batch_.sets.push_back({std::move(set.issuer), std::move(set.subject), std::move(set.request_id),
                           begin, end, std::move(set.on_written)});
  }
  writes_.push_back({std::move(reply), std::move(outcome)});
}

bool RegistryStore::turn_is_due() const {
  return is_in_turn_ && (batch_.changes.size() >= limits::turn_changes ||
                         clock_.tick() - turn_began_ >= limits::turn_time);
}

void RegistryStore::end_turn() {
  check_thread();
  if (!is_in_turn_) {
    return;
  }
  is_in_turn_ = false;
  if (has_failed_ || !batch_.changes.empty()) {
    // A failure told since the turn began holds for all of it.
    const Result<void> kept =
        has_failed_ ? fail(Errc::unavailable, "the store has failed") : keep(batch_);
    batch_.sets.clear();
    batch_.changes.clear();
    settle(kept);
  }
  // Answers may ask again at once: what they add belongs to the next turn.
  auto writes = std::exchange(writes_, {});
  auto reads = std::exchange(reads_, {});
  for (Write& write : writes) {
    write.reply(std::move(write.outcome));
  }
  for (Loop::Task& read : reads) {
    read();
  }
  step_search();
  end_of_turn();
  if (is_in_turn_) {
    loop_.post([] {});  // Wakes the loop: what was asked meanwhile needs an end of its own.
  }
  if (writes_.empty() && reads_.empty()) {
    writes.clear();
    reads.clear();
    writes_ = std::move(writes);  // Their memory serves the next turn.
    reads_ = std::move(reads);
  }
}

// What the commit means for the answers of its turn.
void RegistryStore::settle(const Result<void>& kept) {
  full_until_ = {};
  if (kept) {
    registry_.commit();
    return;
  }
  registry_.roll_back();
  const bool is_full = kept.error().code == Errc::no_space;
  for (Write& write : writes_) {
    write.outcome = is_full
                        ? std::unexpected(kept.error())
                        : fail(Errc::unavailable, "the outcome is unknown: " + kept.error().detail);
  }
  if (is_full) {
    full_until_ = clock_.tick() + limits::disk_full_time;
  } else {
    fail_for_good(kept.error());
  }
}

void RegistryStore::fail_for_good(const Error& error) {
  if (!std::exchange(has_failed_, true)) {
    on_failure(error);
  }
}

// --- reads ---------------------------------------------------------------------------------------

template <class T>
bool RegistryStore::may_wait(Reply<T>& reply) {
  check_thread();
  if (has_failed_) {
    reply(fail(Errc::unavailable, "the store has failed"));
    return false;
  }
  if (writes_.size() + reads_.size() >= limits::waiting_replies) {
    reply(fail(Errc::overloaded, "too many requests wait for the store"));
    return false;
  }
  begin_turn();
  return true;
}

template <class T>
void RegistryStore::when_durable(Reply<T> reply, std::move_only_function<void(Reply<T>)> read) {
  if (!may_wait(reply)) {
    return;
  }
  reads_.push_back([this, reply = std::move(reply), read = std::move(read)]() mutable {
    if (has_failed_) {
      return reply(fail(Errc::unavailable, "the store has failed"));
    }
    read(std::move(reply));
  });
}

void RegistryStore::user(UserId id, Reply<std::optional<User>> reply) {
  when_durable<std::optional<User>>(std::move(reply),
                                    [this, id](auto answer) { answer(registry_.user(id)); });
}

void RegistryStore::extension(Extension extension, Reply<ExtensionState> reply) {
  when_durable<ExtensionState>(
      std::move(reply), [this, extension](auto answer) { answer(registry_.extension(extension)); });
}

void RegistryStore::users(UserQuery query, Reply<UserPage> reply) {
  if (!may_wait(reply)) {
    return;
  }
  if (searches_.size() >= limits::waiting_searches) {
    return reply(fail(Errc::overloaded, "too many searches are under way"));
  }
  registry_.prepare_search();
  searches_.push_back({UserScan(std::move(query)), std::move(reply)});
}

void RegistryStore::step_search() {
  if (searches_.empty()) {
    return;
  }
  Search search = std::move(searches_.front());
  searches_.pop_front();
  if (has_failed_) {
    search.reply(fail(Errc::unavailable, "the store has failed"));
  } else if (registry_.step(search.scan, limits::scan_step)) {
    search.reply(std::move(search.scan.page));
  } else {
    searches_.push_back(std::move(search));
  }
  if (!searches_.empty()) {
    begin_turn();
  }
}

// Asks the journal and brings its answer back to the loop. A journal that drops the question drops
// the reply with it, which then answers by itself.
template <class Page>
void RegistryStore::ask_journal(Reply<Page> reply,
                                std::move_only_function<Result<Page>(JournalView&)> walk,
                                std::move_only_function<void(Page&)> finish) {
  // The reply stays on the loop's side of the hand-over even while the job is elsewhere: the shared
  // pointer is only moved there and back.
  auto kept = std::make_shared<Reply<Page>>(std::move(reply));
  auto job = [kept, alive = is_alive_, walk = std::move(walk),
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
    const auto newest = registry_.newest_of(id);
    if (!newest) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    if (from > registry_.last_sequence()) {
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
    if (from > registry_.last_sequence()) {
      return answer(fail(Errc::invalid, "the cursor names no change"));
    }
    const HistoryCursor begin = from != 0 ? from : registry_.newest_of(extension);
    ask_journal<ExtensionHistoryPage>(
        std::move(answer),
        [extension, begin, limit](JournalView& journal) {
          return walk_extension_history(extension, begin, limit, journal);
        },
        [this](ExtensionHistoryPage& page) {
          for (ExtensionHistoryRow& row : page.rows) {
            row.name = registry_.name_of(row.user);
          }
        });
  });
}

// Errors: invalid, for a moment that is still to come.
Result<Instant> RegistryStore::end_of(const Moment& moment) const {
  // Changes may be ahead of a clock that was set back.
  const Instant now = std::max(clock_.now(), registry_.last_at());
  if (moment.first.ms > now.ms + std::chrono::milliseconds(limits::clock_skew).count()) {
    return fail(Errc::invalid, "the moment lies in the future");
  }
  return std::min(moment.last, now);
}

void RegistryStore::user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) {
  when_durable<UserHoldingAt>(std::move(reply), [this, id, moment](auto answer) {
    const auto newest = registry_.newest_of(id);
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
        [extension, at = *at, newest = registry_.newest_of(extension)](
            JournalView& journal) -> Result<ExtensionHoldingAt> {
          auto holding = find_extension_holding(extension, newest, at, journal);
          if (!holding) {
            return std::unexpected(std::move(holding.error()));
          }
          return ExtensionHoldingAt{at, *std::move(holding)};
        },
        [this](ExtensionHoldingAt& found) {
          if (found.holding) {
            found.holding->name = registry_.name_of(found.holding->user);
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
    const auto of_user = registry_.last_version_of(id);
    if (!of_user) {
      return answer(fail(Errc::not_found, "nobody ever had this id"));
    }
    ask_journal<LastChanges>(std::move(answer),
                             [of_user = *of_user, of_number = registry_.newest_of(id).value_or(0)](
                                 JournalView& journal) -> Result<LastChanges> {
                               auto last = read_last_change(journal, of_user);
                               auto number =
                                   of_number != 0 ? read_last_change(journal, of_number) : last;
                               if (!last || !number) {
                                 return std::unexpected(last ? number.error() : last.error());
                               }
                               LastChanges changes{*std::move(last), std::nullopt};
                               if (of_number != 0) {
                                 changes.of_number = *std::move(number);
                               }
                               return changes;
                             });
  });
}

std::vector<std::string> RegistryStore::not_ready() const {
  std::vector<std::string> reasons;
  if (has_failed_) {
    reasons.emplace_back("store_failed");
  }
  if (clock_.tick() < full_until_) {
    reasons.emplace_back("disk_full");
  }
  return reasons;
}

StoreStatistics RegistryStore::statistics() const {
  return {.users = registry_.users(),
          .extensions = registry_.extensions(),
          .last_change = registry_.last_sequence(),
          .waiting_searches = searches_.size()};
}

}  // namespace ringbook
