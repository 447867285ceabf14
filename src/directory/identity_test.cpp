#include "directory/identity.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

// [IMP-4]
TEST(Identity, IsOneForEveryWayToWriteAnAddress) {
  const std::string key = email_key("grace@example.com");
  EXPECT_EQ(email_key(" Grace@Example.COM "), key);
  EXPECT_EQ(email_key("\u00A0grace@example.com\uFEFF"), key);
  EXPECT_EQ(email_key("gra\u200Bce@example.com"), key);
  EXPECT_NE(email_key("grace@example.org"), key);
  EXPECT_NE(email_key("gr ace@example.com"), key);
}

// [IMP-4]
TEST(Identity, TakesNamesForTheSameAsASearchDoes) {
  for (const std::string other :
       {"Zoe\u0308 Mu\u0308ller", "zoë müller", "Zoe Muller", "Müller, Zoë", " Zoë\u00A0 Müller",
        "Zo\u200Bë Müller", "ZOË MÜLLER"}) {
    EXPECT_TRUE(is_same_name("Zoë Müller", other)) << other;
  }
  EXPECT_TRUE(is_same_name("Mary-Ann O'Brien", "Mary\u2010Ann O\u2019Brien"));
  EXPECT_FALSE(is_same_name("Zoë Müller", "Zoë Mueller"));
  EXPECT_FALSE(is_same_name("Zoë Müller", "Zoë"));
  for (const std::string nothing : {"", " ", "-", "."}) {
    EXPECT_FALSE(is_same_name(nothing, nothing)) << "without a word it is no name: " << nothing;
  }
}

// [IMP-19]
TEST(Identity, GivesTheWordsOfANameToASearch) {
  EXPECT_EQ(words_of_name("M\u00FCller-O\u2019Brien,\u00A0Zo\u00EB"), "brien muller o zoe");
  EXPECT_EQ(words_of_name(" - . "), "");
}

}  // namespace
}  // namespace ringbook
