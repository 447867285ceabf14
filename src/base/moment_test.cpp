#include "base/moment.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

// "2026-11-02T08:00:00.000Z", or "none".
std::string instant(std::string_view text) {
  const auto moment = Moment::parse(text);
  if (!moment) {
    return "none";
  }
  EXPECT_EQ(moment->first, moment->last) << text;
  return to_rfc3339(moment->last);
}

// [HIST-1]
TEST(Moment, ReadsInstantsWithAnyOffsetAndFraction) {
  EXPECT_EQ(instant("2026-11-02T10:00:00Z"), "2026-11-02T10:00:00.000Z");
  EXPECT_EQ(instant("2026-11-02t10:00:00z"), "2026-11-02T10:00:00.000Z");
  EXPECT_EQ(instant("2026-11-02T10:00:00+02:00"), "2026-11-02T08:00:00.000Z");
  EXPECT_EQ(instant("2026-11-02T01:00:00+05:45"), "2026-11-01T19:15:00.000Z");
  EXPECT_EQ(instant("2026-12-31T20:00:00-08:00"), "2027-01-01T04:00:00.000Z");
  EXPECT_EQ(instant("2026-11-02T10:00:00-00:00"), "2026-11-02T10:00:00.000Z");
  EXPECT_EQ(instant("2026-11-02T10:00:00.5Z"), "2026-11-02T10:00:00.500Z");
  EXPECT_EQ(instant("2026-11-02T10:00:00.07Z"), "2026-11-02T10:00:00.070Z");
  EXPECT_EQ(instant("2026-11-02T10:00:00.123999999999Z"), "2026-11-02T10:00:00.123Z");
  EXPECT_EQ(instant("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(instant("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(instant("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
}

// [HIST-1]
TEST(Moment, TakesALeapSecondOnlyWhereOneCanBe) {
  EXPECT_EQ(instant("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(instant("2016-12-31T15:59:60-08:00"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(instant("2016-12-31T23:58:60Z"), "none");
  EXPECT_EQ(instant("2016-12-31T23:59:60+01:00"), "none");
}

// [HIST-1]
TEST(Moment, IsAWholeDayInUtcForADate) {
  const auto day = Moment::parse("2024-02-29");
  ASSERT_TRUE(day);
  EXPECT_EQ(to_rfc3339(day->first), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(day->last), "2024-02-29T23:59:59.999Z");
}

// [HIST-1]
TEST(Moment, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-11",
                                      "2026-1-2",
                                      "2026-02-29",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-11-00",
                                      "2026-11-31",
                                      "20261102",
                                      "2026-W45-1",
                                      "02.11.2026",
                                      "11/02/2026",
                                      "yesterday",
                                      "1793610000",
                                      "2026-11-02 ",
                                      " 2026-11-02",
                                      "2026-11-02T",
                                      "2026-11-02T10",
                                      "2026-11-02T10:00",
                                      "2026-11-02T10:00:00",
                                      "2026-11-02T10:00Z",
                                      "2026-11-02 10:00:00Z",
                                      "2026-11-02T24:00:00Z",
                                      "2026-11-02T10:60:00Z",
                                      "2026-11-02T10:00:61Z",
                                      "2026-11-02T10:00:00.Z",
                                      "2026-11-02T10:00:00,5Z",
                                      "2026-11-02T10:00:00+2:00",
                                      "2026-11-02T10:00:00+0200",
                                      "2026-11-02T10:00:00+24:00",
                                      "2026-11-02T10:00:00+02:60",
                                      "2026-11-02T10:00:00 02:00",
                                      "2026-11-02T10:00:00ZZ",
                                      "2026-11-02T10:00:00Z ",
                                      "-2026-11-02",
                                      "+2026-11-02",
                                      "12026-11-02",
                                      "0000-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01",
                                      "\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA6-11-02"}) {
    EXPECT_EQ(Moment::parse(text), std::nullopt) << text;
  }
  EXPECT_EQ(Moment::parse(std::string_view("2026-11-02\0", 11)), std::nullopt);
}

}  // namespace
}  // namespace ringbook
