// A backup holds everything of one moment; what is restored from it is the same, or is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "fault/journal_rows.h"
#include "fault/stored.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/inspect.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const OnUpkeepStep silent = [](const UpkeepStep&) {};

class Backups : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  fs::path new_folder(const std::string& name) const {
    fs::remove_all(path(name));
    fs::create_directory(path(name));
    return path(name);
  }

  BackupSummary back_up(const SqliteSettings& source, const fs::path& to) {
    auto summary = back_up_sqlite(source, to, clock, silent);
    EXPECT_TRUE(summary) << summary.error().detail;
    return summary.value_or(BackupSummary{});
  }
  Result<BackupSummary> restore(const fs::path& backup) {
    return restore_sqlite(backup, {.folder = new_folder("restored"), .vfs = ""}, silent);
  }

  // What an engine says of the folder; nothing when it refuses it.
  std::optional<State> state_in(const fs::path& folder) {
    Engine engine({folder, ""});
    if (const auto opened = engine.try_open(); !opened) {
      EXPECT_EQ(opened.error().code, Errc::damaged) << opened.error().detail;
      return std::nullopt;
    }
    return state_of(engine, small_universe());
  }
  void expect_state(const State& expected) {
    const auto inspected = inspect_sqlite(
        path("restored"), folder_.path(),
        [](const Finding& finding) { ADD_FAILURE() << finding.where << ": " << finding.what; },
        silent);
    EXPECT_TRUE(inspected);
    const auto state = state_in(path("restored"));
    ASSERT_TRUE(state);
    EXPECT_EQ(difference(*state, expected), "");
  }

  ManualClock clock{Instant{1'700'000'000'000}};
  TemporaryFolder folder_;
};

// [STORE-14]
TEST_F(Backups, GiveTheSameDirectoryAndHistoriesHoweverMuchIsFolded) {
  for (const Folded folded : {Folded::nothing, Folded::half, Folded::everything}) {
    const State whole = do_script(new_folder("data"), folded);
    fs::remove(path("backup"));
    const BackupSummary taken = back_up({path("data"), ""}, path("backup"));
    EXPECT_EQ(taken.last_change, 19U);
    EXPECT_EQ(taken.users, 3U);
    EXPECT_EQ(taken.extensions, 2U);
    const auto restored = restore(path("backup"));
    ASSERT_TRUE(restored) << restored.error().detail;
    EXPECT_EQ(restored->taken_at, clock.now());
    EXPECT_EQ(restored->last_change, 19U);
    EXPECT_EQ(restored->users, 3U);
    EXPECT_EQ(restored->extensions, 2U);
    expect_state(whole);
  }
}

// [STORE-14]
TEST_F(Backups, AreOfTheMomentAtWhichTheyWereTakenBesideAnEngine) {
  FaultVfs vfs;
  Engine engine({new_folder("data"), vfs.name()});
  Player player(engine, small_universe());
  engine.open();
  std::vector<State> states;
  for (const Turn& turn : script()) {
    player.turn(turn);
    back_up({path("data"), vfs.name()}, path("backup" + std::to_string(states.size())));
    states.push_back(player.model().state(player.universe()));
  }
  engine.close();
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto restored = restore(path("backup" + std::to_string(i)));
    ASSERT_TRUE(restored) << restored.error().detail;
    expect_state(states[i]);
  }
}

// [STORE-14] [HIST-2]
TEST_F(Backups, AreRestoredWithTheMilestonesOfHistories) {
  FaultVfs vfs;
  Engine engine({new_folder("data"), vfs.name()});
  engine.open();
  engine.apply({put(user_id(1), "Ada")});
  for (int i = 0; i < 300; ++i) {
    engine.apply({assign(user_id(1), number(i % 2 == 0 ? "11" : "22"))});
  }
  back_up({path("data"), vfs.name()}, path("backup"));
  engine.close();
  ASSERT_TRUE(restore(path("backup")));
  const auto inspected = inspect_sqlite(
      path("restored"), folder_.path(),
      [](const Finding& finding) { ADD_FAILURE() << finding.where << ": " << finding.what; },
      silent);
  ASSERT_TRUE(inspected);
  EXPECT_EQ(inspected->last_change, 301U);
}

TEST_F(Backups, OfAnEmptyDirectoryAreRestored) {
  FaultVfs vfs;
  Engine engine({new_folder("data"), vfs.name()});
  engine.open();
  back_up({path("data"), vfs.name()}, path("backup"));
  ASSERT_TRUE(restore(path("backup")));
  EXPECT_TRUE(state_in(path("restored")));
}

TEST_F(Backups, HaveAFolderOfTheirOwnWhoseFilesDoNotFitTheOld) {
  do_script(new_folder("data"), Folded::everything);
  back_up({path("data"), ""}, path("backup"));
  ASSERT_TRUE(restore(path("backup")));
  fs::copy_file(path("data") / "directory.db", path("restored") / "directory.db",
                fs::copy_options::overwrite_existing);
  EXPECT_FALSE(state_in(path("restored")));
}

TEST_F(Backups, AreNotTakenOfAJournalWithAGap) {
  for (const std::ptrdiff_t gap : {3, 18}) {
    do_script(new_folder("data"), Folded::everything);
    std::vector<RecordedChange> changes = changes_in(path("data") / "journal.db");
    changes.erase(changes.begin() + gap);
    put_changes(path("data") / "journal.db", changes);
    const auto refused = back_up_sqlite({path("data"), ""}, path("backup"), clock, silent);
    ASSERT_FALSE(refused) << gap;
    fs::remove(path("backup"));
  }
}

