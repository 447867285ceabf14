// The specification of Store: every engine runs it unchanged.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "base/limits.h"
#include "contract/engine.h"

namespace ringbook::test {
namespace {

using Kind = Outcome::Kind;

class StoreContract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const auto absent = engine.why_absent()) {
      GTEST_SKIP() << *absent;
    }
  }
  Engine engine{GetParam()};
};

std::string name_of_engine(const testing::TestParamInfo<const char*>& test) {
  std::string name = test.param;
  std::erase(name, ':');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreContract,
                         testing::Values("memory:", "sqlite:", "shared:1", "shared:3"),
                         name_of_engine);

INSTANTIATE_TEST_SUITE_P(Databases, StoreContract,
                         testing::Values("mongo:FerretdbSqlite:1", "mongo:FerretdbSqlite:3",
                                         "mongo:FerretdbSqlite:1:indexed",
                                         "mongo:FerretdbPostgresql:1", "mongo:FerretdbPostgresql:3",
                                         "mongo:FerretdbPostgresql:1:indexed", "mongo:JavaServer:1",
                                         "mongo:JavaServer:3", "mongo:JavaServer:1:indexed"),
                         name_of_engine);

// What holds where the journal is in the same process.
using EmbeddedStoreContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Engines, EmbeddedStoreContract, testing::Values("memory:", "sqlite:"),
                         name_of_engine);

const UserId ada = user_id(1);
const UserId grace = user_id(2);
const UserId linus = user_id(3);
const UserId newcomer = user_id(5);
const UserId nobody = user_id(999);

UserQuery everybody() {
  UserQuery query;
  query.limit = limits::page_rows_max;
  return query;
}

// --- one number ----------------------------------------------------------------------------------

TEST_P(StoreContract, CreatesAPersonAndGivesANumber) {
  const Outcome created = engine.apply({put(ada, "Ada")});
  EXPECT_EQ(created.kind, Kind::applied);
  EXPECT_TRUE(created.created);
  EXPECT_EQ(created.version, 1U);
  const Outcome assigned = engine.apply({assign(ada, number("1234"))});
  EXPECT_EQ(assigned.kind, Kind::applied);
  EXPECT_FALSE(assigned.created);
  EXPECT_EQ(assigned.version, 2U);
  const auto user = engine.user(ada);
  ASSERT_TRUE(user);
  EXPECT_EQ(user->profile.name, "Ada");
  EXPECT_EQ(user->extension, number("1234"));
  EXPECT_EQ(user->version, 2U);
  EXPECT_EQ(user->updated_at, engine.clock.now());
}

// [PUT-4]
TEST_P(StoreContract, ChangesNothingWhenTheNumberIsTheSame) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("1234"))});
  const auto before = engine.store().statistics().last_change;
  const Outcome again = engine.apply({assign(ada, number("1234"))});
  EXPECT_EQ(again.kind, Kind::unchanged);
  EXPECT_EQ(again.version, engine.user(ada)->version);
  EXPECT_EQ(engine.store().statistics().last_change, before);
  EXPECT_EQ(engine.history(ada)->rows.size(), 1U);
}

TEST_P(StoreContract, KnowsNoUserWhoIsNotThere) {
  EXPECT_EQ(engine.apply({assign(nobody, number("1234"))}).kind, Kind::not_found);
  EXPECT_EQ(engine.apply({release(nobody)}).kind, Kind::not_found);
  EXPECT_EQ(engine.apply({remove(nobody)}).kind, Kind::not_found);
  EXPECT_FALSE(engine.user(nobody));
  EXPECT_EQ(engine.store().statistics().last_change, 0U);
}

// [PUT-6] [STORE-4]
TEST_P(StoreContract, SaysWhoHoldsATakenNumberAndSinceWhen) {
  engine.apply({put(ada, "Ada"), put(grace, Profile{})});
  engine.apply({assign(grace, number("1234"))});
  const Instant since = engine.clock.now();
  engine.clock.advance(std::chrono::hours(1));
  const Outcome refused = engine.apply({assign(ada, number("1234"))});
  EXPECT_EQ(refused.kind, Kind::conflict);
  ASSERT_TRUE(refused.conflict);
  EXPECT_EQ(refused.conflict->wanted, number("1234"));
  EXPECT_EQ(refused.conflict->holder, grace);
  EXPECT_EQ(refused.conflict->holder_name, std::nullopt);
  EXPECT_EQ(refused.conflict->since, since);
  EXPECT_EQ(refused.conflict->suggestions,
            (std::vector{number("1235"), number("1236"), number("1237")}));
}

TEST_P(StoreContract, ReleasesANumberForOthers) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  engine.apply({assign(ada, number("1234"))});
  EXPECT_EQ(engine.apply({release(ada)}).kind, Kind::applied);
  EXPECT_EQ(engine.apply({release(ada)}).kind, Kind::unchanged);
  EXPECT_EQ(engine.apply({assign(grace, number("1234"))}).kind, Kind::applied);
  EXPECT_EQ(engine.held_by(ada), std::nullopt);
}

TEST_P(StoreContract, KeepsLeadingZerosApart) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  EXPECT_EQ(engine.apply({assign(ada, number("012"))}).kind, Kind::applied);
  EXPECT_EQ(engine.apply({assign(grace, number("12"))}).kind, Kind::applied);
  EXPECT_EQ(engine.held_by(ada)->text(), "012");
}

// --- sets ----------------------------------------------------------------------------------------

