#include "api/refusal_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

class RefusalLogTest : public ::testing::Test {
 protected:
  std::string written() {
    log_.flush();
    std::rewind(file_.get());
    std::string text(1 << 16, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file_.get()));
    return text;
  }

  ManualClock clock_{Instant{1'000'000}};
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), std::fclose};
  Log log_{clock_, LogLevel::info, LogFormat::json, fileno(file_.get())};
  Metrics metrics_;
  RefusalLog refusals_{clock_, log_, metrics_};
};

TEST_F(RefusalLogTest, WritesFewLinesASecondAndCountsTheRest) {
  for (std::size_t i = 0; i < limits::repeated_lines_per_second + 7; ++i) {
    refusals_.note({.reason = "expired"}, "request-1", "192.0.2.1");
  }
  const std::string before = written();
  EXPECT_EQ(std::ranges::count(before, '\n'), limits::repeated_lines_per_second);
  EXPECT_NE(before.find(R"("reason":"expired")"), std::string::npos);
  EXPECT_NE(before.find(R"("request_id":"request-1")"), std::string::npos);
  EXPECT_NE(before.find(R"("client":"192.0.2.1")"), std::string::npos);
  clock_.advance(std::chrono::seconds(1));
  refusals_.note({.reason = "expired"}, "request-2", "192.0.2.1");
  EXPECT_NE(written().find(R"("unwritten_before":7)"), std::string::npos);
  EXPECT_NE(metrics_.render().find(R"(ringbook_refusals_total{reason="expired"} 18)"),
            std::string::npos);
}

// [LOG-4]
TEST_F(RefusalLogTest, TellsBothValuesWhereTwoHadToAgree) {
  refusals_.note({.reason = "wrong_issuer", .wanted = "https://a", .given = "https://a/\n"}, "r",
                 "c");
  EXPECT_NE(
      written().find(R"("reason":"wrong_issuer","wanted":"https://a","given":"https://a/\n",)"),
      std::string::npos)
      << written();
  refusals_.note({.reason = "expired"}, "r", "c");
  EXPECT_NE(written().find(R"("reason":"expired","request_id")"), std::string::npos);
}

}  // namespace
}  // namespace ringbook
