#include "base/wording.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

TEST(Printable, ReplacesWhatCouldSteerATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(printable("a\nb"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(printable("a\nb", true), "a\nb");
  EXPECT_EQ(printable("\xFFx\xE2\x80\xA8"), "\xEF\xBF\xBDx\xEF\xBF\xBD");
  EXPECT_EQ(printable("gnp\u202Eexe\u2066"), "gnp\uFFFDexe\uFFFD");
  EXPECT_EQ(printable("Ærø"), "Ærø");
}

TEST(Escaped, KeepsApartWhatPrintableMakesAlike) {
  EXPECT_EQ(escaped("a\x1b[31mb\n"), R"(a\x1b[31mb\x0a)");
  EXPECT_EQ(escaped("\xFFx\u202E"), R"(\xffx\xe2\x80\xae)");
  EXPECT_EQ(escaped(R"(\xff)"), R"(\x5cxff)");
  EXPECT_EQ(escaped("Ærø"), "Ærø");
}

TEST(Counted, SaysOneOrMany) {
  EXPECT_EQ(counted(0, "row", "rows"), "0 rows");
  EXPECT_EQ(counted(1, "row", "rows"), "1 row");
  EXPECT_EQ(counted(1001, "row", "rows"), "1,001 rows");
}

TEST(InQuotes, ShortensLongTextsBetweenCodePoints) {
  EXPECT_EQ(in_quotes("a\"b\n"), R"("a\"b\n")");
  std::string long_text = "x";
  for (int i = 0; i < 100; ++i) {
    long_text += "é";
  }
  const std::string quoted = in_quotes(long_text);
  EXPECT_TRUE(quoted.ends_with("é\" (shortened)")) << quoted;
  EXPECT_LT(quoted.size(), 110U);
}

TEST(WithThousands, GroupsByThree) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1000), "1,000");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
}

}  // namespace
}  // namespace ringbook
