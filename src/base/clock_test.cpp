#include "base/clock.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

TEST(Instant, IsWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(Instant{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(Instant{951'782'400'007}), "2000-02-29T00:00:00.007Z");
  EXPECT_EQ(to_rfc3339(Instant{-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_http_date(Instant{784'111'777'000}), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Instant, ReadsBackAsItWas) {
  for (const std::int64_t ms : {0LL, -1LL, 951'782'400'007LL, 253'402'300'799'999LL}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(Instant{ms})), Instant{ms});
  }
}

TEST(Instant, RefusesEveryOtherForm) {
  for (const std::string_view text :
       {"", "2026-11-23T10:00:00Z", "2026-11-23 10:00:00.000Z", "2026-02-29T10:00:00.000Z",
        "2026-13-01T10:00:00.000Z", "2026-11-23T24:00:00.000Z", "2026-11-23T10:60:00.000Z",
        "2026-11-23T10:00:60.000Z", "2026-11-23T10:00:00.000z", "2026-11-23T10:00:00.000Z ",
        "2026-11-23T10:00:00.-01Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock(Instant{5});
  const Tick before = clock.tick();
  EXPECT_EQ(clock.now(), Instant{5});
  clock.advance(std::chrono::seconds{2});
  EXPECT_EQ(clock.now(), Instant{2005});
  EXPECT_EQ(clock.tick() - before, std::chrono::seconds{2});
}

}  // namespace
}  // namespace ringbook