TEST_P(StoreContract, SwapsTwoNumbersInOneSet) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  engine.apply({assign(ada, number("11")), assign(grace, number("22"))});
  EXPECT_EQ(engine.apply({assign(ada, number("22")), assign(grace, number("11"))}).kind,
            Kind::applied);
  EXPECT_EQ(engine.held_by(ada), number("22"));
  EXPECT_EQ(engine.held_by(grace), number("11"));
}

TEST_P(StoreContract, DoesAllOfASetOrNothing) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  engine.apply({assign(grace, number("22"))});
  const auto before = engine.store().statistics().last_change;
  EXPECT_EQ(engine.apply({put(user_id(3), "New"), assign(ada, number("22"))}).kind, Kind::conflict);
  EXPECT_FALSE(engine.user(user_id(3)));
  EXPECT_EQ(engine.held_by(ada), std::nullopt);
  EXPECT_EQ(engine.store().statistics().last_change, before);
}

// [PUT-3]
TEST_P(StoreContract, LeavesANumberToAHolderWhomTheSetOnlyEdits) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  engine.apply({assign(ada, number("11"))});
  const auto before = engine.store().statistics().last_change;
  const Edit edited = put(ada, "Ada Lovelace");
  const Edit wanted = assign(grace, number("11"));
  for (const auto& edits : {std::vector{edited, wanted}, std::vector{wanted, edited}}) {
    const Outcome refused = engine.apply(edits);
    EXPECT_EQ(refused.kind, Kind::conflict);
    ASSERT_TRUE(refused.conflict);
    EXPECT_EQ(refused.conflict->wanted, number("11"));
    EXPECT_EQ(refused.conflict->holder, ada);
    EXPECT_EQ(edits[refused.edit].user, grace);
  }
  EXPECT_EQ(engine.held_by(ada), number("11"));
  EXPECT_EQ(engine.held_by(grace), std::nullopt);
  EXPECT_EQ(engine.user(ada)->profile.name, "Ada");
  EXPECT_EQ(engine.store().statistics().last_change, before);
}

TEST_P(StoreContract, RefusesTwoEditsForOneUser) {
  const auto refused = engine.apply(change_set({put(ada, "Ada"), assign(ada, number("11"))}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid);
}

// --- people --------------------------------------------------------------------------------------

TEST_P(StoreContract, ReplacesAProfileAndKeepsTheNumber) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("1234"))});
  Profile profile{"Ada Lovelace", "ada@example.com", "Support", "admin", false};
  const Outcome replaced = engine.apply({put(ada, profile)});
  EXPECT_EQ(replaced.kind, Kind::applied);
  EXPECT_FALSE(replaced.created);
  EXPECT_EQ(engine.user(ada)->profile, profile);
  EXPECT_EQ(engine.held_by(ada), number("1234"));
  EXPECT_EQ(engine.apply({put(ada, profile)}).kind, Kind::unchanged);
}

TEST_P(StoreContract, CreatesOnlyWhoIsNotThereWhenAsked) {
  Edit create = put(ada, "Ada");
  create.person = Edit::Person::create;
  EXPECT_EQ(engine.apply({create}).kind, Kind::applied);
  create.profile.name = "Other";
  EXPECT_EQ(engine.apply({create}).kind, Kind::already_exists);
  EXPECT_EQ(engine.user(ada)->profile.name, "Ada");
}

TEST_P(StoreContract, DeletesAPersonAndReleasesTheNumber) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  engine.apply({assign(ada, number("1234"))});
  EXPECT_EQ(engine.apply({remove(ada)}).kind, Kind::applied);
  EXPECT_FALSE(engine.user(ada));
  EXPECT_EQ(engine.apply({assign(grace, number("1234"))}).kind, Kind::applied);
  EXPECT_EQ(engine.store().statistics().users, 1U);
}

TEST_P(StoreContract, NeverRepeatsAVersionAcrossADeletion) {
  engine.apply({put(ada, "Ada")});
  const auto first = engine.user(ada)->version;
  engine.apply({remove(ada)});
  engine.apply({put(ada, "Ada")});
  EXPECT_GT(engine.user(ada)->version, first + 1);
}

// --- conditions ----------------------------------------------------------------------------------

TEST_P(StoreContract, ChecksConditionsAfterConflictsAndAfterNothingToDo) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  engine.apply({assign(ada, number("11")), assign(grace, number("22"))});
  const Version version = engine.user(ada)->version;
  const auto with = [&](Edit edit, Precondition condition) {
    ChangeSet set = change_set({std::move(edit)});
    set.precondition = std::move(condition);
    return engine.apply(std::move(set))->kind;
  };
  Precondition stale;
  stale.if_match = Precondition::Match::one_of;
  stale.if_match_versions = {version + 100};
  EXPECT_EQ(with(assign(nobody, number("33")), stale), Kind::not_found);
  EXPECT_EQ(with(assign(ada, number("22")), stale), Kind::conflict);
  EXPECT_EQ(with(assign(ada, number("11")), stale), Kind::unchanged);
  EXPECT_EQ(with(assign(ada, number("33")), stale), Kind::precondition_failed);
  EXPECT_EQ(engine.held_by(ada), number("11"));
  Precondition fresh = stale;
  fresh.if_match_versions.push_back(version);
  EXPECT_EQ(with(assign(ada, number("33")), fresh), Kind::applied);
}

