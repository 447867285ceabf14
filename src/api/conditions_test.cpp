#include "api/conditions.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

using Match = Precondition::Match;

TEST(EntityTag, IsTheVersionInQuotes) {
  EXPECT_EQ(entity_tag(8), "\"8\"");
  EXPECT_EQ(entity_tag(18446744073709551615U), "\"18446744073709551615\"");
}

TEST(EntityTags, ReadsTheAsterisk) {
  const auto tags = parse_entity_tags("*");
  ASSERT_TRUE(tags);
  EXPECT_TRUE(tags->any);
}

TEST(EntityTags, ReadsListsAndSkipsEmptyPlaces) {
  for (const char* field : {"\"8\",\"9\"", "\"8\" , \"9\"", ",\"8\",,\t\"9\", ", " \"8\", \"9\""}) {
    const auto tags = parse_entity_tags(field);
    ASSERT_TRUE(tags) << field;
    EXPECT_FALSE(tags->any);
    EXPECT_EQ(tags->versions, (std::vector<Version>{8, 9})) << field;
  }
}

TEST(EntityTags, KeepsNoTagThatCanNeverMatch) {
  for (const char* field : {"W/\"8\"", "\"08\"", "\"\"", "\"x\"", "\"-8\"", "\"+8\"", "\"8a\"",
                            "\"99999999999999999999999\"", "\"\xC3\xA9\"", "\"8,9\""}) {
    const auto tags = parse_entity_tags(field);
    ASSERT_TRUE(tags) << field;
    EXPECT_TRUE(tags->versions.empty()) << field;
  }
}

// [COND-3]
TEST(EntityTags, TellWhichTagAProxyHasChanged) {
  const auto altered = [](std::string_view field) { return parse_entity_tags(field)->altered; };
  EXPECT_EQ(altered("W/\"8\""), 8U);
  EXPECT_EQ(altered("\"7\", W/\"8\", W/\"9\""), 8U);
  for (const char* field : {"\"8-gzip\"", "\"8--gzip\"", "\"8;gzip\"", "\"8-br\"", "\"8:zstd\"",
                            "W/\"8-gzip\"", "\"8-deflate\""}) {
    EXPECT_EQ(altered(field), 8U) << field;
  }
  for (const char* field :
       {"\"8\"", "*", "\"x-gzip\"", "\"gzip\"", "\"08-gzip\"", "W/\"x\"", "\"8-x\""}) {
    EXPECT_EQ(altered(field), std::nullopt) << field;
  }
}

// [COND-3]
TEST(Conditions, CompareWeaklyInIfNoneMatchAlone) {
  Problems problems;
  const Precondition condition = read_conditions("W/\"8\", \"9\"", "W/\"8\", \"9\"", problems);
  EXPECT_EQ(condition.if_match_versions, std::vector<Version>{9});
  EXPECT_EQ(condition.if_none_match_versions, (std::vector<Version>{9, 8}));
}

TEST(EntityTags, RefusesWhatIsNoList) {
  for (const char* field : {"", " ", ",", "8", "\"8", "8\"", "\"8\" \"9\"", "*, \"8\"", "\"8\", *",
                            "w/\"8\"", "W/", "\"a b\"", "\"8\";q=1", "**"}) {
    EXPECT_FALSE(parse_entity_tags(field)) << field;
  }
}

TEST(EntityTags, HasABound) {
  std::string field = "\"1\"";
  for (std::size_t i = 1; i < limits::entity_tags; ++i) {
    field += ",\"1\"";
  }
  EXPECT_TRUE(parse_entity_tags(field));
  field += ",\"1\"";
  EXPECT_FALSE(parse_entity_tags(field));
}

TEST(Conditions, NameTheFieldThatIsMalformed) {
  Problems problems;
  read_conditions("8", "x", problems);
  ASSERT_EQ(problems.list().size(), 2U);
  EXPECT_EQ(problems.list()[0].path, "If-Match");
  EXPECT_EQ(problems.list()[1].path, "If-None-Match");
  EXPECT_EQ(problems.list()[1].code, ProblemCode::invalid_format);
}

TEST(Conditions, AbsentFieldsAskNothing) {
  Problems problems;
  const Precondition condition = read_conditions(std::nullopt, std::nullopt, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(condition.if_match, Match::none);
  EXPECT_EQ(condition.if_none_match, Match::none);
}

}  // namespace
}  // namespace ringbook
