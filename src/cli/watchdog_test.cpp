#include "cli/watchdog.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

using namespace std::chrono_literals;
using Code = std::optional<ExitCode>;

// A log whose lines stay in memory.
class Memory {
 public:
  ~Memory() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }
  std::string content() const {
    std::array<char, 4096> buffer{};
    const ssize_t size = ::pread(descriptor_, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max(size, ssize_t{0}))};
  }

 private:
  int descriptor_ = ::memfd_create("log", MFD_CLOEXEC);
};

class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() { watchdog.guard(nullptr); }

  Code look(bool is_signalled = false) { return watchdog.look(is_signalled); }
  int times_told(std::string_view event) {
    log.flush();
    const std::string lines = memory.content();
    int count = 0;
    for (auto at = lines.find(event); at != lines.npos; at = lines.find(event, at + 1)) {
      ++count;
    }
    return count;
  }

  Memory memory;
  ManualClock clock{Instant{1'700'000'000'000}};
  Log log{clock, LogLevel::info, LogFormat::json, memory.descriptor()};
  Watchdog watchdog{clock, log};
};

// [STORE-12]
TEST_F(WatchdogTest, TellsOfEachStallOnceAndWaitsForItWithoutEnd) {
  watchdog.commit_begins();
  clock.advance(limits::disk_stall_time - 1ms);
  EXPECT_EQ(look(), Code());
  EXPECT_EQ(times_told("disk_stalled"), 0);
  clock.advance(1ms);
  EXPECT_EQ(look(), Code());
  EXPECT_EQ(times_told("disk_stalled"), 1);
  clock.advance(100 * limits::drain_time);
  EXPECT_EQ(look(), Code()) << "nobody told it to stop";
  EXPECT_EQ(times_told("disk_stalled"), 1);
  watchdog.commit_ends();
  EXPECT_EQ(look(), Code());
  watchdog.commit_begins();
  clock.advance(limits::disk_stall_time);
  EXPECT_EQ(look(), Code());
  EXPECT_EQ(times_told("disk_stalled"), 2);
  EXPECT_EQ(times_told("gave_up"), 0);
}

// [STORE-12]
TEST_F(WatchdogTest, GivesUpOnAStalledDiskWhenTheTimeToDrainIsOver) {
  watchdog.commit_begins();
  EXPECT_EQ(look(true), Code());
  clock.advance(limits::drain_time - 1ms);
  EXPECT_EQ(look(), Code());
  EXPECT_EQ(times_told("gave_up"), 0);
  clock.advance(1ms);
  EXPECT_EQ(look(), ExitCode::unavailable);
  EXPECT_EQ(times_told("disk_stalled"), 1);
  EXPECT_EQ(times_told("gave_up"), 1);
}

// [STORE-12]
TEST_F(WatchdogTest, GivesUpOnAStalledDiskAtTheSecondSignal) {
  watchdog.commit_begins();
  clock.advance(limits::disk_stall_time);
  EXPECT_EQ(look(true), Code());
  EXPECT_EQ(look(true), ExitCode::unavailable);
}

TEST_F(WatchdogTest, LeavesADiskThatAnswersToTheServerHoweverOftenItIsTold) {
  clock.advance(limits::drain_time);
  for (int i = 0; i < 3; ++i) {
    watchdog.commit_begins();
    clock.advance(limits::disk_stall_time - 1ms);
    EXPECT_EQ(look(true), Code());
    watchdog.commit_ends();
  }
  clock.advance(2 * limits::drain_time);
  EXPECT_EQ(look(), Code());
  EXPECT_EQ(times_told("disk_stalled"), 0);
}

TEST_F(WatchdogTest, EndsAStartAtOnceThatHasPromisedNothing) {
  Watchdog starting(clock, log);
  EXPECT_EQ(starting.look(false), Code());
  EXPECT_EQ(starting.look(true), ExitCode::done);
  EXPECT_EQ(times_told("stopped_while_starting"), 1);
}

// Lets a commit wait while time goes by, after a signal asked the process to end.
[[noreturn]] void stall() {
  Watchdog::take_signals();
  ManualClock clock(Instant{1'700'000'000'000});
  Log log(clock, LogLevel::info, LogFormat::json);
  Watchdog watchdog(clock, log);
  watchdog.guard(nullptr);
  watchdog.commit_begins();
  watchdog.start();
  kill(getpid(), SIGTERM);
  alarm(60);  // Ends it otherwise when the watchdog never does.
  while (true) {
    clock.advance(1ms);
    std::this_thread::yield();
  }
}

// [STORE-12]
TEST(WatchdogThread, EndsAStalledProcessThatWasToldToStop) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(stall(), testing::ExitedWithCode(3), "disk_stalled(.|\n)*gave_up");
}

}  // namespace
}  // namespace ringbook
