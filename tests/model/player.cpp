#include "model/player.h"

#include <algorithm>

namespace ringbook::test {
namespace {

// All pages, each row as text; pages are small so that cursors are used.
template <class Key>
std::string history_of(Engine& engine, Key key) {
  constexpr std::size_t page_rows = 7;
  std::string text;
  HistoryCursor cursor = 0;
  do {
    const auto page = engine.history(key, cursor, page_rows);
    if (!page) {
      return text + std::string(name_of(page.error().code));
    }
    for (const auto& row : page->rows) {
      text += describe(row) + "; ";
    }
    cursor = page->next;
  } while (cursor != 0);
  return text;
}

}  // namespace

State state_of(Engine& engine, const Universe& universe) {
  State state;
  const StoreStatistics statistics = engine.store().statistics();
  state["last change"] = std::to_string(statistics.last_change);
  state["users"] = std::to_string(statistics.users);
  for (const UserId& id : universe.users) {
    state["user " + id.text()] = describe(engine.user(id));
    state["history of user " + id.text()] = history_of(engine, id);
  }
  for (const Extension& number : universe.numbers) {
    const auto now = engine.ask<ExtensionState>(
        [&](Store& store, auto reply) { store.extension(number, std::move(reply)); });
    state["number " + number.text()] =
        now ? describe(*now) : std::string(name_of(now.error().code));
    state["history of number " + number.text()] = history_of(engine, number);
  }
  return state;
}

Player::Answered Player::turn(const std::vector<ChangeSet>& sets) {
  const Model before = model_;
  std::vector<Outcome> expected;
  std::vector<std::optional<Result<Outcome>>> given(sets.size());
  std::optional<Result<std::optional<User>>> read;
  const UserId reader = sets.back().edits.front().user;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    expected.push_back(model_.apply(sets[i], engine_.clock.now()));
    engine_.store().apply(ChangeSet(sets[i]), Reply<Outcome>([&given, i](Result<Outcome> answer) {
                            given[i] = std::move(answer);
                          }));
  }
  engine_.store().user(reader,
                       Reply<std::optional<User>>([&](auto answer) { read = std::move(answer); }));
  engine_.store().end_turn();

  std::vector<Result<Outcome>> answers;
  for (auto& answer : given) {
    EXPECT_TRUE(answer) << "a set was not answered by the end of its turn";
    answers.push_back(answer ? std::move(*answer) : Result<Outcome>(fail(Errc::internal)));
  }
  EXPECT_TRUE(read) << "a read was not answered by the end of its turn";
  const bool had_failed = read && !*read;
  EXPECT_FALSE(other_ && !had_failed) << "a read was shown behind an unknown outcome";
  if (read && *read) {
    // What the turn began with, whatever it asked before.
    const auto users = before.users();
    const auto found =
        std::find_if(users.begin(), users.end(), [&](const User& u) { return u.id == reader; });
    EXPECT_EQ(describe(**read),
              describe(found != users.end() ? std::optional(*found) : std::nullopt));
  }
  EXPECT_FALSE(had_failed && answers.front()) << "a read was refused where writes are done";
  if (answers.front().has_value()) {
    compare(sets, expected, answers);
    return Answered::as_modelled;
  }
  const Errc error = answers.front().error().code;
  for (const auto& answer : answers) {
    EXPECT_EQ(describe(answer), name_of(error)) << "one turn, two answers";
  }
  if (error == Errc::no_space) {
    model_ = before;
    return Answered::no_space;
  }
  EXPECT_EQ(error, Errc::unavailable) << answers.front().error().detail;
  if (!other_) {
    other_ = before;
  } else {
    model_ = before;  // It had failed already: nothing was tried.
  }
  return Answered::unavailable;
}

void Player::compare(const std::vector<ChangeSet>& sets, const std::vector<Outcome>& expected,
                     const std::vector<Result<Outcome>>& answers) {
  for (std::size_t i = 0; i < sets.size(); ++i) {
    EXPECT_TRUE(answers[i]) << describe(answers[i]) << ", but others of the turn were decided";
    if (answers[i]) {
      kinds_met_.insert(answers[i]->kind);
      EXPECT_EQ(describe(comparable(*answers[i], sets[i])),
                describe(comparable(expected[i], sets[i])))
          << "set " << i << " of the turn";
    }
  }
}

void Player::agree() {
  const State state = state_of(engine_, universe_);
  if (other_ && difference(state, other_->state(universe_)).empty()) {
    model_ = *other_;
  }
  other_.reset();
  EXPECT_EQ(difference(state, model_.state(universe_)), "") << "engine first, model second";
}

void Player::agree_on(Instant at) {
  State state;
  const std::string when = " at " + std::to_string(at.ms);
  for (const UserId& id : universe_.users) {
    const auto found = engine_.holding(id, {at, at});
    state["held by user " + id.text() + when] =
        found ? describe(found->holding) : std::string(name_of(found.error().code));
  }
  for (const Extension& number : universe_.numbers) {
    const auto found = engine_.holding(number, {at, at});
    ASSERT_TRUE(found) << found.error().detail;
    if (std::string& answer = state["holder of number " + number.text() + when]; found->holding) {
      answer = describe(*found->holding);
    }
  }
  State expected;
  model_.add_moment(expected, universe_, at);
  EXPECT_EQ(difference(state, expected), "") << "engine first, model second";
}

}  // namespace ringbook::test
