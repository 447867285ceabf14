// The journal's log is moved into its file while turns go on.
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "model/player.h"
#include "store/sqlite/database.h"

namespace ringbook::test {
namespace {

using Answered = Player::Answered;

class Checkpoint : public testing::Test {
 protected:
  ~Checkpoint() override { let_go(); }

  // From now on the syncs of these threads wait until `let_go`.
  void hold(std::function<bool(std::thread::id)> is_meant) {
    vfs.on_sync([this, is_meant = std::move(is_meant)] {
      if (is_meant(std::this_thread::get_id())) {
        std::unique_lock lock(mutex);
        is_held = true;
        changed.wait(lock, [&] { return may_go; });
      }
    });
  }
  void hold_other_threads() {
    hold([loop = std::this_thread::get_id()](std::thread::id id) { return id != loop; });
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    may_go = true;
    changed.notify_all();
  }
  bool holds_a_thread() {
    const std::lock_guard lock(mutex);
    return is_held;
  }

  std::uint64_t done() {
    return engine.metrics.counter("ringbook_checkpoints_total", checkpoints_help).value();
  }

  void play(const std::vector<Turn>& turns) {
    for (const Turn& turn : turns) {
      ASSERT_EQ(player.turn(turn), Answered::as_modelled);
    }
  }
  void expect_everything_is_there() {
    EXPECT_EQ(
        difference(state_of(engine, player.universe()), player.model().state(player.universe())),
        "");
  }

  // As the engine declares it.
  static constexpr const char* checkpoints_help =
      "Times that the log of the change journal was moved into its file.";

  FaultVfs vfs;
  std::mutex mutex;
  std::condition_variable changed;
  bool is_held = false;
  bool may_go = false;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  Player player{engine, small_universe()};
};

// A log that grows faster than it is moved slows the turns; it does not stop them. [STORE-16]
TEST_F(Checkpoint, KeepsNoAnswerWaiting) {
  engine.open();
  hold_other_threads();
  std::uint32_t first = 1000;
  for (const int pages : {limits::checkpoint_pages, limits::checkpoint_pages_slow}) {
    const auto people = static_cast<std::uint32_t>(pages) + 100;
    play({{large_import(people, std::exchange(first, first + people))}, script()[0], script()[1]});
    engine.wait_for([&] { return holds_a_thread(); });
    play({script()[2], script()[3]});
    EXPECT_EQ(done(), 0U);
  }

  let_go();
  engine.wait_for([&] { return done() == 1; });
  play({script()[4]});
  engine.reopen();
  expect_everything_is_there();
}

// Another connection may be moving the log, or writing its index while the thread looks. [STORE-16]
TEST_F(Checkpoint, IsPutOffWhereTheLogIsBusy) {
  engine.open();
  play({script()[0]});
  std::promise<void> is_ready;
  std::thread other([&] {
    is_ready.get_future().wait();
    const auto connection =
        sqlite::Connection::open(engine.folder() / "journal.db", {.vfs = vfs.name()});
    EXPECT_TRUE(connection && (*connection)->checkpoint());
  });
  hold([id = other.get_id()](std::thread::id thread) { return thread == id; });
  is_ready.set_value();
  engine.wait_for([&] { return holds_a_thread(); });
  play({{large_import(limits::checkpoint_pages + 100)}, script()[1], script()[2]});
  EXPECT_EQ(engine.failures, 0);

  let_go();
  other.join();
  constexpr std::uintmax_t page_bytes = 4096;
  engine.wait_for([&] {
    engine.apply({put(user_id(1), "Ada")});
    return std::filesystem::file_size(engine.folder() / "journal.db") >
           limits::checkpoint_pages * page_bytes;
  });
  EXPECT_EQ(engine.failures, 0);
}

// [STORE-5] [STORE-16]
TEST_F(Checkpoint, EndsTheStoreAndLosesNothingWhenTheFileCannotBeSynced) {
  engine.open();
  play({script()[0]});
  // The first sync of these files is the commit's, the second the log's before it is moved.
  vfs.plan({.operations = disk_sync, .code = SQLITE_IOERR_FSYNC, .nth = 3, .file = "journal.db"});
  play({{large_import(limits::checkpoint_pages + 100)}});
  engine.wait_for([&] { return engine.failures == 1; });
  EXPECT_TRUE(vfs.was_met());

  engine.close();
  vfs.heal();
  engine.open();
  expect_everything_is_there();
}

}  // namespace
}  // namespace ringbook::test
