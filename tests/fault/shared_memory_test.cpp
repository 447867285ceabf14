// The shared memory beside a write-ahead log cannot grow. A log needs more of it beyond 4,062
// pages; SQLite asks for it when it spills its cache in the middle of a transaction, and after it
// has written and synced a commit.
#include <gtest/gtest.h>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "model/player.h"

namespace ringbook::test {
namespace {

using Answered = Player::Answered;

// One page each: the log is outgrown by the last pages of a commit, or long before it.
constexpr std::uint32_t outgrown_by_the_commit = 4200;
constexpr std::uint32_t outgrown_by_a_spill = 5200;

class SharedMemory : public testing::Test {
 protected:
  SharedMemory() {
    engine.open();
    EXPECT_EQ(player.turn(script()[0]), Answered::as_modelled);
  }

  Answered import_without_shared_memory(std::uint32_t people, int system_error) {
    vfs.plan({.operations = disk_shared_memory,
              .code = SQLITE_IOERR_SHMSIZE,
              .system_error = system_error,
              .file = "journal.db"});
    const Answered answered = player.turn({large_import(people)});
    EXPECT_TRUE(vfs.was_met()) << "the log did not outgrow its shared memory";
    vfs.heal();
    return answered;
  }

  // As after a kill: what the log holds comes back.
  void restart_and_agree() {
    vfs.freeze();
    engine.close();
    vfs.heal();
    engine.open();
    player.agree();
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  Player player{engine, [] {
                  Universe universe = small_universe();
                  universe.users.push_back(large_import(1).edits[0].user);
                  return universe;
                }()};
};

TEST_F(SharedMemory, HasNoRoomBeforeACommit) {
  EXPECT_EQ(import_without_shared_memory(outgrown_by_a_spill, ENOSPC), Answered::no_space);
  EXPECT_EQ(player.turn(script()[1]), Answered::as_modelled);
  EXPECT_EQ(engine.failures, 0);
  restart_and_agree();
}

// [STORE-5]
TEST_F(SharedMemory, CannotGrowBeforeACommit) {
  EXPECT_EQ(import_without_shared_memory(outgrown_by_a_spill, EIO), Answered::unavailable);
  EXPECT_EQ(engine.failures, 1);
  restart_and_agree();
}

// The commit is in the log and comes back, so that "nothing was kept" would be a lie.
// [STORE-5]
TEST_F(SharedMemory, HasNoRoomAfterTheCommitIsWritten) {
  EXPECT_EQ(import_without_shared_memory(outgrown_by_the_commit, ENOSPC), Answered::unavailable);
  EXPECT_EQ(engine.failures, 1);
  restart_and_agree();
}

// SQLite remembers the system's last error: an old lack of room is no reason of a new failure.
// [STORE-5]
TEST_F(SharedMemory, HadNoRoomOnceAndThenAWriteFails) {
  EXPECT_EQ(import_without_shared_memory(outgrown_by_a_spill, ENOSPC), Answered::no_space);
  vfs.plan({.operations = disk_write, .code = SQLITE_IOERR_WRITE, .file = "journal.db"});
  EXPECT_EQ(player.turn(script()[1]), Answered::unavailable);
  EXPECT_EQ(engine.failures, 1);
  restart_and_agree();
}

}  // namespace
}  // namespace ringbook::test
