// The fold fails while the server runs, at every of its disk operations. All stores of a test run
// at once, since each fold waits half a second for company.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "model/player.h"
#include "store/sqlite/fold.h"
#include "store/sqlite/people.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

using Answered = Player::Answered;

constexpr const char* folded_files = "directory.db";

struct Patient {
  explicit Patient(Fault fault) {
    engine.open();
    vfs.plan(std::move(fault));
    for (const Turn& turn : script()) {
      EXPECT_EQ(player.turn(turn), Answered::as_modelled);
    }
  }

  bool is_full() { return engine_says("disk_full"); }
  bool engine_says(const char* reason) {
    const auto reasons = engine.store().not_ready();
    return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
  }
  bool has_folded_all() { return engine.store().statistics().unfolded_changes == 0; }

  void restart_and_agree() {
    engine.close();
    vfs.heal();
    engine.open();
    player.agree();
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  Player player{engine, small_universe()};
};

// One store for each operation of the fold that can fail so.
std::vector<std::unique_ptr<Patient>> one_for_each(Fault fault) {
  constexpr std::uint64_t more_than_there_are = 24;
  std::vector<std::unique_ptr<Patient>> patients;
  fault.file = folded_files;
  for (fault.nth = 1; fault.nth <= more_than_there_are; ++fault.nth) {
    patients.push_back(std::make_unique<Patient>(fault));
  }
  return patients;
}

class FoldFailure : public testing::TestWithParam<Fault> {};

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, FoldFailure,
    testing::Values(
        Fault{.operations = disk_write, .code = SQLITE_IOERR_WRITE},
        Fault{.operations = disk_sync, .code = SQLITE_IOERR_FSYNC},
        Fault{.operations = disk_sync, .code = SQLITE_IOERR_FSYNC, .system_error = ENOSPC}),
    [](const auto& test) {
      return std::string(test.param.operations == disk_write ? "Write" : "Sync") +
             (test.param.system_error == ENOSPC ? "OfAFullDisk" : "");
    });

// [STORE-5]
TEST_P(FoldFailure, EndsTheStoreOnceAndLosesNothing) {
  const auto patients = one_for_each(GetParam());
  int failed = 0;
  for (const auto& patient : patients) {
    Engine& engine = patient->engine;
    engine.wait_for([&] { return engine.failures > 0 || patient->has_folded_all(); });
    EXPECT_EQ(engine.failures, patient->vfs.was_met() ? 1 : 0);
    failed += engine.failures;
    if (engine.failures > 0) {
      EXPECT_TRUE(patient->engine_says("store_failed"));
      EXPECT_EQ(patient->player.turn(script()[0]), Answered::unavailable);
      EXPECT_EQ(engine.failures, 1);
    }
    patient->restart_and_agree();
  }
  EXPECT_GT(failed, 0) << "no operation of the fold failed";
  EXPECT_LT(failed, static_cast<int>(patients.size())) << "some operations were left out";
}

// The journal still has room: only readiness tells, and the fold catches up by itself. [STORE-6]
TEST(FoldOnAFullDisk, GoesOnWhenThereIsRoomAgain) {
  const auto patients =
      one_for_each({.operations = disk_write, .code = SQLITE_FULL, .system_error = ENOSPC});
  int full = 0;
  for (const auto& patient : patients) {
    patient->engine.wait_for([&] { return patient->is_full() || patient->has_folded_all(); });
    EXPECT_EQ(patient->is_full(), patient->vfs.was_met());
    full += patient->is_full() ? 1 : 0;
    EXPECT_EQ(patient->player.turn({change_set({put(user_id(1), "Ada, meanwhile")})}),
              Answered::as_modelled);
  }
  for (const auto& patient : patients) {
    patient->engine.wait_for([&] { return patient->has_folded_all(); });
    EXPECT_TRUE(patient->engine.store().not_ready().empty());
    EXPECT_EQ(patient->engine.failures, 0);
    patient->restart_and_agree();
  }
  EXPECT_GT(full, 0) << "no operation of the fold failed";
  EXPECT_LT(full, static_cast<int>(patients.size())) << "some operations were left out";
}

// [STORE-5]
TEST(FailedStore, WritesNothingMoreOfTheTurnInWhichTheFoldFailed) {
  Patient patient({.operations = disk_sync, .code = SQLITE_IOERR_FSYNC, .file = folded_files});
  Engine& engine = patient.engine;
  std::optional<Result<Outcome>> change;
  std::optional<Result<Outcome>> no_change;
  engine.store().apply(change_set({put(user_id(1), "Ada, too late")}),
                       Reply<Outcome>([&](auto answer) { change = std::move(answer); }));
  engine.store().apply(change_set({assign(user_id(99), number("11"))}),
                       Reply<Outcome>([&](auto answer) { no_change = std::move(answer); }));
  while (engine.failures == 0) {
    ASSERT_TRUE(engine.loop.wait_one(std::chrono::minutes(1)));
  }
  const std::uint64_t writes = patient.vfs.count(disk_write);
  engine.store().end_turn();
  EXPECT_EQ(patient.vfs.count(disk_write), writes);
  EXPECT_EQ(describe(*change), name_of(Errc::unavailable));
  EXPECT_EQ(describe(*no_change), name_of(Errc::unavailable));
  engine.close();
  EXPECT_EQ(patient.vfs.count(disk_write), writes);
  patient.restart_and_agree();
}