TEST_P(StoreContract, UnderstandsEveryKindOfCondition) {
  engine.apply({put(ada, "Ada")});
  const Version version = engine.user(ada)->version;
  int count = 0;
  const auto with = [&](UserId user, auto set_up) {
    ChangeSet set = change_set({put(user, "name " + std::to_string(++count))});
    set_up(set.precondition);
    return engine.apply(std::move(set))->kind;
  };
  using Match = Precondition::Match;
  EXPECT_EQ(with(nobody, [](auto& p) { p.if_match = Match::any; }), Kind::precondition_failed);
  EXPECT_EQ(with(ada, [](auto& p) { p.if_none_match = Match::any; }), Kind::precondition_failed);
  EXPECT_EQ(with(ada,
                 [&](auto& p) {
                   p.if_none_match = Match::one_of;
                   p.if_none_match_versions = {version};
                 }),
            Kind::precondition_failed);
  EXPECT_EQ(with(ada,
                 [&](auto& p) {
                   p.if_none_match = Match::one_of;
                   p.if_none_match_versions = {version + 1};
                 }),
            Kind::applied);
  EXPECT_EQ(with(ada, [](auto& p) { p.if_match = Match::any; }), Kind::applied);
  EXPECT_EQ(with(user_id(3), [](auto& p) { p.if_none_match = Match::any; }), Kind::applied);
}

TEST_P(StoreContract, GivesThePresentUserWithAFailedCondition) {
  engine.apply({put(ada, "Ada")});
  ChangeSet set = change_set({put(ada, "Other")});
  set.precondition.if_none_match = Precondition::Match::any;
  const auto refused = engine.apply(std::move(set));
  ASSERT_TRUE(refused->user);
  EXPECT_EQ(refused->user->profile.name, "Ada");
}

TEST_P(StoreContract, RefusesReadOnlyMembersThatDiffer) {
  engine.apply({put(ada, "Ada")});
  const auto with = [&](auto set_up) {
    ChangeSet set = change_set({put(ada, "Ada")});
    set_up(set.read_only);
    const auto outcome = engine.apply(std::move(set));
    return outcome->kind == Kind::read_only_differs ? outcome->member : "";
  };
  const auto now = to_rfc3339(engine.clock.now());
  EXPECT_EQ(with([](auto& m) { m.version = 7; }), "version");
  EXPECT_EQ(with([](auto& m) { m.updated_at = "2000-01-01T00:00:00.000Z"; }), "updatedAt");
  EXPECT_EQ(with([](auto& m) { m.extension = std::optional(number("11")); }),
            "personalInformation");
  EXPECT_EQ(with([&](auto& m) {
              m.version = 1;
              m.updated_at = now;
              m.extension = std::optional<Extension>();
            }),
            "");
}

// --- history -------------------------------------------------------------------------------------

// [PUT-15] [STORE-3]
TEST_P(StoreContract, RecordsWhoWhenWhyAndWhat) {
  engine.apply({put(ada, "Ada")});
  engine.clock.advance(std::chrono::minutes(1));
  engine.apply(change_set({assign(ada, number("11"))}, "request-1"));
  engine.clock.advance(std::chrono::minutes(1));
  engine.apply(change_set({assign(ada, number("22"))}, "request-2"));
  engine.apply({put(ada, "Ada Lovelace")});
  engine.apply(change_set({release(ada)}, "request-3"));
  const auto page = engine.history(ada);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 3U);
  EXPECT_EQ(page->next, 0U);
  const UserHistoryRow& newest = page->rows[0];
  EXPECT_EQ(newest.from, number("22"));
  EXPECT_EQ(newest.to, std::nullopt);
  EXPECT_EQ(newest.request_id, "request-3");
  EXPECT_EQ(newest.issuer, "https://issuer.example");
  EXPECT_EQ(newest.subject, "admin-1");
  const UserHistoryRow& oldest = page->rows[2];
  EXPECT_EQ(oldest.from, std::nullopt);
  EXPECT_EQ(oldest.to, number("11"));
  EXPECT_EQ(oldest.request_id, "request-1");
  EXPECT_EQ(page->rows[1].at.ms - oldest.at.ms, 60'000);
}

TEST_P(StoreContract, TellsWhoHeldANumberAndWhen) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  std::vector<Instant> times;
  const auto at_next_minute = [&](std::vector<Edit> edits) {
    engine.clock.advance(std::chrono::minutes(1));
    times.push_back(engine.clock.now());
    engine.apply(std::move(edits));
  };
  at_next_minute({assign(ada, number("11"))});
  at_next_minute({assign(grace, number("22"))});
  at_next_minute({assign(ada, number("22")), assign(grace, number("11"))});
  at_next_minute({remove(grace)});
  at_next_minute({assign(ada, number("11"))});
  const auto page = engine.history(number("11"));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 3U);
  EXPECT_EQ(page->rows[0].user, ada);
  EXPECT_EQ(page->rows[0].name, "Ada");
  EXPECT_EQ(page->rows[0].from, times[4]);
  EXPECT_EQ(page->rows[0].to, std::nullopt);
  EXPECT_EQ(page->rows[1].user, grace);
  EXPECT_EQ(page->rows[1].name, std::nullopt);
  EXPECT_EQ(page->rows[1].from, times[2]);
  EXPECT_EQ(page->rows[1].to, times[3]);
  EXPECT_EQ(page->rows[2].user, ada);
  EXPECT_EQ(page->rows[2].from, times[0]);
  EXPECT_EQ(page->rows[2].to, times[2]);
  const auto free = engine.history(number("22"));
  ASSERT_EQ(free->rows.size(), 2U);
  EXPECT_EQ(free->rows[0].user, ada);
  EXPECT_EQ(free->rows[0].to, times[4]);
  EXPECT_EQ(free->rows[1].user, grace);
  EXPECT_TRUE(engine.history(number("33"))->rows.empty());
}

