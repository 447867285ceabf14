#include "directory/turn_store.h"

#include "base/check.h"

namespace ringbook {

// --- turns ---------------------------------------------------------------------------------------

Result<void> TurnStore::begin_waiting() {
  check(loop_.is_current(), "the store is used on its loop");
  if (has_failed_) {
    return fail(Errc::unavailable, "the store has failed");
  }
  if (turn_.writes.size() + turn_.reads.size() >= limits::waiting_replies) {
    return fail(Errc::overloaded, "too many requests wait for the store");
  }
  begin_turn();
  return {};
}

void TurnStore::begin_turn() {
  if (!is_in_turn_) {
    is_in_turn_ = true;
    turn_began_ = clock_.tick();
  }
}

void TurnStore::want_turn() {
  begin_turn();
  loop_.post([] {});
}

bool TurnStore::turn_is_due() const {
  return is_in_turn_ && clock_.tick() - turn_began_ >= limits::turn_time;
}

bool TurnStore::take_turn(Turn& ended) {
  check(loop_.is_current(), "the store is used on its loop");
  check(ended.writes.empty() && ended.reads.empty(), "a turn is answered before another is taken");
  if (!std::exchange(is_in_turn_, false)) {
    return false;
  }
  turn_.writes.swap(ended.writes);
  turn_.reads.swap(ended.reads);
  return true;
}

void TurnStore::refuse(Turn& turn, const Error& error) {
  for (Write& write : turn.writes) {
    write.outcome = std::unexpected(error);
  }
}

void TurnStore::answer(Turn& turn) {
  answer_writes(turn);
  answer_reads(turn);
}

// Answers may ask again at once: what they add belongs to the next turn.
void TurnStore::answer_writes(Turn& turn) {
  for (Write& write : turn.writes) {
    write.reply(std::move(write.outcome));
  }
  turn.writes.clear();
}

void TurnStore::answer_reads(Turn& turn, const Result<void>& durable) {
  for (Read& read : turn.reads) {
    read(durable);
  }
  turn.reads.clear();
  step_search();
  if (is_in_turn_) {
    loop_.post([] {});  // Wakes the loop: what was asked meanwhile needs an end of its own.
  }
}

void TurnStore::fail_for_good(const Error& error) {
  if (!std::exchange(has_failed_, true)) {
    on_failure(error);
  }
}

// --- reads ---------------------------------------------------------------------------------------

void TurnStore::user(UserId id, Reply<std::optional<User>> reply) {
  when_durable<std::optional<User>>(std::move(reply),
                                    [this, id](auto answer) { answer(registry_.user(id)); });
}

void TurnStore::extension(Extension extension, Reply<ExtensionState> reply) {
  when_durable<ExtensionState>(
      std::move(reply), [this, extension](auto answer) { answer(registry_.extension(extension)); });
}

void TurnStore::users(UserQuery query, Reply<UserPage> reply) {
  when_durable<UserPage>(std::move(reply), [this, query = std::move(query)](auto answer) mutable {
    if (searches_.size() >= limits::waiting_searches) {
      return answer(fail(Errc::overloaded, "too many searches are under way"));
    }
    is_preparing_ = true;
    searches_.push_back({UserScan(std::move(query)), std::move(answer)});
  });
}

void TurnStore::prepare_search() {
  is_preparing_ = true;
  want_turn();
}

bool TurnStore::has_search_prepared() {
  is_preparing_ = is_preparing_ && !has_failed_ && !registry_.prepare_search(limits::prepare_step);
  if (is_preparing_) {
    begin_turn();
  }
  return !is_preparing_;
}

void TurnStore::step_search() {
  if (!has_search_prepared() || searches_.empty()) {
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

// --- state ---------------------------------------------------------------------------------------

std::vector<std::string> TurnStore::not_ready() const {
  std::vector<std::string> reasons;
  if (has_failed_) {
    reasons.emplace_back("store_failed");
  }
  return reasons;
}

StoreStatistics TurnStore::statistics() const {
  return {.users = registry_.users(),
          .extensions = registry_.extensions(),
          .last_change = registry_.last_sequence(),
          .waiting_searches = searches_.size()};
}

}  // namespace ringbook
