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
  EXPECT_EQ(fold_for_search("O\u2019Neill\u00A0Anna\u2010\u200BLena"), "o'neill anna-lena");
  EXPECT_EQ(fold_for_search("Stra\u00dfe"), "strasse");
  EXPECT_EQ(fold_for_search("\u0130"), "i");
  EXPECT_EQ(fold_for_search("e\u0301"), fold_for_search("\u00c9"));
  EXPECT_EQ(fold_for_search("\u03a3\u03c2"), "\u03c3\u03c3");
  EXPECT_EQ(fold_for_search("\ud55c"), "\ud55c");
}

TEST(Text, FoldsNothingInInvalidUtf8) {
  EXPECT_EQ(fold_for_search("A\xFF"), "A\xFF");
}

TEST(Text, TrimsWhateverCannotBeSeen) {
  for (const std::string edge : {" ", "\t", "\u00A0", "\uFEFF", "\u200B", "\u200E", "\u3000",
                                 "\u2060", "\u2800", "\u3164", "\r\n "}) {
    EXPECT_EQ(trimmed(edge + "a b" + edge), "a b");
    EXPECT_EQ(trimmed(edge + edge), "");
  }
  EXPECT_EQ(trimmed("é"), "é");
  EXPECT_EQ(trimmed(" \xFF "), "\xFF");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Text, FindsAndNamesWhatCannotBeSeen) {
  EXPECT_EQ(find_unseen("12 34"), std::nullopt);
  EXPECT_EQ(find_unseen("Ærø"), std::nullopt);
  EXPECT_EQ(code_point_name(*find_unseen("12\u00A034")), "U+00A0");
  EXPECT_EQ(code_point_name(*find_unseen("a\tb")), "U+0009");
  EXPECT_EQ(code_point_name(*find_unseen("a\U000E0041")), "U+E0041");
}

TEST(Text, FoldsKeysWithoutCaseEdgesMarksAndForms) {
  EXPECT_EQ(fold_for_keys(" Ada@Example.com\u00A0"), "ada@example.com");
  EXPECT_EQ(fold_for_keys("ada@exa\u200Bmple.com\uFEFF"), "ada@example.com");
  EXPECT_EQ(fold_for_keys("ZOE\u0308@example.com"), fold_for_keys("zoë@example.com"));
  EXPECT_NE(fold_for_keys("strauss@a"), fold_for_keys("strauß@a")) << "two letters are not one";
  EXPECT_NE(fold_for_keys("zoe@a"), fold_for_keys("zoë@a"));
  EXPECT_EQ(fold_for_keys("a\xFF"), "a\xFF");
}

TEST(Text, ComposesWhatIsWrittenInTwoWays) {
  EXPECT_EQ(composed("Zoe\u0308 Mu\u0308ller"), "Zoë Müller");
  EXPECT_EQ(composed("ZOË"), "ZOË") << "case stays";
}

}  // namespace
}  // namespace ringbook
