// Upgrades of a file's schema that are interrupted, and files that are not ours to touch.
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "store/sqlite/database.h"

namespace ringbook::test {
namespace {

using sqlite::Connection;

constexpr std::int64_t application_id = 0x54455354;

constexpr std::array<const char*, 3> steps{
    "CREATE TABLE a(x); INSERT INTO a VALUES(1), (2), (3)",
    "ALTER TABLE a ADD COLUMN y; CREATE TABLE b(z)",
    "INSERT INTO b SELECT x FROM a; DROP TABLE a",
};
// The tables of each version, with a fact about their rows.
constexpr std::array<const char*, 4> tables{"", "a", "a,b", "b"};

std::string text_of(Connection& connection, const char* sql) {
  auto statement = connection.prepare(sql);
  EXPECT_TRUE(statement && statement->step());
  return statement ? std::string(statement->bytes(0)) : "";
}

class Migration : public testing::Test {
 protected:
  std::unique_ptr<Connection> open() {
    auto connection = Connection::open(file, {.vfs = vfs.name()});
    EXPECT_TRUE(connection) << connection.error().detail;
    return connection ? std::move(*connection) : nullptr;
  }

  // Opens and upgrades, as far as faults allow.
  Result<void> upgrade(std::span<const char* const> to) {
    auto connection = Connection::open(file, {.vfs = vfs.name()});
    if (!connection) {
      return std::unexpected(std::move(connection.error()));
    }
    auto migrated = sqlite::migrate(**connection, {application_id, to});
    if (vfs.was_met()) {
      vfs.freeze();  // A kill: not even closing writes any more.
    }
    return migrated;
  }

  // The file is at one version, with the tables of that version and all their rows.
  void expect_a_version() {
    const auto connection = open();
    ASSERT_TRUE(connection);
    const auto version = connection->query_integer("PRAGMA user_version");
    ASSERT_TRUE(version && *version >= 0 && *version < std::ssize(tables));
    EXPECT_EQ(text_of(*connection, "SELECT coalesce(group_concat(name), '') FROM sqlite_schema"),
              tables[static_cast<std::size_t>(*version)]);
    if (*version > 0) {
      EXPECT_EQ(connection->query_integer("PRAGMA application_id"), application_id);
      EXPECT_EQ(connection->query_integer(*version < 3 ? "SELECT count(*) FROM a"
                                                       : "SELECT count(*) FROM b"),
                3);
    }
    versions_seen.insert(*version);
  }

  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "test.db";
  FaultVfs vfs;
  std::set<std::int64_t> versions_seen;
};

// [STORE-10]
TEST_F(Migration, LeavesAVersionWhateverFails) {
  struct Failing {
    unsigned operations;
    int code;
  };
  for (const Failing failing :
       {Failing{disk_write, SQLITE_IOERR_WRITE}, Failing{disk_write, SQLITE_FULL},
        Failing{disk_sync, SQLITE_IOERR_FSYNC}, Failing{disk_open, SQLITE_CANTOPEN},
        Failing{disk_remove, SQLITE_IOERR_DELETE}}) {
    bool was_met = true;
    for (std::uint64_t nth = 1; was_met && !HasFailure(); ++nth) {
      file = folder.path() / (std::to_string(failing.code) + "-" + std::to_string(nth) + ".db");
      vfs.plan({.operations = failing.operations, .code = failing.code, .nth = nth});
      const auto upgraded = upgrade(steps);
      was_met = !upgraded;
      EXPECT_LT(nth, 1000U);
      vfs.heal();
      expect_a_version();
      EXPECT_TRUE(upgrade(steps));
      expect_a_version();
    }
  }
  EXPECT_EQ(versions_seen, (std::set<std::int64_t>{0, 1, 2, 3}));
}

// [STORE-10]
TEST_F(Migration, LeavesAVersionWhereverThePowerIsCut) {
  std::mt19937_64 random(1);
  std::vector<FaultVfs::Image> cuts;
  vfs.on_sync([&] {
    using enum FaultVfs::Unsynced;
    for (const auto unsynced : {lost, kept, any, any}) {
      cuts.push_back(vfs.cut(unsynced, random));
    }
  });
  ASSERT_TRUE(upgrade(steps));
  vfs.on_sync({});
  for (const auto& cut : cuts) {
    const TemporaryFolder left;
    restore(cut, left.path());
    file = left.path() / "test.db";
    expect_a_version();
    EXPECT_TRUE(upgrade(steps));
    expect_a_version();
  }
  EXPECT_EQ(versions_seen, (std::set<std::int64_t>{0, 1, 2, 3}));
}

// [STORE-10]
TEST_F(Migration, GoesOnFromAnOlderProgramsVersion) {
  ASSERT_TRUE(upgrade(std::span(steps).first(1)));
  expect_a_version();
  ASSERT_TRUE(upgrade(std::span(steps).first(2)));
  expect_a_version();
  ASSERT_TRUE(upgrade(steps));
  expect_a_version();
  EXPECT_EQ(versions_seen, (std::set<std::int64_t>{1, 2, 3}));
}

TEST_F(Migration, RefusesANewerVersion) {
  ASSERT_TRUE(upgrade(steps));
  EXPECT_EQ(upgrade(std::span(steps).first(2)).error().code, Errc::newer);
  expect_a_version();
}

// --- the engine's own files ----------------------------------------------------------------------

std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class OtherFile : public testing::TestWithParam<const char*> {
 protected:
  // Runs SQL on the file as another program would.
  void other_program(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  void expect_refused(Errc code) {
    const std::string before = content_of(file);
    const auto opened = engine.try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code) << opened.error().detail;
    EXPECT_EQ(content_of(file), before) << "a file that was refused was changed";
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  std::filesystem::path file = engine.folder() / GetParam();
};

INSTANTIATE_TEST_SUITE_P(
    OfBoth, OtherFile, testing::Values("journal.db", "directory.db"), [](const auto& test) {
      return std::string(test.param).substr(0, std::string(test.param).find('.'));
    });

// [STORE-10]
TEST_P(OtherFile, IsRefusedWhenANewerProgramWroteIt) {
  engine.open();
  EXPECT_TRUE(engine.apply(script()[0][0]));
  engine.close();
  other_program("PRAGMA user_version = 99");
  expect_refused(Errc::newer);
}

// [STORE-9] [STORE-10]
TEST_P(OtherFile, IsRefusedWhenItIsAnotherProgramsDatabase) {
  other_program("PRAGMA application_id = 77; CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)");
  expect_refused(Errc::damaged);
}

// [STORE-9] [STORE-10]
TEST_P(OtherFile, IsRefusedWhenItHasTablesAndNoName) {
  other_program("CREATE TABLE changes(x); INSERT INTO changes VALUES(1)");
  expect_refused(Errc::damaged);
}

}  // namespace
}  // namespace ringbook::test
