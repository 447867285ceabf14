#include "net/percent.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

TEST(Percent, EncodesAllButWhatMeansTheSameAnyway) {
  std::string text = "q=";
  append_percent_encoded(text, "aZ09-._~ /%+\xC3\xA9");
  EXPECT_EQ(text, "q=aZ09-._~%20%2F%25%2B%C3%A9");
}

TEST(Percent, ReadsBackEveryOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    std::string text;
    append_percent_encoded(text, {&c, 1});
    EXPECT_EQ(is_unreserved(c) ? text[0] : encoded_octet(text), c) << octet;
  }
  EXPECT_EQ(encoded_octet("%2f and more"), '/');
}

TEST(Percent, ReadsNothingElse) {
  for (const auto* text : {"", "%", "%2", "2F", "%g0", "%0G", "% 1", "%-1", "x%2F"}) {
    EXPECT_FALSE(encoded_octet(text)) << text;
  }
}

}  // namespace
}  // namespace ringbook