// A change set so large that it is folded while the journal takes it. What a disk refuses of one
// file or of both leaves nothing of it, and what the journal has is folded in the end.
class LargeChangeSet : public testing::TestWithParam<Fault> {
 protected:
  static constexpr std::uint32_t people = limits::turn_changes + 50;

  std::uint64_t present() { return engine.store().statistics().users; }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
};

INSTANTIATE_TEST_SUITE_P(WithAFullDisk, LargeChangeSet,
                         testing::Values(Fault{.file = "journal.db"},
                                         Fault{.is_lasting = true, .file = "journal.db"},
                                         Fault{.file = folded_files}, Fault{.is_lasting = true}),
                         [](const auto& test) {
                           return std::string(test.param.file.empty()           ? "BothFiles"
                                              : test.param.file == folded_files ? "TheFold"
                                                                                : "TheJournal") +
                                  (test.param.is_lasting ? "ForLong" : "Once");
                         });

// [STORE-3] [STORE-5]
TEST_P(LargeChangeSet, IsFoldedOnceTheJournalHasItAndElseForgotten) {
  Fault fault = GetParam();
  fault.operations = disk_write;
  fault.code = SQLITE_FULL;
  fault.system_error = ENOSPC;
  engine.open();
  std::map<UserId, bool> firsts;  // Of each set, and whether they are to be there.
  for (bool was_met = true; was_met; fault.nth *= 2) {
    const std::uint64_t before = present();
    vfs.plan(fault);
    const auto first = 1000 * static_cast<std::uint32_t>(fault.nth);
    const auto done = engine.apply(large_import(people, first));
    firsts[user_id(first)] = done.has_value();
    was_met = vfs.was_met();
    if (fault.is_lasting) {
      vfs.heal();
    }
    if (done) {
      engine.wait_for([&] { return engine.store().statistics().unfolded_changes == 0; });
    } else {
      EXPECT_EQ(done.error().code, Errc::no_space);
    }
    EXPECT_EQ(present(), before + (done ? people : 0));
    was_met |= vfs.was_met();
    vfs.heal();
  }
  EXPECT_EQ(firsts.begin()->second, GetParam().file == folded_files);
  EXPECT_GT(fault.nth, 3U) << "no operation failed";
  const std::uint64_t before = present();
  engine.reopen();
  EXPECT_EQ(present(), before);
  for (const auto& [first, is_there] : firsts) {
    EXPECT_EQ(engine.user(first).has_value(), is_there) << first.text();
  }
  EXPECT_EQ(engine.failures, 0);
}

// A fold without a store around it, and changes for it.
class FoldAlone : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = sqlite::open_people({folder.path() / folded_files, vfs.name()});
    ASSERT_TRUE(opened);
    people = *std::move(opened);
    auto prepared = sqlite::PeopleWriter::prepare(*people);
    ASSERT_TRUE(prepared);
    writer = *std::move(prepared);
    ASSERT_TRUE(registry.decide(large_import(50), Instant{1}, changes));
  }

  FaultVfs vfs;
  TemporaryFolder folder;
  std::unique_ptr<sqlite::Connection> people;
  sqlite::PeopleWriter writer;
  Registry registry;
  std::vector<Change> changes;
  QueueLoop loop;
};

// Otherwise a store would say that its disk is full until somebody writes again.
TEST_F(FoldAlone, TellsThatNothingLacksRoomWhenWhatHadNoneIsForgotten) {
  ASSERT_TRUE(people->run("PRAGMA cache_size=1"));  // So it writes before it is to commit.
  std::vector<Result<std::uint64_t>> told;
  vfs.plan({.operations = disk_write,
            .code = SQLITE_FULL,
            .system_error = ENOSPC,
            .is_lasting = true,
            .file = folded_files});
  sqlite::Fold fold(std::move(people), std::move(writer), 0, [&](Result<std::uint64_t> progress) {
    loop.post([&told, progress = std::move(progress)] { told.push_back(progress); });
  });
  ASSERT_TRUE(fold.begin(changes));
  ASSERT_TRUE(loop.wait_one(std::chrono::minutes(1)));
  ASSERT_FALSE(told.back());
  EXPECT_EQ(told.back().error().code, Errc::no_space);
  fold.forget();
  while (loop.run_one()) {
  }
  ASSERT_TRUE(told.back());
  EXPECT_EQ(*told.back(), 0U);
  EXPECT_EQ(fold.written(), 0U);
}

