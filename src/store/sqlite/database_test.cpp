#include "store/sqlite/database.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ringbook::sqlite