TEST_P(StoreContract, KeepsHistoryAcrossADeletionAndASecondLife) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("11"))});
  engine.apply({remove(ada)});
  EXPECT_EQ(engine.history(ada)->rows.size(), 2U);
  engine.apply({put(ada, "Ada")});
  EXPECT_EQ(engine.history(ada)->rows.size(), 2U);
  engine.apply({assign(ada, number("22"))});
  const auto page = engine.history(ada);
  ASSERT_EQ(page->rows.size(), 3U);
  EXPECT_EQ(page->rows[0].from, std::nullopt);
  EXPECT_EQ(page->rows[0].to, number("22"));
  EXPECT_EQ(page->rows[1].from, number("11"));
  EXPECT_EQ(engine.history(nobody).error().code, Errc::not_found);
}

Moment at(Instant instant) {
  return {instant, instant};
}

// [HIST-1]
TEST_P(StoreContract, TellsWhatWasHeldAtAMoment) {
  const Instant begin = engine.clock.now();
  const auto minute = [&](std::int64_t count, std::int64_t ms = 0) {
    return at(Instant{begin.ms + count * 60'000 + ms});
  };
  const auto held = [&](UserId id, Moment moment) {
    const auto found = engine.holding(id, moment);
    EXPECT_TRUE(found);
    EXPECT_EQ(found->at, moment.last);
    return found->holding ? found->holding->given.to : std::nullopt;
  };
  const auto holder = [&](std::string_view digits, Moment moment) {
    const auto found = engine.holding(number(digits), moment);
    EXPECT_TRUE(found);
    return found->holding ? std::optional(found->holding->user) : std::nullopt;
  };
  const auto at_next_minute = [&](std::vector<Edit> edits) {
    engine.clock.advance(std::chrono::minutes(1));
    engine.apply(std::move(edits));
  };
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  at_next_minute({assign(ada, number("11")), assign(grace, number("22"))});
  at_next_minute({assign(ada, number("22")), assign(grace, number("11"))});  // 2: a swap
  at_next_minute({remove(ada)});                                             // 3
  at_next_minute({put(ada, "Another Ada")});                                 // 4: a second life
  at_next_minute({assign(ada, number("22"))});                               // 5
  engine.apply({release(ada)});  // In the same millisecond.
  engine.apply({assign(ada, number("33"))});
  engine.clock.advance(std::chrono::minutes(1));  // 6

  EXPECT_EQ(held(ada, minute(0)), std::nullopt);
  EXPECT_EQ(held(ada, minute(1, -1)), std::nullopt);
  EXPECT_EQ(held(ada, minute(1)), number("11"));
  EXPECT_EQ(held(ada, minute(2, -1)), number("11"));
  EXPECT_EQ(held(ada, minute(2)), number("22"));
  EXPECT_EQ(held(ada, minute(3, -1)), number("22"));
  EXPECT_EQ(held(ada, minute(3)), std::nullopt);
  EXPECT_EQ(held(ada, minute(5, -1)), std::nullopt);
  EXPECT_EQ(held(ada, minute(5)), number("33"));
  EXPECT_EQ(held(ada, minute(6)), number("33"));
  EXPECT_EQ(holder("11", minute(1, -1)), std::nullopt);
  EXPECT_EQ(holder("11", minute(1)), ada);
  EXPECT_EQ(holder("11", minute(2)), grace);
  EXPECT_EQ(holder("22", minute(2, -1)), grace);
  EXPECT_EQ(holder("22", minute(2)), ada);
  EXPECT_EQ(holder("22", minute(3)), std::nullopt);
  EXPECT_EQ(holder("22", minute(5)), std::nullopt) << "held for no time";
  EXPECT_EQ(holder("33", minute(5)), ada);
  EXPECT_EQ(holder("44", minute(5)), std::nullopt);

  const auto first = engine.holding(ada, minute(1, 7));
  ASSERT_TRUE(first && first->holding);
  EXPECT_EQ(first->holding->given.at, minute(1).first);
  EXPECT_EQ(first->holding->to, minute(2).first);
  EXPECT_EQ(first->holding->given.subject, "admin-1");
  const auto of_number = engine.holding(number("22"), minute(2));
  ASSERT_TRUE(of_number && of_number->holding);
  EXPECT_EQ(of_number->holding->name, "Another Ada");
  EXPECT_EQ(of_number->holding->from, minute(2).first);
  EXPECT_EQ(of_number->holding->to, minute(3).first);
  const auto present = engine.holding(ada, minute(6));
  ASSERT_TRUE(present && present->holding);
  EXPECT_EQ(present->holding->to, std::nullopt);
  EXPECT_EQ(engine.holding(nobody, minute(1)).error().code, Errc::not_found);
}

// [HIST-1]
TEST_P(StoreContract, TakesAMomentThatHasBegunForNowAtTheLatest) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("11"))});
  const Instant now = engine.clock.now();
  const Moment today{Instant{now.ms - 1000}, Instant{now.ms + 1'000'000'000}};
  for (const Moment& moment : {today, at(Instant{now.ms + 30'000}), at(now)}) {
    const auto found = engine.holding(number("11"), moment);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at, now);
    EXPECT_TRUE(found->holding);
    EXPECT_EQ(engine.holding(ada, moment)->at, now);
  }
  const Moment tomorrow = at(Instant{now.ms + 30'001});
  EXPECT_EQ(engine.holding(number("11"), tomorrow).error().code, Errc::invalid);
  EXPECT_EQ(engine.holding(ada, tomorrow).error().code, Errc::invalid);
}

// [STORE-11] [HIST-1]
TEST_P(StoreContract, SeesInHistoriesWhatAClockThatWasSetBackCannot) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("11"))});
  const Instant before = engine.clock.now();
  engine.clock.set(Instant{before.ms - 3'600'000});
  const Moment now = at(before);
  EXPECT_EQ(engine.holding(number("11"), now)->holding->user, ada);
  EXPECT_EQ(engine.holding(ada, now)->holding->given.to, number("11"));
}

// [HIST-1] [HIST-2]
TEST_P(StoreContract, FindsEveryMomentOfALongHistory) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  const Instant begin = engine.clock.now();
  const std::int64_t count = engine.is_elsewhere() ? 40 : 1000;
  for (std::int64_t i = 1; i <= count; ++i) {
    engine.clock.set(Instant{begin.ms + 10 * i});
    engine.apply(i % 2 == 1 ? std::vector{release(grace), assign(ada, number("11"))}
                            : std::vector{assign(ada, number("22")), assign(grace, number("11"))});
  }
  for (std::int64_t i = 1; i <= count; ++i) {
    for (const std::int64_t ms : {10 * i, 10 * i + 9}) {
      const Moment moment = at(Instant{std::min(begin.ms + ms, engine.clock.now().ms)});
      const auto of_number = engine.holding(number("11"), moment);
      const auto of_user = engine.holding(ada, moment);
      ASSERT_TRUE(of_number && of_number->holding && of_user && of_user->holding);
      ASSERT_EQ(of_number->holding->user, i % 2 == 1 ? ada : grace) << i;
      ASSERT_EQ(of_number->holding->from.ms, begin.ms + 10 * i);
      ASSERT_EQ(of_user->holding->given.to, number(i % 2 == 1 ? "11" : "22")) << i;
      ASSERT_EQ(of_user->holding->given.at.ms, begin.ms + 10 * i);
      ASSERT_EQ(of_user->holding->to.has_value(), i < count);
    }
  }
}