// [STORE-15]
TEST_F(FoldAlone, WaitsForQuietUntilItsBacklogIsReached) {
  std::vector<std::uint64_t> told;
  sqlite::Fold fold(std::move(people), std::move(writer), 0,
                    [&](Result<std::uint64_t> progress) {
                      loop.post([&told, progress = std::move(progress)] {
                        told.push_back(progress.value_or(0));
                      });
                    },
                    {.few = 0, .delay = std::chrono::hours(1), .backlog = 50});
  std::vector<Change> early;
  std::move(changes.begin(), changes.begin() + 20, std::back_inserter(early));
  changes.erase(changes.begin(), changes.begin() + 20);
  fold.push(early);
  EXPECT_TRUE(early.empty());
  // Long enough for a fold that does not wait; one that does is in the middle of its hour then.
  fold.wait_for_progress(std::chrono::milliseconds(200));
  EXPECT_FALSE(loop.run_one());
  fold.push(changes);
  ASSERT_TRUE(loop.wait_one(std::chrono::minutes(1)));
  EXPECT_EQ(told, std::vector<std::uint64_t>{50}) << "all that waited, in one slice";
}

// [STORE-3]
TEST_F(FoldAlone, TakesAllThatWaitsHoweverManyTurnsItWas) {
  constexpr std::uint64_t turns = 50;
  const std::uint64_t all = turns * changes.size();
  ASSERT_GT(all, 2 * limits::fold_block);
  std::vector<std::uint64_t> told;
  sqlite::Fold fold(std::move(people), std::move(writer), 0,
                    [&](Result<std::uint64_t> progress) {
                      loop.post([&told, progress = std::move(progress)] {
                        told.push_back(progress.value_or(0));
                      });
                    },
                    {.few = 0, .delay = std::chrono::hours(1), .backlog = all});
  std::uint64_t sequence = 0;
  for (std::uint64_t turn = 0; turn < turns; ++turn) {
    std::vector<Change> again = changes;
    for (Change& change : again) {
      change.sequence = change.set = ++sequence;
    }
    fold.push(again);
  }
  ASSERT_TRUE(loop.wait_one(std::chrono::minutes(1)));
  EXPECT_EQ(told, std::vector<std::uint64_t>{all});
}

// [STORE-15]
TEST_F(FoldAlone, BeginsWhenFewChangesCome) {
  std::vector<std::uint64_t> told;
  sqlite::Fold fold(std::move(people), std::move(writer), 0,
                    [&](Result<std::uint64_t> progress) {
                      loop.post([&told, progress = std::move(progress)] {
                        told.push_back(progress.value_or(0));
                      });
                    },
                    {.few = 0, .delay = std::chrono::milliseconds(1), .backlog = 1000});
  fold.push(changes);
  ASSERT_TRUE(loop.wait_one(std::chrono::minutes(1)));
  EXPECT_EQ(told, std::vector<std::uint64_t>{50});
}

// [IMP-11]
TEST_F(FoldAlone, SaysHowMuchIsWrittenBeforeAnythingIsSafe) {
  std::vector<std::uint64_t> told;
  sqlite::Fold fold(std::move(people), std::move(writer), 0, [&](Result<std::uint64_t> progress) {
    loop.post([&told, progress = std::move(progress)] { told.push_back(progress.value_or(0)); });
  });
  ASSERT_TRUE(fold.begin(changes));
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (fold.written() < 50 && std::chrono::steady_clock::now() < until) {
    fold.wait_for_progress(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(fold.written(), 50U);
  EXPECT_FALSE(loop.run_one());  // It is not decided, so nothing is told to be safe.
  fold.keep(std::move(changes));
  ASSERT_TRUE(loop.wait_one(std::chrono::minutes(1)));
  EXPECT_EQ(told, std::vector<std::uint64_t>{50});
  EXPECT_EQ(fold.written(), 50U);
}

TEST(LargeChangeSets, AreAllFoldedWhenOneComesWhileAnotherHasNoRoom) {
  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  engine.open();
  vfs.plan({.operations = disk_write,
            .code = SQLITE_FULL,
            .system_error = ENOSPC,
            .is_lasting = true,
            .file = folded_files});
  constexpr std::uint32_t people = limits::turn_changes + 1;
  for (const std::uint32_t first : {1000U, 2000U, 3000U}) {
    EXPECT_TRUE(engine.apply(large_import(people, first)));
  }
  EXPECT_EQ(engine.store().statistics().unfolded_changes, 3U * people);
  vfs.heal();
  engine.wait_for([&] { return engine.store().statistics().unfolded_changes == 0; });
  engine.reopen();
  EXPECT_EQ(engine.store().statistics().users, 3U * people);
}

}  // namespace
}  // namespace ringbook::test
