// How much of directory.db the fold leaves unsynced, so that the journal's sync finds the disk
// free.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "contract/engine.h"
#include "fault/fault_vfs.h"
#include "store/sqlite/database.h"
#include "store/sqlite/disk_vfs.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

using sqlite::Connection;

constexpr std::int64_t megabytes = 4;

// Writes a few megabytes in one transaction and moves them into the file; gives what went wrong.
Result<void> write_much(const std::string& vfs, const std::filesystem::path& file) {
  const auto connection = Connection::open(file, {.vfs = vfs});
  if (!connection) {
    return std::unexpected(connection.error());
  }
  const std::string insert =
      "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < " +
      std::to_string(megabytes * 256) + ") INSERT INTO much SELECT zeroblob(4000) FROM n";
  for (const char* sql : {"CREATE TABLE much(bytes BLOB)", insert.c_str()}) {
    if (auto done = (*connection)->run(sql); !done) {
      return done;
    }
  }
  return (*connection)->checkpoint();
}

// [STORE-15]
TEST(Paced, SyncsEveryPieceOfWhatALargeTransactionWrites) {
  const TemporaryFolder folder;
  FaultVfs plain;
  ASSERT_TRUE(write_much(plain.name(), folder.path() / "plain.db"));
  FaultVfs vfs;
  const sqlite::DiskVfs paced(vfs.name(), sqlite::DiskVfs::Syncs::in_pieces);
  ASSERT_TRUE(write_much(paced.name(), folder.path() / "paced.db"));
  // Once into the log and once into the file.
  constexpr std::int64_t pieces = 2 * megabytes * 1024 * 1024 / limits::paced_bytes;
  EXPECT_GE(vfs.count(disk_sync), plain.count(disk_sync) + pieces - 2);
  EXPECT_LE(vfs.count(disk_sync), plain.count(disk_sync) + pieces * 5 / 4);
  EXPECT_EQ(vfs.count(disk_write), plain.count(disk_write));
}

// [STORE-5] A piece of the log and one of the file; SQLite itself syncs each less often.
class PieceThatFails : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, PieceThatFails, testing::Values("much.db-wal", "much.db"),
                         [](const auto& test) {
                           return std::string(test.param).ends_with("wal") ? "TheLog" : "TheFile";
                         });
TEST_P(PieceThatFails, FailsTheWrite) {
  const TemporaryFolder folder;
  FaultVfs vfs;
  const sqlite::DiskVfs paced(vfs.name(), sqlite::DiskVfs::Syncs::in_pieces);
  // The name of the file is within that of its log, which is synced about as often before.
  const bool is_log = std::string_view(GetParam()).ends_with("wal");
  constexpr std::uint64_t pieces = megabytes * 1024 * 1024 / limits::paced_bytes;
  vfs.plan({.operations = disk_sync,
            .code = SQLITE_IOERR_FSYNC,
            .nth = is_log ? pieces / 2 : pieces * 3 / 2,
            .file = GetParam()});
  const auto written = write_much(paced.name(), folder.path() / "much.db");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::unavailable);
  EXPECT_EQ(written.error().detail.contains("checkpoint"), !is_log) << written.error().detail;
}

constexpr std::uint32_t people = 20'000;
constexpr std::size_t name_bytes = 200;

// So many that the fold writes several pieces of them.
std::vector<Edit> enough_people() {
  std::vector<Edit> edits;
  for (std::uint32_t i = 0; i < people; ++i) {
    edits.push_back(put(user_id(i), std::string(name_bytes, 'a')));
  }
  return edits;
}

// Nobody waits for a server's answer while a command imports into a folder of its own.
class FoldingStore : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(WhereSomebodyWaits, FoldingStore, testing::Bool(),
                         [](const auto& test) { return test.param ? "Not" : "Indeed"; });

// [STORE-15]
TEST_P(FoldingStore, SyncsPieces) {
  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name(), GetParam()}};
  engine.open();
  const std::uint64_t before = vfs.count(disk_sync);
  engine.apply(enough_people());
  engine.wait_for([&] { return engine.store().statistics().unfolded_changes == 0; });
  const std::uint64_t syncs = vfs.count(disk_sync) - before;
  constexpr std::uint64_t pieces = people * name_bytes * 2 / limits::paced_bytes;
  if (GetParam()) {
    EXPECT_LT(syncs, pieces / 2);
  } else {
    EXPECT_GE(syncs, pieces);
  }
}

// [STORE-5]
TEST(PacedFold, EndsTheStoreAndLosesNothingWhenAPieceCannotBeSynced) {
  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  engine.open();
  vfs.plan(
      {.operations = disk_sync, .code = SQLITE_IOERR_FSYNC, .nth = 20, .file = "directory.db"});
  const auto outcome = engine.apply(change_set(enough_people()));
  engine.wait_for([&] { return engine.failures == 1; });
  EXPECT_TRUE(vfs.was_met());
  engine.close();
  vfs.heal();
  engine.open();
  // What was not acknowledged may be there, too.
  EXPECT_TRUE(engine.store().statistics().users == people || !outcome);
}

}  // namespace
}  // namespace ringbook::test
