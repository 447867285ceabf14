#include "directory/registry.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

using Kind = Outcome::Kind;

class RegistryTest : public testing::Test {
 protected:
  Outcome decide(std::vector<Edit> edits) {
    ChangeSet set;
    set.edits = std::move(edits);
    auto outcome = registry.decide(set, Instant{now}, made);
    EXPECT_TRUE(outcome);
    return std::move(*outcome);
  }
  std::optional<Extension> held_by(UserId user) { return registry.user(user)->extension; }

  Registry registry;
  std::vector<Change> made;
  std::int64_t now = 1000;
};

// [PUT-3]
TEST_F(RegistryTest, GivesANumberToOneUserOnly) {
  decide({put(id(1), "Ada"), put(id(2), "Grace")});
  EXPECT_EQ(decide({assign(id(1), "1234")}).kind, Kind::applied);
  const Outcome refused = decide({assign(id(2), "1234")});
  EXPECT_EQ(refused.kind, Kind::conflict);
  EXPECT_EQ(refused.conflict->holder, id(1));
  EXPECT_EQ(refused.conflict->holder_name, "Ada");
  EXPECT_EQ(held_by(id(2)), std::nullopt);
}

TEST_F(RegistryTest, JudgesASetOnItsResult) {
  decide({put(id(1), "Ada"), put(id(2), "Grace"), put(id(3), "Edsger")});
  decide({assign(id(1), "11"), assign(id(2), "22")});
  EXPECT_EQ(decide({assign(id(1), "22"), assign(id(2), "11")}).kind, Kind::applied);
  EXPECT_EQ(held_by(id(1)), number("22"));
  EXPECT_EQ(held_by(id(2)), number("11"));
  // A number that is freed and taken in one set.
  EXPECT_EQ(decide({remove(id(1)), assign(id(3), "22")}).kind, Kind::applied);
  EXPECT_EQ(held_by(id(3)), number("22"));
  // Two of one set cannot both have it.
  EXPECT_EQ(decide({assign(id(2), "77"), assign(id(3), "77")}).kind, Kind::conflict);
  EXPECT_EQ(held_by(id(2)), number("11"));
}

TEST_F(RegistryTest, DoesNothingOfASetThatIsRefused) {
  decide({put(id(1), "Ada"), put(id(2), "Grace")});
  decide({assign(id(2), "22")});
  const auto before = registry.last_sequence();
  const Outcome refused =
      decide({put(id(3), "New"), assign(id(1), "22"), remove(id(2)), assign(id(4), "44")});
  EXPECT_EQ(refused.kind, Kind::not_found);
  EXPECT_EQ(refused.edit, 3U);
  EXPECT_EQ(registry.last_sequence(), before);
  EXPECT_FALSE(registry.user(id(3)));
  EXPECT_TRUE(registry.user(id(2)));
}

TEST_F(RegistryTest, NamesEveryConflictOfASet) {
  decide({put(id(1), "Ada"), put(id(2), "Grace"), put(id(3), "Edsger"), put(id(4), "Tony")});
  decide({assign(id(1), "11"), assign(id(2), "22")});
  const Outcome refused = decide({assign(id(3), "11"), assign(id(4), "22")});
  EXPECT_EQ(refused.kind, Kind::conflict);
  EXPECT_EQ(refused.conflict->holder, id(1));
  ASSERT_EQ(refused.further_conflicts.size(), 1U);
  EXPECT_EQ(refused.further_conflicts[0].edit, 1U);
  EXPECT_EQ(refused.further_conflicts[0].holder, id(2));
}

// [PUT-6]
TEST_F(RegistryTest, SuggestsFreeNumbersUpward) {
  for (std::uint8_t i = 1; i <= 5; ++i) {
    decide({put(id(i), "user")});
  }
  decide({assign(id(1), "1234")});
  decide({assign(id(2), "1237")});
  decide({assign(id(3), "99")});
  const auto suggestions = decide({assign(id(4), "1234")}).conflict->suggestions;
  EXPECT_EQ(suggestions, (std::vector{number("1235"), number("1236"), number("1238")}));
  EXPECT_TRUE(decide({assign(id(4), "99")}).conflict->suggestions.empty());
}