TEST_P(StoreContract, PagesThroughHistories) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  for (int i = 0; i < 7; ++i) {
    engine.apply({assign(ada, number("11"))});
    engine.apply({release(ada)});
  }
  std::size_t rows = 0;
  HistoryCursor cursor = 0;
  do {
    const auto page = engine.history(ada, cursor, 4);
    ASSERT_TRUE(page);
    ASSERT_LE(page->rows.size(), 4U);
    rows += page->rows.size();
    cursor = page->next;
  } while (cursor != 0);
  EXPECT_EQ(rows, 14U);
  rows = 0;
  do {
    const auto page = engine.history(number("11"), cursor, 3);
    ASSERT_TRUE(page);
    rows += page->rows.size();
    cursor = page->next;
  } while (cursor != 0);
  EXPECT_EQ(rows, 7U);
  // A cursor of another history, and one of none.
  engine.apply({assign(grace, number("22"))});
  EXPECT_EQ(engine.history(grace, 3).error().code, Errc::invalid);
  EXPECT_EQ(engine.history(number("22"), 3).error().code, Errc::invalid);
  EXPECT_EQ(engine.history(ada, 1).error().code, Errc::invalid);
  EXPECT_EQ(engine.history(ada, 1'000'000).error().code, Errc::invalid);
}

TEST_P(StoreContract, TellsOfOneMomentAUserAndWhoChangedIt) {
  engine.apply({put(ada, "Ada")});
  engine.store().apply(change_set({put(ada, "Ada Lovelace")}), Reply<Outcome>([](auto) {}));
  const auto last =
      engine.ask<LastChanges>([](Store& s, auto r) { s.last_changes(ada, std::move(r)); });
  ASSERT_TRUE(last && last->user);
  EXPECT_EQ(last->user->profile.name, "Ada Lovelace");
  EXPECT_EQ(last->user->version, last->of_user.version);
}

TEST_P(StoreContract, TellsWhoChangedAUserLast) {
  engine.apply({put(ada, "Ada")});
  const auto last_changes = [&](UserId id) {
    return engine.ask<LastChanges>([id](Store& s, auto r) { s.last_changes(id, std::move(r)); });
  };
  auto last = last_changes(ada);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->of_user.subject, "admin-1");
  EXPECT_EQ(last->of_user.issuer, "https://issuer.example");
  EXPECT_EQ(last->of_user.at, engine.clock.now());
  EXPECT_EQ(last->of_user.version, 1U);
  EXPECT_FALSE(last->of_number);
  const Instant given = engine.clock.now();
  engine.apply({assign(ada, number("11"))});
  engine.clock.advance(std::chrono::minutes(1));
  engine.apply({put(ada, "Ada Lovelace")});
  last = last_changes(ada);
  ASSERT_TRUE(last && last->of_number);
  EXPECT_EQ(last->of_user.version, 3U);
  EXPECT_EQ(last->of_user.fields, Change::name);
  EXPECT_EQ(last->of_number->version, 2U);
  EXPECT_EQ(last->of_number->at, given);
  EXPECT_EQ(last->of_number->from, std::nullopt);
  EXPECT_EQ(last->of_number->to, number("11"));
  engine.apply({remove(ada)});
  last = last_changes(ada);
  ASSERT_TRUE(last && last->of_number);
  EXPECT_EQ(last->of_user.version, 4U);
  EXPECT_EQ(last->of_number->version, 4U);
  EXPECT_EQ(last_changes(nobody).error().code, Errc::not_found);
}

