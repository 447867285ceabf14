#include "api/query.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

// [PUT-17]
TEST(Query, DecodesAsFormsEncode) {
  Problems problems;
  const Query query("search=ada+lovelace&email=a%2Bb%40example.com&&limit=",
                    {"search", "email", "limit"}, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(query.find("search"), "ada lovelace");
  EXPECT_EQ(query.find("email"), "a+b@example.com");
  EXPECT_EQ(query.find("limit"), "");
  EXPECT_EQ(query.find("cursor"), std::nullopt);
}

TEST(Query, KnowsAnEncodedName) {
  Problems problems;
  const Query query("%73earch=x=y", {"search"}, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(query.find("search"), "x=y");
}

// [PUT-17]
TEST(Query, ReportsUnknownAndRepeatedParameters) {
  Problems problems;
  const Query query("Search=x&limit=1&limit=2&%zz=1&Search=y", {"search", "limit"}, problems);
  ASSERT_EQ(problems.list().size(), 3U);
  EXPECT_EQ(problems.list()[0].path, "Search");
  EXPECT_EQ(problems.list()[0].code, ProblemCode::unknown_parameter);
  EXPECT_EQ(problems.list()[1].path, "limit");
  EXPECT_EQ(problems.list()[1].code, ProblemCode::duplicate_name);
  EXPECT_EQ(problems.list()[2].path, "%zz");
  EXPECT_EQ(problems.list()[2].code, ProblemCode::unknown_parameter);
}

TEST(Query, ReportsWhatCannotBeDecoded) {
  for (const char* text : {"search=%", "search=%4", "search=%4g", "search=%ff", "search=%C3",
                           "search=%ED%A0%80", "search=a%C0%80"}) {
    Problems problems;
    const Query query(text, {"search"}, problems);
    ASSERT_EQ(problems.list().size(), 1U) << text;
    EXPECT_EQ(problems.list()[0].code, ProblemCode::invalid_format) << text;
    EXPECT_EQ(query.find("search"), std::nullopt) << text;
  }
}

TEST(Query, TextsHaveABoundAndNoControlCharacters) {
  for (const char* text : {"search=%C3%A9%C3%A9%C3%A9%C3%A9", "search=a%00", "search=%7F"}) {
    Problems problems;
    const Query query(text, {"search"}, problems);
    EXPECT_EQ(read_text(query, "search", 3, problems), std::nullopt);
    EXPECT_EQ(problems.list().size(), 1U) << text;
  }
  Problems problems;
  const Query query("search=%C3%A9%C3%A9%C3%A9", {"search"}, problems);
  EXPECT_EQ(read_text(query, "search", 3, problems), "ééé");
  EXPECT_TRUE(problems.empty());
}

}  // namespace
}  // namespace ringbook
