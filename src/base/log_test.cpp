#include "base/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace ringbook {
namespace {

using namespace std::chrono_literals;

// A pipe that never blocks its reader: what is not there yet reads as nothing.
class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    read_end_ = ends[0];
    write_end_ = ends[1];
    ::fcntl(read_end_, F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    ::close(read_end_);
    ::close(write_end_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int write_end() const { return write_end_; }

  std::string take_all() {
    std::string all;
    std::array<char, 4096> part{};
    for (ssize_t count = 0; (count = ::read(read_end_, part.data(), part.size())) > 0;) {
      all.append(part.data(), static_cast<std::size_t>(count));
    }
    return all;
  }

  // Leaves no room for a further line.
  void fill() {
    ::fcntl(write_end_, F_SETFL, O_NONBLOCK);
    const std::array<char, 4096> part{};
    while (::write(write_end_, part.data(), part.size()) > 0) {
    }
    ::fcntl(write_end_, F_SETFL, 0);
  }

 private:
  int read_end_ = -1;
  int write_end_ = -1;
};

class LogTest : public testing::Test {
 protected:
  std::string written_by(LogFormat format, auto use) {
    Log log(clock_, LogLevel::info, format, pipe_.write_end());
    use(log);
    EXPECT_TRUE(log.flush());
    return pipe_.take_all();
  }

  ManualClock clock_{Instant{1'795'428'000'000}};
  Pipe pipe_;
};

TEST_F(LogTest, WritesOneJsonObjectALine) {
  const std::string line = written_by(LogFormat::json, [](Log& log) {
    log.info("request.refused",
             {{"client", "127.0.0.1"}, {"count", 3}, {"share", 0.5}, {"last", true}});
  });
  EXPECT_EQ(line, R"({"ts":"2026-11-23T10:00:00.000Z","level":"info","event":"request.refused",)"
                  R"("client":"127.0.0.1","count":3,"share":0.5,"last":true})"
                  "\n");
}

TEST_F(LogTest, WritesTextForPeople) {
  const std::string line = written_by(LogFormat::text, [](Log& log) {
    log.warning("keys.stale",
                {{"url", "https://x.test/k"}, {"reason", "timed out"}, {"age", 3}, {"n", ""}});
  });
  EXPECT_EQ(line,
            "2026-11-23T10:00:00.000Z warning keys.stale url=https://x.test/k "
            "reason=\"timed out\" age=3 n=\"\"\n");
}

// [LOG-2]
TEST_F(LogTest, KeepsALineOneLineWhateverItHolds) {
  const std::string hostile = "a\r\nb\x1B[31m\u2028\u2029\u0085\u202E\u2066\xFF";
  for (const LogFormat format : {LogFormat::json, LogFormat::text}) {
    const std::string line = written_by(
        format, [&](Log& log) { log.error(hostile, {{hostile, hostile}, {"last", 1}}); });
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    for (const std::string_view raw :
         {"\r", "\x1B", "\u2028", "\u2029", "\u0085", "\u202E", "\u2066", "\xFF"}) {
      EXPECT_EQ(line.find(raw), std::string::npos) << line;
    }
    EXPECT_NE(line.find(R"(a\r\nb\u001b[31m\u2028\u2029\u0085\u202e\u2066)"), std::string::npos)
        << line;
  }
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
  const std::string lines = written_by(LogFormat::text, [](Log& log) {
    log.debug("hidden");
    log.info("shown");
  });
  EXPECT_EQ(lines, "2026-11-23T10:00:00.000Z info    shown\n");
}

TEST_F(LogTest, WritesNullForANumberThatJsonHasNot) {
  const std::string line = written_by(LogFormat::json, [](Log& log) {
    log.info("a", {{"x", std::numeric_limits<double>::infinity()}});
  });
  EXPECT_NE(line.find(R"("x":null})"), std::string::npos) << line;
}

TEST_F(LogTest, AnnouncesInJsonWhateverTheFormat) {
  const std::string lines = written_by(LogFormat::text, [](Log& log) {
    log.announce("listening", R"("address":"127.0.0.1","port":2000)");
    log.announce("stopped", "");
  });
  EXPECT_EQ(lines,
            "{\"event\":\"listening\",\"address\":\"127.0.0.1\",\"port\":2000}\n"
            "{\"event\":\"stopped\"}\n");
}

TEST_F(LogTest, WritesWhatIsQueuedWhenItIsDestroyed) {
  {
    Log log(clock_, LogLevel::info, LogFormat::json, pipe_.write_end());
    log.info("last");
  }
  EXPECT_NE(pipe_.take_all().find("\"last\""), std::string::npos);
}

TEST_F(LogTest, WritesLinesLongerThanAPipeTakesAtOnce) {
  const std::string value(20'000, 'x');
  const std::string line =
      written_by(LogFormat::json, [&](Log& log) { log.info("long", {{"value", value}}); });
  EXPECT_NE(line.find(value + "\"}\n"), std::string::npos);
}

TEST_F(LogTest, DropsTheOldestAndCountsThemWhenNothingIsTaken) {
  pipe_.fill();
  Log log(clock_, LogLevel::info, LogFormat::text, pipe_.write_end(), 10s);
  constexpr std::size_t lines = limits::log_lines + 100;
  for (std::size_t i = 0; i < lines; ++i) {
    log.info("line", {{"n", i}});
  }
  EXPECT_GE(log.dropped(), 99U);
  std::string taken = pipe_.take_all();
  std::thread reader([&] {
    while (taken.find(" n=" + std::to_string(lines - 1) + "\n") == std::string::npos) {
      taken += pipe_.take_all();
      std::this_thread::yield();
    }
  });
  EXPECT_TRUE(log.flush());
  reader.join();
  std::size_t written = 0;
  for (std::size_t at = 0; (at = taken.find(" line n=", at)) != std::string::npos; ++at) {
    ++written;
  }
  EXPECT_EQ(written + log.dropped(), lines);
}

TEST_F(LogTest, GivesUpOnADescriptorThatTakesNothing) {
  pipe_.fill();
  Log log(clock_, LogLevel::info, LogFormat::text, pipe_.write_end(), 1ms);
  log.info("never");
  EXPECT_FALSE(log.flush());
}

TEST_F(LogTest, CountsEveryLineOfManyThreads) {
  Log log(clock_, LogLevel::info, LogFormat::text, pipe_.write_end());
  std::vector<std::jthread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&log] {
      for (int i = 0; i < 100; ++i) {
        log.info("line");
      }
    });
  }
  writers.clear();
  EXPECT_TRUE(log.flush());
  const std::string taken = pipe_.take_all();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(taken, '\n')) + log.dropped(), 400U);
}

}  // namespace
}  // namespace ringbook
