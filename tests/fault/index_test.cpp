// That what is asked of the journal is found by an index: SQLite's own plan, and what it leads to.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "contract/engine.h"
#include "store/sqlite/journal.h"

namespace ringbook::test {
namespace {

using sqlite::Connection;

const UserId ada = user_id(1);

class JournalIndex : public testing::Test {
 protected:
  JournalIndex() {
    engine.open();
    engine.apply({put(ada, "Ada"), put(user_id(2), "Grace")});
  }

  void read_journal() {
    auto opened =
        Connection::open(engine.folder() / "journal.db", {.mode = Connection::Mode::read_only});
    ASSERT_TRUE(opened) << opened.error().detail;
    connection = std::move(*opened);
  }

  std::string plan_of(std::string_view sql) {
    auto plan = connection->prepare("EXPLAIN QUERY PLAN " + std::string(sql));
    EXPECT_TRUE(plan) << plan.error().detail;
    std::string out;
    for (auto row = plan->step(); row && *row; row = plan->step()) {
      out += std::string(plan->bytes(3)) + "\n";
    }
    return out;
  }

  Engine engine{SqliteSettings{}};
  std::unique_ptr<Connection> connection;
};

// [HIST-2]
TEST_F(JournalIndex, IsWhatEveryQueryOfAHistoryUses) {
  read_journal();
  EXPECT_EQ(plan_of(sqlite::select_turn), "SEARCH turns USING INTEGER PRIMARY KEY (rowid<?)\n");
  EXPECT_EQ(plan_of(sqlite::select_milestone_of_user),
            "SEARCH milestones_of_users USING PRIMARY KEY (user=? AND at>?)\n");
  EXPECT_EQ(plan_of(sqlite::select_milestone_of_number),
            "SEARCH milestones_of_numbers USING PRIMARY KEY (extension=? AND at>?)\n");
}

// [HIST-2]
TEST_F(JournalIndex, LeadsNearToEveryMoment) {
  constexpr std::int64_t count = 3000;
  const Instant begin = engine.clock.now();
  for (std::int64_t i = 1; i <= count; ++i) {
    engine.clock.advance(std::chrono::milliseconds(1));
    engine.store().apply(change_set({assign(ada, number(i % 2 == 1 ? "11" : "22"))}),
                         Reply<Outcome>([](auto) {}));
    engine.store().end_turn();
  }
  read_journal();
  auto reader = sqlite::ChangeReader::prepare(*connection);
  ASSERT_TRUE(reader);
  std::uint64_t of_user = 0;
  std::uint64_t of_number = 0;
  constexpr std::int64_t looked_at = count - 500;
  for (std::int64_t i = 0; i < looked_at; ++i) {
    const std::uint64_t sequence = static_cast<std::uint64_t>(i) + 2;  // The last one not after it.
    const auto next_of_user = reader->find_after(ada, Instant{begin.ms + i});
    const auto next_of_number = reader->find_after(number("11"), Instant{begin.ms + i});
    ASSERT_TRUE(next_of_user && next_of_number);
    ASSERT_GT(*next_of_user, sequence);
    ASSERT_GT(*next_of_number, sequence);
    of_user += *next_of_user - sequence;
    of_number += *next_of_number - sequence;
  }
  EXPECT_LE(of_user / looked_at, 2 * limits::milestone_distance);
  EXPECT_LE(of_number / looked_at, 4 * limits::milestone_distance) << "half are of that number";
  EXPECT_EQ(*reader->find_after(user_id(2), begin), 0U);
  EXPECT_EQ(*reader->find_after(number("33"), begin), 0U);
  EXPECT_EQ(*reader->find_after(ada, engine.clock.now()), 0U);
}

}  // namespace
}  // namespace ringbook::test
