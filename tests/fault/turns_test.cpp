// What the journal's file holds of a turn: a row, and of a profile nothing for longer than it must.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "contract/engine.h"
#include "fault/journal_rows.h"
#include "store/sqlite/database.h"

namespace ringbook::test {
namespace {

class Turns : public testing::Test {
 protected:
  Turns() { engine.open(); }

  std::filesystem::path journal() const { return engine.folder() / "journal.db"; }
  std::int64_t count(const char* table) const {
    auto connection =
        sqlite::Connection::open(journal(), {.mode = sqlite::Connection::Mode::read_only});
    EXPECT_TRUE(connection) << connection.error().detail;
    return connection ? (*connection)
                            ->query_integer(std::string("SELECT count(*) FROM ") + table)
                            .value_or(-1)
                      : -1;
  }

  Engine engine{SqliteSettings{}};
};

// [STORE-3]
TEST_F(Turns, AreARowEachAndSeveralWhenTheyAreLarge) {
  int answers = 0;
  for (std::uint32_t i = 0; i < 3; ++i) {
    engine.store().apply(change_set({put(user_id(i), "Ada"), put(user_id(10 + i), "Grace")}),
                         Reply<Outcome>([&](auto) { ++answers; }));
  }
  engine.store().end_turn();
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(count("turns"), 1);
  engine.apply({assign(user_id(0), number("11"))});
  EXPECT_EQ(count("turns"), 2);
  std::vector<Edit> edits;
  for (std::uint32_t i = 0; i < 2 * limits::turn_changes + 1; ++i) {
    edits.push_back(put(user_id(100 + i), "Alan"));
  }
  std::vector<std::uint64_t> told;
  ChangeSet large = change_set(std::move(edits));
  large.on_written = [&](std::uint64_t written) { told.push_back(written); };
  ASSERT_TRUE(engine.apply(std::move(large)));
  EXPECT_EQ(count("turns"), 5);
  EXPECT_EQ(told, (std::vector<std::uint64_t>{256, 512, 513}));
  engine.close();
  const auto changes = changes_in(journal());
  ASSERT_EQ(changes.size(), 7 + 2 * limits::turn_changes + 1);
  EXPECT_EQ(changes.back().change.set, 8U);
  EXPECT_EQ(changes.back().change.sequence, changes.size());
}

TEST_F(Turns, KeepNoValueOfAProfileOnceItIsFolded) {
  const std::string name = "Zyxwvutsrqponmlkjihgfedcba";
  engine.apply({put(user_id(1), name)});
  engine.apply({remove(user_id(1))});
  EXPECT_GT(count("profiles"), 0);
  engine.wait_for([&] { return engine.store().statistics().unfolded_changes == 0; });
  engine.wait_for([&] { return count("profiles") == 0; });
  engine.close();
  EXPECT_EQ(changes_in(journal()).size(), 2U);
  for (const char* file : {"journal.db", "directory.db"}) {
    std::ifstream stream(engine.folder() / file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_EQ(bytes.find(name), std::string::npos) << file;
  }
}

}  // namespace
}  // namespace ringbook::test
