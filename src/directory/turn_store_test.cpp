// On an engine that takes a turn and answers it later, as one whose journal is elsewhere does.
#include "directory/turn_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LateStore final : public TurnStore {
 public:
  using TurnStore::TurnStore;

  bool is_durable() const override { return true; }
  void apply(ChangeSet&& set, Reply<Outcome> reply) override {
    if (may_wait(reply)) {
      sets_.push_back(std::move(set));
      answer_with_turn(std::move(reply));
    }
  }
  void end_turn() override { is_under_way_ = take_turn(taken_) || is_under_way_; }
  void user_history(UserId, HistoryCursor, std::size_t, Reply<UserHistoryPage>) override {}
  void extension_history(Extension, HistoryCursor, std::size_t,
                         Reply<ExtensionHistoryPage>) override {}
  void user_holding(UserId, Moment, Reply<UserHoldingAt>) override {}
  void extension_holding(Extension, Moment, Reply<ExtensionHoldingAt>) override {}
  void last_changes(UserId, Reply<LastChanges>) override {}

  // Decides what the turn that is under way asked, and answers it.
  void arrive() {
    for (Write& write : taken_.writes) {
      write.outcome = registry().decide(sets_.front(), clock().now(), made_);
      sets_.pop_front();
    }
    registry().commit();
    is_under_way_ = false;
    answer(taken_);
  }
  void arrive_refused(const Error& error) {
    refuse(taken_, error);
    sets_.clear();
    is_under_way_ = false;
    answer(taken_);
  }
  bool is_under_way() const { return is_under_way_; }
  using TurnStore::fail_for_good;

  int failures = 0;

 protected:
  void on_failure(const Error&) override { ++failures; }

 private:
  Turn taken_;
  bool is_under_way_ = false;
  std::deque<ChangeSet> sets_;
  std::vector<Change> made_;
};

class TurnStoreTest : public ::testing::Test {
 protected:
  // Each answer is noted as the name of its question and what came of it.
  void write(const std::string& name, Edit edit) {
    ChangeSet set;
    set.edits.push_back(std::move(edit));
    store.apply(std::move(set), Reply<Outcome>([this, name](const Result<Outcome>& outcome) {
                  note(name, outcome ? "done" : name_of(outcome.error().code));
                }));
  }
  void read(const std::string& name, UserId user) {
    store.user(user,
               Reply<std::optional<User>>([this, name](const Result<std::optional<User>>& found) {
                 note(name, !found   ? name_of(found.error().code)
                            : *found ? *(*found)->profile.name
                                     : "nobody");
               }));
  }
  void list(const std::string& name) {
    UserQuery query;
    query.limit = 1;
    store.users(std::move(query), Reply<UserPage>([this, name](const Result<UserPage>& page) {
                  note(name, !page                 ? name_of(page.error().code)
                             : page->users.empty() ? "nobody"
                                                   : *page->users.front().profile.name);
                }));
  }
  void note(const std::string& name, std::string_view what) {
    answers.push_back(name + " " + std::string(what));
  }

  std::vector<std::string> answers;
  ManualClock clock{Instant{1000}};
  QueueLoop loop;
  LateStore store{loop, clock};
};

TEST_F(TurnStoreTest, AnswersWhenTheTurnIsDurableAndNotWhenItEnds) {
  read("before", id(1));
  write("make", put(id(1), "Ada"));
  read("after", id(1));
  store.end_turn();
  EXPECT_THAT(answers, IsEmpty());
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("make done", "before Ada", "after Ada"));
}

TEST_F(TurnStoreTest, CollectsTheNextTurnWhileOneIsUnderWay) {
  write("make", put(id(1), "Ada"));
  store.end_turn();
  read("look", id(1));
  list("list");
  write("change", put(id(1), "Grace"));
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("make done"));
  store.end_turn();
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("make done", "change done", "look Grace", "list Grace"));
}

TEST_F(TurnStoreTest, LeavesToTheNextTurnWhatAnAnswerAsks) {
  store.user(id(1), Reply<std::optional<User>>([this](const Result<std::optional<User>>&) {
               answers.emplace_back("first");
               read("second", id(1));
             }));
  store.end_turn();
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("first"));
  EXPECT_TRUE(loop.run_one()) << "the loop wakes to end the turn";
  store.end_turn();
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("first", "second nobody"));
}

TEST_F(TurnStoreTest, HasNoTurnWhenNobodyAsks) {
  store.end_turn();
  EXPECT_FALSE(store.is_under_way());
  clock.advance(limits::turn_time);
  EXPECT_FALSE(store.turn_is_due());
  read("look", id(1));
  EXPECT_FALSE(store.turn_is_due());
  clock.advance(limits::turn_time);
  EXPECT_TRUE(store.turn_is_due());
}

TEST_F(TurnStoreTest, RefusesTheWritesOfATurnAndGoesOn) {
  write("make", put(id(1), "Ada"));
  read("look", id(1));
  store.end_turn();
  store.arrive_refused({Errc::no_space, "full"});
  EXPECT_THAT(answers, ElementsAre("make no_space", "look nobody"));
  EXPECT_EQ(store.failures, 0);
  EXPECT_THAT(store.not_ready(), IsEmpty());
}

TEST_F(TurnStoreTest, AnswersNothingMoreOnceItFailed) {
  write("make", put(id(1), "Ada"));
  read("look", id(1));
  list("list");
  store.end_turn();
  store.fail_for_good({Errc::unavailable, "gone"});
  store.fail_for_good({Errc::unavailable, "gone again"});
  EXPECT_EQ(store.failures, 1);
  read("later", id(1));
  store.arrive_refused({Errc::unavailable, "gone"});
  EXPECT_THAT(answers, ElementsAre("later unavailable", "make unavailable", "look unavailable",
                                   "list unavailable"));
  EXPECT_THAT(store.not_ready(), ElementsAre("store_failed"));
}

TEST_F(TurnStoreTest, HasABoundOfSearchesUnderWay) {
  for (std::size_t i = 0; i < limits::waiting_searches + 2; ++i) {
    list("list");
  }
  store.end_turn();
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("list overloaded", "list overloaded", "list nobody"));
  EXPECT_EQ(store.statistics().waiting_searches, limits::waiting_searches - 1);
}

TEST_F(TurnStoreTest, AnswersOneSearchATurn) {
  list("first");
  list("second");
  store.end_turn();
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("first nobody"));
  store.end_turn();
  store.arrive();
  EXPECT_THAT(answers, ElementsAre("first nobody", "second nobody"));
  store.end_turn();
  EXPECT_FALSE(store.is_under_way());
}

// A start has the index made a step a turn; meanwhile everything else goes on.
TEST_F(TurnStoreTest, HasListsWaitUntilSearchesArePrepared) {
  for (std::uint32_t n = 0; n < 2 * limits::prepare_step; ++n) {
    write("make", put(scattered_id(n), "Ada"));
  }
  store.end_turn();
  store.arrive();
  answers.clear();
  store.prepare_search();
  EXPECT_TRUE(loop.run_one()) << "the loop wakes to make a step";
  list("list");
  int turns = 0;
  while (std::ranges::find(answers, "list Ada") == answers.end()) {
    ASSERT_LT(++turns, 100);
    read("look", scattered_id(0));
    store.end_turn();
    ASSERT_TRUE(store.is_under_way());
    store.arrive();
    EXPECT_EQ(std::ranges::count(answers, "look Ada"), turns);
  }
  EXPECT_GE(turns, 3);
}

}  // namespace
}  // namespace ringbook::test
