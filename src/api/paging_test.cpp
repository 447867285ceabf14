#include "api/paging.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

std::optional<UserId> users_place(const std::string& cursor, Problems& problems) {
  return read_users_cursor(Query("cursor=" + cursor, {"cursor"}, problems), problems);
}

TEST(Cursor, ComesBackAsItWasGiven) {
  Problems problems;
  const UserId id = *UserId::parse("64b7f1a2e4b0a5d3f9c12345");
  EXPECT_EQ(users_place(users_cursor(id), problems), id);
  for (const HistoryCursor place : {HistoryCursor{1}, HistoryCursor{256}, ~HistoryCursor{0}}) {
    const std::string text = "cursor=" + *history_cursor(History::of_user, place);
    const Query query(text, {"cursor"}, problems);
    EXPECT_EQ(read_history_cursor(History::of_user, query, problems), place);
  }
  EXPECT_TRUE(problems.empty());
}

TEST(Cursor, EndsWithTheHistory) {
  EXPECT_EQ(history_cursor(History::of_user, 0), std::nullopt);
}

TEST(Cursor, RefusesEveryOtherText) {
  const std::string good = users_cursor(*UserId::parse("64b7f1a2e4b0a5d3f9c12345"));
  const std::string other_kind = *history_cursor(History::of_user, 7);
  for (const std::string& text : {std::string(), good + "A", good.substr(1), good + "%3D",
                                  other_kind, std::string("%00"), std::string("x y")}) {
    Problems problems;
    EXPECT_EQ(users_place(text, problems), std::nullopt) << text;
    ASSERT_EQ(problems.list().size(), 1U) << text;
    EXPECT_EQ(problems.list()[0].path, "cursor");
    EXPECT_EQ(problems.list()[0].code, ProblemCode::invalid_format);
  }
}

TEST(Cursor, OfOneHistoryDoesNotFitTheOther) {
  Problems problems;
  const Query query("cursor=" + *history_cursor(History::of_user, 7), {"cursor"}, problems);
  read_history_cursor(History::of_extension, query, problems);
  EXPECT_FALSE(problems.empty());
}

TEST(Limit, IsFrom1To500AndDefaultsTo50) {
  Problems problems;
  EXPECT_EQ(read_limit(Query("", {"limit"}, problems), problems), 50U);
  EXPECT_EQ(read_limit(Query("limit=1", {"limit"}, problems), problems), 1U);
  EXPECT_EQ(read_limit(Query("limit=500", {"limit"}, problems), problems), 500U);
  EXPECT_TRUE(problems.empty());
  for (const char* text : {"limit=0", "limit=501", "limit=", "limit=-1", "limit=+1", "limit=1.0",
                           "limit=%201", "limit=99999999999999999999999", "limit=ten"}) {
    Problems wrong;
    read_limit(Query(text, {"limit"}, wrong), wrong);
    ASSERT_EQ(wrong.list().size(), 1U) << text;
    EXPECT_EQ(wrong.list()[0].path, "limit");
  }
}

}  // namespace
}  // namespace ringbook