// --- lists ---------------------------------------------------------------------------------------

TEST_P(StoreContract, ListsUsersInOrderOfTheirIds) {
  const std::uint32_t part = engine.is_elsewhere() ? 10 : 1;
  const std::uint32_t count = 1300 / part;
  std::vector<Edit> edits;
  for (std::uint32_t i = 0; i < count; ++i) {
    edits.push_back(put(user_id((i * 7919) % count), "User " + std::to_string(i)));
  }
  engine.apply(std::move(edits));
  engine.apply({remove(user_id(5)), remove(user_id(700 / part))});
  std::vector<UserId> seen;
  UserQuery query;
  query.limit = 500 / part;
  while (true) {
    const UserPage page = engine.users(query);
    for (const User& user : page.users) {
      seen.push_back(user.id);
    }
    if (!page.has_more) {
      break;
    }
    ASSERT_EQ(page.users.size(), query.limit);
    query.after = page.users.back().id;
  }
  EXPECT_EQ(seen.size(), count - 2);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_FALSE(std::binary_search(seen.begin(), seen.end(), user_id(5)));
}

TEST_P(StoreContract, FindsUsersByWhatTheyAre) {
  engine.apply(
      {put(user_id(1), Profile{"Ada Lovelace", "Ada@Example.com", "Support", "user", true}),
       put(user_id(2), Profile{"\xC3\x86r\xC3\xB8 \xC3\x87"
                               "elik",
                               "celik@example.com", "Sales", "user", true}),
       put(user_id(3), Profile{"Grace", "ada@example.com", "Support", "user", true})});
  engine.apply({assign(user_id(1), number("1234")), assign(user_id(2), number("1300"))});
  const auto found = [&](auto set_up) {
    UserQuery query;
    query.limit = 10;
    set_up(query);
    std::vector<UserId> ids;
    for (const User& user : engine.users(query).users) {
      ids.push_back(user.id);
    }
    return ids;
  };
  using Ids = std::vector<UserId>;
  EXPECT_EQ(found([](auto& q) { q.email = "ADA@example.com"; }), (Ids{user_id(1), user_id(3)}));
  EXPECT_EQ(found([](auto& q) { q.extension = number("1300"); }), Ids{user_id(2)});
  EXPECT_EQ(found([](auto& q) { q.extension = number("9999"); }), Ids{});
  EXPECT_EQ(found([](auto& q) { q.department = "Support"; }), (Ids{user_id(1), user_id(3)}));
  EXPECT_EQ(found([](auto& q) { q.search = "LOVE ada"; }), Ids{user_id(1)});
  EXPECT_EQ(found([](auto& q) { q.search = "celik"; }), Ids{user_id(2)});
  EXPECT_EQ(found([](auto& q) { q.search = "13"; }), Ids{user_id(2)});
  EXPECT_EQ(found([](auto& q) { q.search = "ada@exa"; }), (Ids{user_id(1), user_id(3)}));
  EXPECT_EQ(found([](auto& q) { q.search = "ovelace"; }), Ids{});
  EXPECT_EQ(found([](auto& q) {
              q.department = "Support";
              q.email = "ada@example.com";
              q.after = user_id(1);
            }),
            Ids{user_id(3)});
}

// [STORE-11]
TEST_P(StoreContract, ListsWhatWasJustAcknowledged) {
  engine.apply({put(ada, Profile{"Ada", "ada@example.com", "Support", "user", true})});
  engine.apply({put(ada, Profile{"Ada", "new@example.com", "Sales", "user", true})});
  UserQuery query;
  query.limit = 10;
  query.department = "Support";
  EXPECT_TRUE(engine.users(query).users.empty());
  query.department = "Sales";
  EXPECT_EQ(engine.users(query).users.size(), 1U);
  query = {};
  query.limit = 10;
  query.email = "ada@example.com";
  EXPECT_TRUE(engine.users(query).users.empty());
}

TEST_P(StoreContract, TellsTheStateOfANumber) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("11"))});
  const auto state = [&](Extension e) {
    return *engine.ask<ExtensionState>([&](Store& s, auto r) { s.extension(e, std::move(r)); });
  };
  EXPECT_EQ(state(number("11")).holder, ada);
  EXPECT_EQ(state(number("11")).holder_name, "Ada");
  EXPECT_EQ(state(number("11")).since, engine.clock.now());
  EXPECT_EQ(state(number("22")).holder, std::nullopt);
  engine.apply({release(ada)});
  EXPECT_EQ(state(number("11")).holder, std::nullopt);
  EXPECT_EQ(state(number("11")).since, std::nullopt);
}