// [STORE-14]
TEST_F(Backups, AreNeverRestoredWithADifference) {
  const State whole = do_script(new_folder("data"), Folded::half);
  back_up({path("data"), ""}, path("backup"));
  std::ifstream stream(path("backup"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  int refused = 0;
  int same = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 331) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
    std::ofstream(path("damaged"), std::ios::binary) << damaged;
    if (!restore(path("damaged"))) {
      ++refused;
      continue;
    }
    ++same;  // A byte that stands for nothing.
    const auto state = state_in(path("restored"));
    ASSERT_TRUE(state) << "byte " << at;
    ASSERT_EQ(difference(*state, whole), "") << "byte " << at;
  }
  EXPECT_GT(refused, 5);
  EXPECT_GT(same, 0);
}

TEST_F(Backups, AreRefusedWhenRowsWereChanged) {
  do_script(new_folder("data"), Folded::everything);
  for (const char* sql :
       {"UPDATE turns SET record = CAST(replace(record, 'admin-1', 'admin-2') AS BLOB)",
        "UPDATE turns SET record = x'01' WHERE first = 4",
        "UPDATE profiles SET name = name || 'x' WHERE slot = 0",
        "UPDATE users SET id = zeroblob(12)", "DELETE FROM released",
        "UPDATE users SET since = since + 1", "DELETE FROM contents WHERE table_name = 'users'",
        "DELETE FROM manifest", "DELETE FROM turns WHERE first = (SELECT max(first) FROM turns)"}) {
    fs::remove(path("backup"));
    back_up({path("data"), ""}, path("backup"));
    run_sql(path("backup"), sql);
    const auto refused = restore(path("backup"));
    ASSERT_FALSE(refused) << sql;
    EXPECT_EQ(refused.error().code, Errc::damaged) << sql;
    EXPECT_THAT(refused.error().detail, HasSubstr("the backup is damaged")) << sql;
  }
}

// [STORE-10] [STORE-14]
TEST_F(Backups, OfAnOlderProgramAreRestored) {
  for (const Folded folded : {Folded::nothing, Folded::half, Folded::everything}) {
    const State whole = do_script(new_folder("data"), folded);
    fs::remove(path("backup"));
    back_up({path("data"), ""}, path("backup"));
    make_older_backup(path("backup"));
    const auto restored = restore(path("backup"));
    ASSERT_TRUE(restored) << restored.error().detail;
    EXPECT_EQ(restored->last_change, 19U);
    expect_state(whole);
  }
}

// [STORE-14]
TEST_F(Backups, OfAnOlderProgramAreRefusedWhenRowsWereChanged) {
  do_script(new_folder("data"), Folded::everything);
  for (const char* sql :
       {"UPDATE changes SET request_id = 'tesT' WHERE sequence = 3",
        "UPDATE actors SET subject = 'x'", "DELETE FROM actors",
        "DELETE FROM changes WHERE sequence = 19", "DELETE FROM changes WHERE sequence = 4",
        "UPDATE changes SET user = x'00' WHERE sequence = 4"}) {
    fs::remove(path("backup"));
    back_up({path("data"), ""}, path("backup"));
    make_older_backup(path("backup"));
    run_sql(path("backup"), sql);
    const auto refused = restore(path("backup"));
    ASSERT_FALSE(refused) << sql;
    EXPECT_EQ(refused.error().code, Errc::damaged) << sql;
    EXPECT_THAT(refused.error().detail, HasSubstr("the backup is damaged")) << sql;
  }
}

// It is read only, so it cannot be brought to the present form first.
// [STORE-10]
TEST_F(Backups, AreNotTakenOfAJournalThatAnOlderProgramWrote) {
  do_script(new_folder("data"), Folded::half);
  make_older_journal(path("data"), 2);
  const auto refused = back_up_sqlite({path("data"), ""}, path("backup"), clock, silent);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().detail, HasSubstr("schema version 2"));
}

TEST_F(Backups, OfANewerProgramAreRefused) {
  do_script(new_folder("data"), Folded::half);
  back_up({path("data"), ""}, path("backup"));
  run_sql(path("backup"), "PRAGMA user_version = 99");
  const auto refused = restore(path("backup"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::newer);
}

// [STORE-14]
TEST_F(Backups, LeaveNothingThatAnEngineTakesWhenTheirRestoreIsCutShort) {
  const State whole = do_script(new_folder("data"), Folded::half);
  back_up({path("data"), ""}, path("backup"));
  int refused = 0;
  for (std::uint64_t nth = 1; nth < 1000; ++nth) {
    FaultVfs vfs;
    vfs.plan({.operations = disk_write | disk_sync | disk_truncate | disk_remove,
              .nth = nth,
              .is_lasting = true});
    const auto restored = restore_sqlite(
        path("backup"), {.folder = new_folder("restored"), .vfs = vfs.name()}, silent);
    if (!vfs.was_met()) {
      EXPECT_TRUE(restored);
      break;
    }
    if (const auto state = state_in(path("restored"))) {
      EXPECT_EQ(difference(*state, whole), "") << "after operation " << nth;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 20);
}

TEST_F(Backups, SayThatTheVolumeIsFull) {
  do_script(new_folder("data"), Folded::half);
  back_up({path("data"), ""}, path("backup"));
  FaultVfs vfs;
  vfs.plan({.operations = disk_write,
            .code = SQLITE_FULL,
            .system_error = ENOSPC,
            .nth = 5,
            .is_lasting = true});
  const auto refused =
      restore_sqlite(path("backup"), {.folder = new_folder("restored"), .vfs = vfs.name()}, silent);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::no_space);
}

}  // namespace
}  // namespace ringbook::test
