// Random operations on an engine and on a plain map must agree, answer by answer and as a whole.
// RINGBOOK_SEED repeats a run.
#include <gtest/gtest.h>

#include "fault/fault_vfs.h"
#include "model/player.h"
#include "model/random_sets.h"
#include "support/seed.h"

namespace ringbook::test {
namespace {

using Answered = Player::Answered;

constexpr std::uint32_t users = 20;
constexpr std::uint32_t numbers = 30;
constexpr std::size_t kinds_of_outcome = 7;

// Time goes on, stands still, and sometimes goes back.
void move_clock(ManualClock& clock, RandomSets& random) {
  const auto by = static_cast<std::int64_t>(random.below(5000));
  clock.set(Instant{clock.now().ms + (random.one_in(20) ? -by : by)});
}

// A moment between the first turn and the last, often exactly that of a change.
Instant some_moment(Instant begin, const Player& player, RandomSets& random) {
  const Instant last = player.model().last_at();
  if (random.one_in(4) || last <= begin) {
    return last;
  }
  return Instant{begin.ms + static_cast<std::int64_t>(
                                random.below(static_cast<std::size_t>(last.ms - begin.ms) + 1))};
}

// Every change of the journal is the begin or the end of a holding: a moment that random ones miss.
void agree_on_moments(Instant begin, Player& player, RandomSets& random, Engine& engine) {
  player.agree_on(some_moment(begin, player, random));
  const auto& known = player.universe().users;
  const auto page = engine.history(known[random.below(known.size())], 0, 500);
  if (page && !page->rows.empty()) {
    const Instant at = page->rows[random.below(page->rows.size())].at;
    player.agree_on(at);
    player.agree_on(Instant{at.ms - 1});
  }
}

// [STORE-3] [STORE-4] [HIST-1]
TEST(Model, AgreesWithTheMemoryEngine) {
  Engine engine("memory:");
  RandomSets random(seed(), users, numbers);
  Player player(engine, random.universe());
  const Instant begin = engine.clock.now();
  for (int turn = 0; turn < 1500 && !testing::Test::HasFailure(); ++turn) {
    move_clock(engine.clock, random);
    EXPECT_EQ(player.turn(random.turn(player.model())), Answered::as_modelled);
    if (turn % 50 == 0) {
      player.agree();
      agree_on_moments(begin, player, random, engine);
    }
  }
  player.agree();
  EXPECT_EQ(player.kinds_met().size(), kinds_of_outcome);
}

class SqliteAgainstModel : public testing::Test {
 protected:
  SqliteAgainstModel() { engine.open(); }

  // A disk that fills up within the turn: it did not happen, and the next one works.
  void full_disk_turn() {
    vfs.plan({.operations = disk_write,
              .code = SQLITE_FULL,
              .system_error = ENOSPC,
              .nth = 1 + random.below(4),
              .file = "journal.db-wal"});
    const Answered answered = player.turn(random.turn(player.model()));
    EXPECT_EQ(answered == Answered::no_space, vfs.was_met());
    vfs.heal();
  }

  // A sync that fails: the outcome is unknown until the engine is opened again.
  void failed_sync_turn() {
    vfs.plan({.operations = disk_sync, .code = SQLITE_IOERR_FSYNC, .file = "journal.db-wal"});
    const Answered answered = player.turn(random.turn(player.model()));
    EXPECT_EQ(answered == Answered::unavailable, vfs.was_met());
    vfs.heal();
    if (answered == Answered::unavailable) {
      restart();
    }
  }

  // Half of the restarts are kills: nothing that closing writes reaches the disk.
  void restart() {
    if (random.one_in(2)) {
      vfs.freeze();
    }
    engine.close();
    vfs.heal();
    engine.open();
    player.agree();
  }

  // An export sees the same users.
  void compare_snapshot() {
    std::string exported;
    const auto last = read_sqlite_snapshot({engine.folder(), vfs.name()}, [&](const User& user) {
      exported += user.id.text() + " " + describe(std::optional(user)) + "\n";
      return Result<void>{};
    });
    std::string expected;
    for (const User& user : player.model().users()) {
      expected += user.id.text() + " " + describe(std::optional(user)) + "\n";
    }
    ASSERT_TRUE(last) << last.error().detail;
    EXPECT_EQ(*last, player.model().last_change());
    EXPECT_EQ(exported, expected);
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  RandomSets random{seed(), users, numbers};
  Player player{engine, random.universe()};
  const Instant begin = engine.clock.now();
};

// [STORE-1] [STORE-3] [STORE-4] [STORE-5] [STORE-11] [HIST-1]
TEST_F(SqliteAgainstModel, AgreesThroughRestartsFullDisksAndFailedSyncs) {
  for (int turn = 0; turn < 600 && !testing::Test::HasFailure(); ++turn) {
    move_clock(engine.clock, random);
    if (random.one_in(10)) {
      full_disk_turn();
    } else if (random.one_in(40)) {
      failed_sync_turn();
    } else {
      EXPECT_EQ(player.turn(random.turn(player.model())), Answered::as_modelled);
    }
    if (random.one_in(30)) {
      restart();
    }
    if (random.one_in(30)) {
      compare_snapshot();
    }
    if (random.one_in(20)) {
      agree_on_moments(begin, player, random, engine);
    }
  }
  player.agree();
  EXPECT_EQ(player.kinds_met().size(), kinds_of_outcome);
}

// The comparison itself can fail: an engine that forgets one change is found out.
TEST(Model, FindsALostChange) {
  Engine engine("memory:");
  RandomSets random(1, users, numbers);
  Player player(engine, random.universe());
  player.turn({change_set({put(user_id(1), "Ada")})});
  const State before = state_of(engine, random.universe());
  player.turn({change_set({assign(user_id(1), random.universe().numbers[0])})});
  EXPECT_NE(difference(before, player.model().state(random.universe())), "");
}

}  // namespace
}  // namespace ringbook::test
