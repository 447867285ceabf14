#include "cli/watchdog.h"

#include <gtest/gtest.h>

#include <csignal>

#include "base/limits.h"

namespace ringbook {
namespace {

// Lets a commit wait while time goes by, after `signals` asked the process to end; ends only when
// the watchdog ends it, or, when it should not, by the time that has gone by.
[[noreturn]] void stall(bool is_signalled, std::chrono::milliseconds most) {
  Watchdog::take_signals();
  ManualClock clock(Instant{1'700'000'000'000});
  Log log(clock, LogLevel::info, LogFormat::json);
  Watchdog watchdog(clock, log);
  watchdog.guard(nullptr);
  watchdog.commit_begins();
  if (is_signalled) {
    kill(getpid(), SIGTERM);
  }
  const Tick end = clock.tick() + most;
  while (is_signalled || clock.tick() < end) {
    clock.advance(std::chrono::milliseconds{1});
    std::this_thread::yield();
  }
  // The thread looks at the clock once more than it is told to stop.
  watchdog.commit_ends();
  log.flush();
  _exit(0);
}

class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// [STORE-12]
TEST_F(WatchdogTest, EndsAStalledProcessThatWasToldToStop) {
  EXPECT_EXIT(stall(true, {}), testing::ExitedWithCode(3), "disk_stalled(.|\n)*gave_up");
}

// [STORE-12]
TEST_F(WatchdogTest, LetsAProcessGoOnThatNobodyToldToStop) {
  EXPECT_EXIT(stall(false, limits::disk_stall_time + limits::drain_time),
              testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace ringbook