// What a turn leaves behind for the next one is memory, never what stood in it. [STORE-3]
TEST_P(StoreContract, RecordsWhoCausedEachChangeOfManyTurns) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  const auto by = [](const std::string& subject, Edit edit) {
    ChangeSet set = change_set({std::move(edit)}, "request-of-" + subject);
    set.issuer = "issuer-of-" + subject;
    set.subject = subject;
    return set;
  };
  std::size_t answered = 0;
  const auto count = [&](auto) { ++answered; };
  engine.store().apply(by("first", assign(ada, number("11"))), Reply<Outcome>(count));
  engine.store().apply(by("nobody", assign(nobody, number("12"))), Reply<Outcome>(count));
  engine.store().apply(by("second", assign(grace, number("22"))), Reply<Outcome>(count));
  engine.wait_for([&] { return answered == 3; });
  engine.store().apply(by("third", assign(grace, number("23"))), Reply<Outcome>(count));
  engine.store().apply(by("fourth", assign(ada, number("13"))), Reply<Outcome>(count));
  engine.wait_for([&] { return answered == 5; });
  const auto causes_of = [&](UserId id) {
    std::vector<std::string> causes;
    const auto page = engine.history(id);
    for (const UserHistoryRow& row : page->rows) {
      EXPECT_EQ(row.issuer, "issuer-of-" + row.subject);
      EXPECT_EQ(row.request_id, "request-of-" + row.subject);
      causes.push_back(row.subject);
    }
    return causes;
  };
  EXPECT_EQ(causes_of(ada), (std::vector<std::string>{"fourth", "first"}));
  EXPECT_EQ(causes_of(grace), (std::vector<std::string>{"third", "second"}));
}

// --- turns and threads ---------------------------------------------------------------------------

// [STORE-2]
TEST_P(StoreContract, AnswersNoWriteBeforeTheTurnEnds) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  int answered = 0;
  const auto count = [&](auto) { ++answered; };
  Store& store = engine.store();
  store.apply(change_set({assign(ada, number("11"))}), Reply<Outcome>(count));
  store.apply(change_set({assign(grace, number("11"))}), Reply<Outcome>(count));
  store.apply(change_set({assign(ada, number("11"))}), Reply<Outcome>(count));
  store.users(everybody(), Reply<UserPage>(count));
  EXPECT_EQ(answered, 0);
  engine.wait_for([&] { return answered == 4; });
}

// [STORE-2] [STORE-11]
TEST_P(EmbeddedStoreContract, ReadsWhatTheTurnBeganWith) {
  engine.apply({put(ada, "Ada"), put(grace, "Grace"), put(linus, "Linus")});
  engine.apply(
      {assign(ada, number("11")), assign(grace, number("22")), assign(linus, number("33"))});
  Store& store = engine.store();
  const auto ignore = [](auto) {};
  const auto read = [&] {
    std::vector<std::string> answers;
    for (const UserId id : {ada, grace, linus, newcomer}) {
      store.user(
          id, Reply<std::optional<User>>([&](Result<std::optional<User>> user) {
            answers.push_back(user && *user ? (*user)->profile.name.value_or("?") : "nobody");
          }));
    }
    for (const char* digits : {"11", "22", "33", "44"}) {
      store.extension(number(digits), Reply<ExtensionState>([&](Result<ExtensionState> state) {
                        answers.push_back(state ? state->holder_name.value_or("free") : "?");
                      }));
    }
    return answers;
  };
  // Moves a number and leaves one behind, renames a holder, removes one, creates a person.
  store.apply(change_set({assign(ada, number("44"))}), Reply<Outcome>(ignore));
  store.apply(change_set({put(grace, "Grace Hopper")}), Reply<Outcome>(ignore));
  store.apply(change_set({remove(linus)}), Reply<Outcome>(ignore));
  store.apply(change_set({put(newcomer, "New")}), Reply<Outcome>(ignore));
  EXPECT_EQ(read(), (std::vector<std::string>{"Ada", "Grace", "Linus", "nobody", "Ada", "Grace",
                                              "Linus", "free"}));
  store.end_turn();
  EXPECT_EQ(read(), (std::vector<std::string>{"Ada", "Grace Hopper", "nobody", "New", "free",
                                              "Grace Hopper", "free", "Ada"}));
}

TEST_P(StoreContract, SaysWhenATurnIsDue) {
  Store& store = engine.store();
  EXPECT_FALSE(store.turn_is_due());
  std::size_t answered = 0;
  const auto count = [&](auto) { ++answered; };
  for (std::uint32_t i = 0; i < limits::turn_changes - 1; ++i) {
    store.apply(change_set({put(user_id(i), "x")}), Reply<Outcome>(count));
  }
  EXPECT_FALSE(store.turn_is_due());
  store.apply(change_set({put(nobody, "x")}), Reply<Outcome>(count));
  EXPECT_TRUE(store.turn_is_due());
  engine.wait_for([&] { return answered == limits::turn_changes; });
  EXPECT_FALSE(store.turn_is_due());
  store.users(everybody(), Reply<UserPage>(count));
  EXPECT_FALSE(store.turn_is_due());
  engine.clock.advance(limits::turn_time);
  EXPECT_TRUE(store.turn_is_due());
  engine.wait_for([&] { return answered == limits::turn_changes + 1; });
}

// [STORE-7]
TEST_P(StoreContract, RefusesMoreThanMayWait) {
  Store& store = engine.store();
  std::size_t overloaded = 0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < limits::waiting_replies + 3; ++i) {
    store.apply(change_set({release(nobody)}), Reply<Outcome>([&](auto answer) {
                  ++answered;
                  overloaded += !answer && answer.error().code == Errc::overloaded ? 1 : 0;
                }));
  }
  EXPECT_EQ(overloaded, 3U);
  engine.wait_for([&] { return answered == limits::waiting_replies + 3; });
  EXPECT_EQ(overloaded, 3U);
}

