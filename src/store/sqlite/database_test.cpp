#include "store/sqlite/database.h"

#include <gtest/gtest.h>

#include "store/sqlite/file_check.h"
#include "support/temporary_folder.h"

namespace ringbook::sqlite {
namespace {

// Counting would make the threads of a store wait for each other.
TEST(Connection, HasSqliteCountNoMemory) {
  const test::TemporaryFolder folder;
  const auto connection = Connection::open(folder.path() / "some.db", {});
  ASSERT_TRUE(connection) << connection.error().detail;
  EXPECT_EQ(sqlite3_memory_used(), 0);
}

TEST(Connection, TellsTheSystemsErrorOfNoOtherFailure) {
  const test::TemporaryFolder folder;
  const auto connection = Connection::open(folder.path() / "some.db", {});
  ASSERT_TRUE(connection) << connection.error().detail;
  const auto attached = (*connection)->run("ATTACH '/nowhere/other.db' AS other");
  ASSERT_FALSE(attached);
  EXPECT_NE(attached.error().detail.find("No such file"), std::string::npos);
  const auto dropped = (*connection)->run("DROP TABLE absent");
  ASSERT_FALSE(dropped);
  EXPECT_EQ(dropped.error().detail.find("No such file"), std::string::npos)
      << dropped.error().detail;
}

// Whoever is not root has no file yet where a new folder begins.
TEST(UnknownVersions, AreNotThoseOfAFileThatIsNotThere) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(refuse_unknown_versions(folder.path() / "none.db"));
}

}  // namespace
}  // namespace ringbook::sqlite