TEST_F(RegistryTest, LooksAtNoMoreThanItsLimitForSuggestions) {
  std::vector<Edit> edits;
  for (std::uint32_t i = 0; i <= limits::suggestions_looked_at; ++i) {
    UserId::Bytes bytes{1};
    bytes[10] = static_cast<std::uint8_t>(i >> 8);
    bytes[11] = static_cast<std::uint8_t>(i);
    Edit edit = put(UserId(bytes), "user");
    edit.number = Edit::Number::assign;
    edit.extension = Extension::from_packed(110'000 + i);
    edits.push_back(std::move(edit));
  }
  decide(std::move(edits));
  decide({put(id(1), "late")});
  EXPECT_TRUE(decide({assign(id(1), "10000")}).conflict->suggestions.empty());
  EXPECT_EQ(decide({assign(id(1), "10001")}).conflict->suggestions.size(), 1U);
}

TEST_F(RegistryTest, RollsBackToTheLastCommit) {
  decide({put(id(1), "Ada"), put(id(2), "Grace")});
  decide({assign(id(1), "11")});
  registry.commit();
  const auto sequence = registry.last_sequence();
  now = 5000;
  decide({assign(id(1), "33"), assign(id(2), "11")});
  decide({put(id(3), "New")});
  decide({put(id(1), "Renamed")});
  decide({remove(id(2))});
  decide({put(id(2), "Back")});
  registry.roll_back();
  EXPECT_EQ(registry.last_sequence(), sequence);
  EXPECT_EQ(registry.users(), 2U);
  EXPECT_EQ(registry.extensions(), 1U);
  EXPECT_EQ(held_by(id(1)), number("11"));
  EXPECT_EQ(registry.user(id(1))->profile.name, "Ada");
  EXPECT_EQ(registry.user(id(2))->profile.name, "Grace");
  EXPECT_EQ(held_by(id(2)), std::nullopt);
  EXPECT_FALSE(registry.user(id(3)));
  EXPECT_EQ(registry.newest_of(number("33")), 0U);
  EXPECT_FALSE(registry.extension(number("33")).holder);
  now = 2000;
  decide({assign(id(2), "33")});
  EXPECT_EQ(made.back().sequence, sequence + 1);
  EXPECT_EQ(made.back().at, Instant{2000});
}

TEST_F(RegistryTest, KeepsTimesInOrderWhenTheClockGoesBack) {
  decide({put(id(1), "Ada")});
  now = 400;
  decide({assign(id(1), "11")});
  EXPECT_EQ(made.back().at, Instant{1000});
}

TEST_F(RegistryTest, FindsEveryoneWhoSharesAnAddress) {
  const auto with_email = [](std::uint8_t n, std::string email) {
    Edit edit = put(id(n), "user");
    edit.profile.email = std::move(email);
    return edit;
  };
  const auto found = [&](std::string email, std::size_t limit = 10) {
    UserQuery query;
    query.email = std::move(email);
    query.limit = limit;
    prepare_search(registry);
    UserScan scan(query);
    while (!registry.step(scan, 1)) {
      EXPECT_LT(scan.page.users.size(), 10U);
    }
    std::vector<UserId> ids;
    for (const User& user : scan.page.users) {
      ids.push_back(user.id);
    }
    return ids;
  };
  using Ids = std::vector<UserId>;
  decide({with_email(3, "A@x"), with_email(1, "a@x"), with_email(2, "a@X"), with_email(4, "b@x")});
  registry.commit();
  EXPECT_EQ(found("a@x"), (Ids{id(1), id(2), id(3)}));
  EXPECT_EQ(found("a@x", 2), (Ids{id(1), id(2)}));
  decide({with_email(3, "b@x"), remove(id(1))});
  EXPECT_EQ(found("a@x"), Ids{id(2)});
  EXPECT_EQ(found("B@X"), (Ids{id(3), id(4)}));
  decide({remove(id(2))});
  EXPECT_EQ(found("a@x"), Ids{});
  registry.roll_back();
  EXPECT_EQ(found("a@x"), (Ids{id(1), id(2), id(3)}));
  EXPECT_EQ(found("b@x"), Ids{id(4)});
}

TEST_F(RegistryTest, RefusesSetsThatAreNone) {
  ChangeSet set;
  EXPECT_EQ(registry.decide(set, Instant{}, made).error().code, Errc::invalid);
  set.edits = {put(id(1), "a"), assign(id(1), "11")};
  EXPECT_EQ(registry.decide(set, Instant{}, made).error().code, Errc::invalid);
}

TEST_F(RegistryTest, ReplaysWhatAnotherDecided) {
  decide({put(id(1), "Ada"), put(id(2), "Grace")});
  decide({assign(id(1), "11"), assign(id(2), "22")});
  decide({assign(id(1), "22"), assign(id(2), "11")});
  decide({remove(id(1))});
  decide({put(id(1), "Ada again")});
  Registry other;
  for (std::size_t begin = 0; begin < made.size();) {
    std::size_t end = begin;
    while (end < made.size() && made[end].set == made[begin].set) {
      ++end;
    }
    ASSERT_TRUE(other.replay(std::span(made).subspan(begin, end - begin)));
    begin = end;
  }
  EXPECT_EQ(other.user(id(1))->version, registry.user(id(1))->version);
  EXPECT_EQ(other.user(id(1))->profile.name, "Ada again");
  EXPECT_EQ(other.user(id(2))->extension, number("11"));
  EXPECT_EQ(other.newest_of(number("22")), registry.newest_of(number("22")));
  EXPECT_EQ(other.last_sequence(), registry.last_sequence());
}

// [STORE-3]
TEST_F(RegistryTest, RefusesToReplayWhatContradictsItself) {
  decide({put(id(1), "Ada"), put(id(2), "Grace")});
  decide({assign(id(1), "11")});
  const auto replay = [&](auto spoil) {
    std::vector<Change> changes = made;
    spoil(changes);
    Registry other;
    auto done = other.replay(std::span(changes).first(2));
    if (done) {
      done = other.replay(std::span(changes).subspan(2));
    }
    return done ? Errc::internal : done.error().code;
  };
  EXPECT_EQ(replay([](auto&) {}), Errc::internal);
  EXPECT_EQ(replay([](auto& c) { c[2].sequence = 4; }), Errc::damaged);
  EXPECT_EQ(replay([](auto& c) { c[2].user = id(9); }), Errc::damaged);
  EXPECT_EQ(replay([](auto& c) { c[2].from = number("77"); }), Errc::damaged);
  EXPECT_EQ(replay([](auto& c) { c[0].profile = {}; }), Errc::damaged);
  EXPECT_EQ(replay([](auto& c) { c[2].kind |= Change::created; }), Errc::damaged);
}

class RegistryRestoreTest : public testing::Test {
 protected:
  static StoredState stored(std::uint8_t n, std::optional<Extension> extension) {
    StoredState user;
    user.id = id(n);
    user.is_present = true;
    user.extension = extension;
    user.number_sequence = extension ? 1 : 0;
    return user;
  }
  Result<void> restore(const std::vector<StoredState>& users) {
    RestoredUsers restored;
    for (const StoredState& user : users) {
      if (auto added = restored.add(user, Profile{}.view()); !added) {
        return added;
      }
    }
    return registry.restore(std::move(restored));
  }

  Registry registry;
};

// [STORE-9]
TEST_F(RegistryRestoreTest, RefusesStoredUsersThatContradictEachOther) {
  ASSERT_TRUE(restore({stored(1, number("11"))}));
  EXPECT_EQ(restore({stored(1, std::nullopt)}).error().code, Errc::damaged);
  EXPECT_EQ(restore({stored(2, number("11"))}).error().code, Errc::damaged);
  EXPECT_EQ(registry.restore_released(number("11"), 1).error().code, Errc::damaged);
  ASSERT_TRUE(registry.restore_released(number("12"), 1));
  EXPECT_EQ(registry.restore_released(number("12"), 2).error().code, Errc::damaged);
  RestoredUsers restored;
  EXPECT_EQ(restored.add(stored(3, std::nullopt), std::nullopt).error().code, Errc::damaged);
  StoredState removed = stored(3, std::nullopt);
  removed.is_present = false;
  EXPECT_EQ(restored.add(removed, Profile{}.view()).error().code, Errc::damaged);
  StoredState by_no_change = stored(3, number("33"));
  by_no_change.number_sequence = 0;
  EXPECT_EQ(restored.add(by_no_change, Profile{}.view()).error().code, Errc::damaged);
}

// [STORE-9]
TEST_F(RegistryRestoreTest, RefusesChangesBeyondTheLast) {
  ASSERT_TRUE(restore({stored(1, number("11"))}));
  EXPECT_EQ(registry.restored(0, Instant{}).error().code, Errc::damaged);
  EXPECT_EQ(registry.restored(limits::changes + 1, Instant{}).error().code, Errc::damaged);
  EXPECT_TRUE(registry.restored(limits::changes, Instant{}));
}

// Parts that were read side by side, of every length that meets the end of a chunk.
TEST_F(RegistryRestoreTest, PutsPartsTogetherInTheirOrder) {
  std::uint32_t count = 0;
  for (const std::size_t size :
       {std::size_t{3}, RegistryRows::chunk_rows, 2 * RegistryRows::chunk_rows - 3, std::size_t{0},
        std::size_t{5}}) {
    RestoredUsers part;
    for (std::size_t i = 0; i < size; ++i, ++count) {
      StoredState user;
      user.id = scattered_id(count);
      user.is_present = true;
      user.extension = Extension::from_packed(1'000'000 + count);
      user.number_sequence = user.version = count + 1;
      Profile profile;
      profile.name = std::to_string(count);
      ASSERT_TRUE(part.add(user, profile.view()));
    }
    EXPECT_EQ(part.size(), size);
    ASSERT_TRUE(registry.restore(std::move(part)));
  }
  ASSERT_TRUE(registry.restored(count, Instant{7}));
  EXPECT_EQ(registry.users(), count);
  EXPECT_EQ(registry.extensions(), count);
  for (std::uint32_t n = 0; n < count; ++n) {
    const auto user = registry.user(scattered_id(n));
    ASSERT_TRUE(user) << n;
    ASSERT_EQ(user->profile.name, std::to_string(n));
    ASSERT_EQ(user->extension->packed(), 1'000'000 + n);
    ASSERT_EQ(registry.extension(*user->extension).holder, user->id);
    ASSERT_EQ(registry.newest_of(*user->extension), n + 1);
  }
}

TEST_F(RegistryTest, KnowsByWhichChangeANumberWasReleased) {
  decide({put(id(1), "Ada"), put(id(2), "Grace")});
  decide({assign(id(1), "11")});
  decide({assign(id(1), "12")});
  registry.commit();
  const auto released = registry.last_sequence();
  EXPECT_EQ(registry.newest_of(number("11")), released);
  decide({assign(id(2), "11")});
  EXPECT_EQ(made.back().previous_of_number, released);
  EXPECT_EQ(registry.newest_of(number("11")), released + 1);
  registry.roll_back();
  EXPECT_EQ(registry.newest_of(number("11")), released);
  EXPECT_FALSE(registry.extension(number("11")).holder);
  EXPECT_EQ(registry.extensions(), 1U);
  decide({assign(id(1), "11")});
  registry.roll_back();
  EXPECT_EQ(registry.newest_of(number("11")), released);
  EXPECT_EQ(registry.extension(number("12")).holder, id(1));
}

// [STORE-9]
TEST_F(RegistryTest, RefusesToReplayASetThatChangesOneUserTwice) {
  const auto replay_twice = [&](std::optional<Extension> from, std::optional<Extension> to) {
    Registry other;
    Change create;
    create.sequence = create.set = 1;
    create.user = id(1);
    create.kind = from ? Change::created | Change::number : Change::created;
    create.profile = PackedProfile(Profile{});
    create.to = from;
    EXPECT_TRUE(other.replay(std::span(&create, 1)));
    std::vector<Change> changes(2);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      changes[i].sequence = 2 + i;
      changes[i].set = 2;
      changes[i].user = id(1);
      changes[i].kind = Change::number;
      changes[i].from = from;
      changes[i].to = i == 0 ? to : number("33");
    }
    const auto done = other.replay(changes);
    return done ? Errc::internal : done.error().code;
  };
  EXPECT_EQ(replay_twice(number("11"), number("22")), Errc::damaged);
  EXPECT_EQ(replay_twice(std::nullopt, number("22")), Errc::damaged);
}

}  // namespace
}  // namespace ringbook::test
