// The Nth disk operation fails, for N = 1, 2, … until none is left.
#include <gtest/gtest.h>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "model/player.h"
#include "store/sqlite/disk_vfs.h"

namespace ringbook::test {
namespace {

using Answered = Player::Answered;

struct Failing {
  const char* name;
  unsigned operations;
  int code;
  int system_error;
};

const Failing failings[] = {
    {"WriteOnAFullDisk", disk_write, SQLITE_FULL, ENOSPC},
    {"WriteBeyondAQuota", disk_write, SQLITE_IOERR_WRITE, EDQUOT},
    {"Write", disk_write, SQLITE_IOERR_WRITE, EIO},
    {"Sync", disk_sync, SQLITE_IOERR_FSYNC, EIO},
    {"SyncOfAFullDisk", disk_sync, SQLITE_IOERR_FSYNC, ENOSPC},
    {"Truncate", disk_truncate, SQLITE_IOERR_TRUNCATE, EIO},
    {"Open", disk_open, SQLITE_CANTOPEN, EMFILE},
    {"Read", disk_read, SQLITE_IOERR_READ, EIO},
    {"Remove", disk_remove, SQLITE_IOERR_DELETE, EIO},
    {"SharedMemory", disk_shared_memory, SQLITE_IOERR_SHMMAP, EIO},
    {"SharedMemoryOnAFullDisk", disk_shared_memory, SQLITE_IOERR_SHMSIZE, ENOSPC},
};

enum class End { close, kill };

class NthFailure : public testing::TestWithParam<std::tuple<Failing, End>> {
 protected:
  bool is_full_disk() const {
    const Failing& failing = std::get<Failing>(GetParam());
    return (failing.system_error == ENOSPC || failing.system_error == EDQUOT) &&
           failing.operations != disk_sync;
  }

  // The script on an engine whose nth operation fails; says whether there was an nth.
  bool run(std::uint64_t nth) {
    const auto& [failing, end] = GetParam();
    FaultVfs vfs;
    const sqlite::DiskVfs disk(vfs.name(), sqlite::DiskVfs::Syncs::when_asked);
    Engine engine({{}, disk.name()});
    Player player(engine, small_universe());
    vfs.plan({failing.operations, failing.code, failing.system_error, nth});
    if (const auto opened = engine.try_open()) {
      play(engine, player);
    } else {
      EXPECT_TRUE(vfs.was_met()) << opened.error().detail;
      EXPECT_EQ(opened.error().code, is_full_disk() ? Errc::no_space : Errc::unavailable)
          << opened.error().detail;
    }
    bool was_met = vfs.was_met();
    if (end == End::kill) {
      vfs.freeze();
    }
    engine.close();
    was_met = was_met || (end == End::close && vfs.was_met());

    vfs.heal();
    engine.failure.reset();
    engine.open();
    player.agree();
    EXPECT_EQ(player.turn({change_set({put(user_id(1), "Ada, later")})}), Answered::as_modelled);
    return was_met;
  }

  void play(Engine& engine, Player& player) {
    bool has_failed = false;
    int full_turns = 0;
    for (const Turn& turn : script()) {
      const Answered answered = player.turn(turn);
      // [STORE-5]
      EXPECT_TRUE(!has_failed || answered == Answered::unavailable)
          << "the store answers after it has failed";
      has_failed = answered == Answered::unavailable;
      full_turns += answered == Answered::no_space ? 1 : 0;
      const std::vector<std::string> not_ready = engine.store().not_ready();
      // [STORE-6]
      if (answered == Answered::no_space) {
        EXPECT_EQ(not_ready, std::vector<std::string>{"disk_full"});
      }
      EXPECT_EQ(std::count(not_ready.begin(), not_ready.end(), "store_failed"), has_failed);
    }
    EXPECT_EQ(engine.failures, has_failed ? 1 : 0);
    EXPECT_FALSE(has_failed && is_full_disk()) << "a full disk ended the store";
    EXPECT_LE(full_turns, is_full_disk() ? 1 : 0);
  }
};

INSTANTIATE_TEST_SUITE_P(OfEveryKind, NthFailure,
                         testing::Combine(testing::ValuesIn(failings),
                                          testing::Values(End::close, End::kill)),
                         [](const auto& test) {
                           return std::string(std::get<Failing>(test.param).name) +
                                  (std::get<End>(test.param) == End::kill ? "ThenKill" : "");
                         });

// [STORE-1] [STORE-3] [STORE-5]
TEST_P(NthFailure, LosesNothingAcknowledgedAndInventsNothing) {
  constexpr std::uint64_t more_than_there_are = 2000;
  std::uint64_t nth = 1;
  while (nth < more_than_there_are && run(nth) && !HasFailure()) {
    ++nth;
  }
  EXPECT_FALSE(HasFailure()) << "operation " << nth << " failed";
  EXPECT_GT(nth, 1U) << "there is no operation of this kind";
  EXPECT_LT(nth, more_than_there_are);
  RecordProperty("operations", static_cast<int>(nth - 1));
}

}  // namespace
}  // namespace ringbook::test