// [PUT-3] [STORE-4]
TEST_P(StoreContract, GivesOneNumberToOneOfHundredsThatAskAtOnce) {
  constexpr std::uint32_t users = 200;
  std::vector<Edit> people;
  for (std::uint32_t i = 0; i < users; ++i) {
    people.push_back(put(user_id(i), "User " + std::to_string(i)));
  }
  engine.apply(std::move(people));
  std::vector<std::thread> threads;
  std::size_t won = 0;
  std::size_t lost = 0;
  for (std::uint32_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t i = t; i < users; i += 8) {
        engine.loop.post([&, i] {
          engine.store().apply(
              change_set({assign(user_id(i), number("4711"))}), Reply<Outcome>([&](auto outcome) {
                ASSERT_TRUE(outcome);
                (outcome->kind == Kind::applied ? won : lost) += 1;
                EXPECT_TRUE(outcome->kind == Kind::applied || outcome->kind == Kind::conflict);
              }));
        });
      }
    });
  }
  engine.wait_for([&] { return won + lost == users; });
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(won, 1U);
  const auto holder = *engine.ask<ExtensionState>(
      [](Store& s, auto r) { s.extension(number("4711"), std::move(r)); });
  ASSERT_TRUE(holder.holder);
  EXPECT_EQ(engine.held_by(*holder.holder), number("4711"));
}

TEST_P(StoreContract, IsUsedOnItsLoopOnly) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(std::thread([&] { engine.store().user(ada, {}); }).join(), "on its loop");
}

TEST_P(StoreContract, AnswersWhatStillWaitsWhenItIsDestroyed) {
  Result<Outcome> answer;
  auto& store = engine.store();
  store.apply(change_set({put(ada, "Ada")}),
              Reply<Outcome>([&](auto given) { answer = std::move(given); }));
  engine.reopen();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::internal);
}

// --- durability ----------------------------------------------------------------------------------

// [STORE-1] [STORE-3]
TEST_P(StoreContract, IsTheSameAfterARestart) {
  if (!engine.store().is_durable()) {
    engine.apply({put(ada, "Ada")});
    engine.reopen();
    EXPECT_FALSE(engine.user(ada));
    return;
  }
  engine.apply({put(ada, Profile{"Ada", "ada@example.com", "Support", "admin", false}),
                put(grace, "Grace")});
  engine.apply({assign(ada, number("11")), assign(grace, number("0022"))});
  engine.apply({assign(ada, number("0022")), assign(grace, number("11"))});
  engine.apply({put(user_id(3), "Gone")});
  engine.apply({assign(user_id(3), number("33"))});
  engine.apply({remove(user_id(3))});
  for (int restart = 0; restart < 3; ++restart) {
    const auto before = engine.user(ada);
    const auto statistics = engine.store().statistics();
    engine.reopen();
    const auto after = engine.user(ada);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->profile, before->profile);
    EXPECT_EQ(after->extension, number("0022"));
    EXPECT_EQ(after->version, before->version);
    EXPECT_EQ(after->updated_at, before->updated_at);
    EXPECT_EQ(engine.store().statistics().last_change, statistics.last_change);
    EXPECT_EQ(engine.store().statistics().extensions, 2U);
    EXPECT_EQ(engine.history(number("33"))->rows.size(), 1U);
    EXPECT_EQ(engine.history(number("11"))->rows.size(), 2U);
    EXPECT_EQ(engine.history(user_id(3))->rows.size(), 2U);
    EXPECT_EQ(engine.apply({assign(ada, number("11"))}).kind, Kind::conflict);
    EXPECT_EQ(engine.apply({put(grace, "Grace " + std::to_string(restart))}).kind, Kind::applied);
  }
}

// What is written takes long, so an engine may write it to several places at once.
TEST_P(StoreContract, TakesASetThatIsLargerThanATurn) {
  const std::uint32_t people = (engine.is_elsewhere() ? 2 : 4) * limits::turn_changes;
  std::vector<Edit> edits;
  for (std::uint32_t i = 1; i <= people; ++i) {
    Edit edit = put(user_id(i), "Person " + std::to_string(i));
    edit.number = Edit::Number::assign;
    edit.extension = number(std::to_string(10'000 + i));
    edits.push_back(std::move(edit));
  }
  for (const int again : {0, 1}) {
    EXPECT_EQ(engine.apply(edits).kind, again == 0 ? Kind::applied : Kind::unchanged);
    EXPECT_EQ(engine.store().statistics().extensions, people);
    EXPECT_EQ(engine.user(user_id(people))->extension, number(std::to_string(10'000 + people)));
    if (engine.store().is_durable()) {
      engine.reopen();
    }
  }
}

// [STORE-8]
TEST_P(StoreContract, IsOpenOnceAtATime) {
  if (!engine.is_alone_in_its_folder()) {
    return;
  }
  const auto second = open_store({"sqlite:" + engine.folder().string(), "elsewhere"}, engine.loop,
                                 engine.clock, engine.metrics, engine.log, [](const Error&) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::locked);
  engine.reopen();
  EXPECT_EQ(engine.apply({put(ada, "Ada")}).kind, Kind::applied);
}

TEST_P(StoreContract, NeverLetsARecordsTimeGoBack) {
  engine.apply({put(ada, "Ada")});
  engine.apply({assign(ada, number("11"))});
  const Instant first = engine.clock.now();
  engine.clock.set(Instant{first.ms - 1'000'000});
  if (engine.store().is_durable()) {
    engine.reopen();
  }
  engine.apply({assign(ada, number("22"))});
  EXPECT_EQ(engine.history(ada)->rows[0].at, first);
}

}  // namespace
}  // namespace ringbook::test
