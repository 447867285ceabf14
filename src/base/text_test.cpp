#include "base/text.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

TEST(Text, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("abc"), 3U);
  EXPECT_EQ(count_code_points("\u00e9\u20ac\U0001F600"), 3U);
  EXPECT_EQ(count_code_points("\U0010FFFF\uD7FF\uE000"), 3U);
}

TEST(Text, RefusesInvalidUtf8) {
  for (const std::string_view text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
        "a\xC3z"}) {
    EXPECT_EQ(count_code_points(text), std::nullopt) << text;
  }
}

TEST(Text, SeesEveryControlCharacter) {
  for (const std::string_view text : {"\x01", "a\n", "\x1F", "\x7F", "\u0080", "a\u009F"}) {
    EXPECT_TRUE(has_control_characters(text)) << text;
  }
  EXPECT_TRUE(has_control_characters(std::string_view("\0", 1)));
  EXPECT_FALSE(has_control_characters(" ~\u00a0\u00e9\u2028"));
  EXPECT_FALSE(has_control_characters(""));
}

TEST(Text, LowersAsciiOnly) {
  EXPECT_EQ(ascii_lower("AZ[@\u00c9"), "az[@\u00c9");
  EXPECT_TRUE(equals_ignoring_ascii_case("Bearer", "bEARER"));
  EXPECT_FALSE(equals_ignoring_ascii_case("Bearer", "Bearers"));
  EXPECT_FALSE(equals_ignoring_ascii_case("\u00c9", "\u00e9"));
  EXPECT_FALSE(equals_ignoring_ascii_case("@", "`"));
}

TEST(Text, FoldsCaseAndMarksForSearching) {
  EXPECT_EQ(fold_for_search("\u00c6r\u00f8 \u00c7elik"), "\u00e6r\u00f8 celik");
  EXPECT_EQ(fold_for_search("ANNA"), "anna");
  EXPECT_EQ(fold_for_search("Stra\u00dfe"), "strasse");
  EXPECT_EQ(fold_for_search("\u0130"), "i");
  EXPECT_EQ(fold_for_search("e\u0301"), fold_for_search("\u00c9"));
  EXPECT_EQ(fold_for_search("\u03a3\u03c2"), "\u03c3\u03c3");
  EXPECT_EQ(fold_for_search("\ud55c"), "\ud55c");
}

TEST(Text, FoldsNothingInInvalidUtf8) {
  EXPECT_EQ(fold_for_search("A\xFF"), "A\xFF");
}

}  // namespace
}  // namespace ringbook
