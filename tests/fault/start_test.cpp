// A start that reads more people than one reader takes: all of them, whoever read them, and damage
// where the readers' shares meet.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "directory/registry_rows.h"
#include "fault/stored.h"

namespace ringbook::test {
namespace {

constexpr std::uint32_t share = RegistryRows::chunk_rows;
constexpr std::uint32_t people = 3 * share + 5;

Extension number_of(std::uint32_t n) {
  return *Extension::from_packed(1'000'000 + n);
}

class LargeStart : public testing::Test {
 protected:
  // Everybody with a profile of their own, all but each seventh with a number; one is gone, and one
  // number is released. All of it is folded.
  void SetUp() override {
    engine.open();
    std::vector<Edit> edits;
    for (std::uint32_t n = 0; n < people; ++n) {
      Edit edit = put(user_id(n), profile_of(n));
      if (n % 7 != 0) {
        edit.number = Edit::Number::assign;
        edit.extension = number_of(n);
      }
      edits.push_back(std::move(edit));
    }
    engine.apply(std::move(edits));
    engine.apply({remove(user_id(gone))});
    engine.apply({assign(user_id(moved), number_of(people))});
    engine.wait_for([&] { return engine.store().statistics().unfolded_changes == 0; });
    engine.close();
  }
  static Profile profile_of(std::uint32_t n) {
    return {"Person " + std::to_string(n), std::to_string(n) + "@example.com",
            "Department " + std::to_string(n % 50), n % 3 == 0 ? "admin" : "user", n % 5 != 0};
  }
  std::vector<User> everybody() {
    std::vector<User> users;
    UserQuery query;
    query.limit = limits::page_rows_max;
    for (bool has_more = true; has_more;) {
      UserPage page = engine.users(query);
      std::ranges::move(page.users, std::back_inserter(users));
      has_more = page.has_more;
      query.after = users.empty() ? std::nullopt : std::optional(users.back().id);
    }
    return users;
  }

  static constexpr std::uint32_t gone = share;
  static constexpr std::uint32_t moved = share + 1;
  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
};

// [STORE-1] [STORE-11]
TEST_F(LargeStart, ReadsEverybodyWhicheverReaderDoes) {
  engine.open();
  EXPECT_EQ(engine.store().statistics().unfolded_changes, 0U);
  EXPECT_EQ(engine.store().statistics().users, people - 1);
  const std::vector<User> users = everybody();
  ASSERT_EQ(users.size(), people - 1);
  for (const User& user : users) {
    const std::uint32_t n = user.id.bytes()[10] * 256U + user.id.bytes()[11];
    ASSERT_NE(n, gone);
    ASSERT_EQ(user.profile, profile_of(n)) << n;
    const auto held = n == moved   ? std::optional(number_of(people))
                      : n % 7 == 0 ? std::nullopt
                                   : std::optional(number_of(n));
    ASSERT_EQ(user.extension, held) << n;
    ASSERT_EQ(user.version, n == moved ? people + 2 : n + 1) << n;
  }
  // What the readers do not read: numbers that nobody holds, and who was removed.
  EXPECT_EQ(engine.history(number_of(moved))->rows.size(), 1U);
  EXPECT_EQ(engine.history(number_of(gone))->rows.size(), 1U);
  EXPECT_EQ(engine.history(user_id(gone))->rows.size(), 2U);
}

// [STORE-9]
TEST_F(LargeStart, TellsDamageWhereTheSharesMeet) {
  const auto slot = [](std::uint32_t n) { return std::to_string(n); };
  const std::string copied = " FROM users WHERE slot = " + slot(2) + ") WHERE slot = ";
  const std::string damages[] = {
      "DELETE FROM users WHERE slot = " + slot(share - 1),
      "DELETE FROM users WHERE slot = " + slot(share),
      "DELETE FROM users WHERE slot >= " + slot(share / 2) + " AND slot < " + slot(share),
      "DELETE FROM profiles WHERE slot = " + slot(share - 1),
      "DELETE FROM profiles WHERE slot = " + slot(share + 1),
      "UPDATE users SET slot = -5 WHERE slot = 0",
      "UPDATE users SET slot = " + slot(10 * people) + " WHERE slot = " + slot(people - 1),
      "UPDATE users SET slot = 4611686018427387904 WHERE slot = " + slot(people - 1),
      "UPDATE users SET id = (SELECT id" + copied + slot(people - 1),
      "UPDATE users SET extension = (SELECT extension" + copied + slot(people - 1),
      "UPDATE profiles SET name = char(7) WHERE slot = " + slot(people - 1),
  };
  const TemporaryFolder good;
  std::filesystem::copy(engine.folder(), good.path(), std::filesystem::copy_options::recursive);
  for (const std::string& damage : damages) {
    std::filesystem::remove_all(engine.folder());
    std::filesystem::copy(good.path(), engine.folder(), std::filesystem::copy_options::recursive);
    run_sql(engine.folder() / "directory.db", damage);
    const auto opened = engine.try_open();
    ASSERT_FALSE(opened) << damage;
    EXPECT_EQ(opened.error().code, Errc::damaged) << damage << ": " << opened.error().detail;
  }
}

}  // namespace
}  // namespace ringbook::test
