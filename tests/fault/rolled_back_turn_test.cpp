// A turn for which the disk has no room leaves nothing behind: not in the index of searches, and
// not in what the journal remembers.
#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <vector>

#include "base/limits.h"
#include "contract/engine.h"
#include "fault/fault_vfs.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

class RolledBackTurn : public testing::Test {
 protected:
  static inline const UserId ada = user_id(1);
  static inline const UserId grace = user_id(2);
  using Ids = std::vector<UserId>;

  RolledBackTurn() {
    engine.open();
    engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  }

  // Asks for all of it in one turn, and says how often there was no room.
  std::size_t refused(std::vector<ChangeSet> turn) {
    vfs.plan({.operations = disk_write,
              .code = SQLITE_FULL,
              .system_error = ENOSPC,
              .is_lasting = true,
              .file = "journal.db"});
    std::size_t count = 0;
    for (ChangeSet& set : turn) {
      engine.store().apply(std::move(set), Reply<Outcome>([&](const Result<Outcome>& outcome) {
                             count += !outcome && outcome.error().code == Errc::no_space ? 1 : 0;
                           }));
    }
    engine.store().end_turn();
    vfs.heal();
    return count;
  }

  Ids found(const std::string& words) {
    UserQuery query;
    query.search = words;
    query.limit = limits::page_rows_max;
    Ids ids;
    for (const User& user : engine.users(query).users) {
      ids.push_back(user.id);
    }
    return ids;
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
};

// [STORE-6]
TEST_F(RolledBackTurn, LeavesTheIndexOfSearchesAsItWas) {
  engine.apply({assign(ada, number("1111"))});
  ASSERT_EQ(found("1111"), Ids{ada});       // The first search makes the index.
  constexpr std::uint32_t newcomers = 200;  // So many that their memory is given back.
  const auto turn = [] {
    std::vector<ChangeSet> sets;
    sets.push_back(change_set({assign(ada, number("2222")), assign(grace, number("1111"))}));
    for (std::uint32_t i = 0; i < newcomers; ++i) {
      Edit edit = put(user_id(1000 + i), "Newcomer " + std::to_string(i));
      edit.number = Edit::Number::assign;
      edit.extension = number(std::to_string(3000 + i));
      sets.push_back(change_set({std::move(edit)}));
    }
    sets.push_back(change_set({put(grace, "Newcomer Grace"), remove(user_id(1000))}));
    return sets;
  };
  EXPECT_EQ(refused(turn()), newcomers + 2);
  EXPECT_EQ(found("1111"), Ids{ada}) << "what was given back";
  EXPECT_EQ(found("2222"), Ids{}) << "what was undone";
  EXPECT_EQ(found("3007"), Ids{});
  EXPECT_EQ(found("newcomer"), Ids{});
  EXPECT_EQ(found("grace"), Ids{grace});
  EXPECT_EQ(found(""), (Ids{ada, grace}));

  for (ChangeSet& set : turn()) {
    ASSERT_TRUE(engine.apply(std::move(set)));
  }
  EXPECT_EQ(found("1111"), Ids{grace});
  EXPECT_EQ(found("2222"), Ids{ada});
  EXPECT_EQ(found("3007"), Ids{user_id(1007)});
  EXPECT_EQ(found("newcomer").size(), newcomers);
}

// [STORE-3] [STORE-6]
TEST_F(RolledBackTurn, IsNoReasonToRememberWhoAskedForIt) {
  const auto asked_by = [](std::string subject, Edit edit) {
    ChangeSet set = change_set({std::move(edit)});
    set.subject = std::move(subject);
    return set;
  };
  EXPECT_EQ(refused({asked_by("late", assign(ada, number("11")))}), 1U);
  // Whoever comes next is recorded where the other one would have been.
  ASSERT_TRUE(engine.apply(asked_by("next", assign(grace, number("22")))));
  ASSERT_TRUE(engine.apply(asked_by("late", assign(ada, number("11")))));
  for (int restart = 0; restart < 2; ++restart) {
    const auto of_ada = engine.history(ada);
    const auto of_grace = engine.history(grace);
    ASSERT_TRUE(of_ada && of_grace);
    EXPECT_EQ(of_ada->rows.at(0).subject, "late");
    EXPECT_EQ(of_grace->rows.at(0).subject, "next");
    engine.reopen();
  }
}

// [STORE-3]
TEST_F(RolledBackTurn, OfSeveralRowsIsThereWholeOrNotAtAll) {
  constexpr std::uint32_t people = 700;
  static_assert(people > 2 * limits::turn_changes);
  std::set<std::uint64_t> found_after_a_kill;
  for (std::uint64_t nth = 1; nth < 1000; ++nth) {
    const TemporaryFolder folder;
    Engine other({folder.path(), vfs.name()});
    other.open();
    std::vector<Edit> edits;
    for (std::uint32_t i = 0; i < people; ++i) {
      edits.push_back(put(user_id(1000 + i), "Ada"));
    }
    vfs.plan({.operations = disk_write | disk_sync,
              .nth = nth,
              .is_lasting = true,
              .file = "journal.db"});
    const auto answer = other.apply(change_set(std::move(edits)));
    const bool was_met = vfs.was_met();
    vfs.freeze();  // A kill.
    other.close();
    vfs.heal();
    other.failure.reset();
    other.open();
    const std::uint64_t found = other.store().statistics().users;
    EXPECT_TRUE(found == people || (found == 0 && !answer)) << found << " after " << nth;
    found_after_a_kill.insert(found);
    if (!was_met) {
      break;
    }
  }
  EXPECT_EQ(found_after_a_kill, (std::set<std::uint64_t>{0, people}));
}

}  // namespace
}  // namespace ringbook::test
