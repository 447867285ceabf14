#include "base/line_limit.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace ringbook {
namespace {

using namespace std::chrono_literals;

// [LOG-3]
TEST(LineLimit, AdmitsFewLinesASecondAndCountsTheRest) {
  ManualClock clock{Instant{1'000'000}};
  LineLimit limit(clock);
  constexpr std::uint64_t flood = 100'000;
  std::uint64_t admitted = 0;
  std::uint64_t left_out = 0;
  for (std::uint64_t i = 0; i < flood; ++i) {
    if (const auto before = limit.admit()) {
      ++admitted;
      left_out += *before;
    }
    // A hundred thousand in ten seconds.
    if (i % 10 == 0) {
      clock.advance(1ms);
    }
  }
  clock.advance(1s);
  const auto last = limit.admit();
  ASSERT_TRUE(last);
  EXPECT_LE(admitted, 11 * limits::repeated_lines_per_second);
  EXPECT_EQ(admitted + left_out + *last, flood);
  EXPECT_EQ(limit.admit(), 0U) << "what was told once is not told again";
}

}  // namespace
}  // namespace ringbook
