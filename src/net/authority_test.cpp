#include "net/authority.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

// "host|port", with "-" for no port; "none" for no authority.
std::string parts_of(std::string_view text) {
  const auto parts = Authority::split(text);
  return parts ? std::string(parts->host) + "|" + std::string(parts->port.value_or("-")) : "none";
}

TEST(Authority, IsAHostWithOrWithoutAPort) {
  EXPECT_EQ(parts_of("localhost"), "localhost|-");
  EXPECT_EQ(parts_of("A.example:2000"), "A.example|2000");
  EXPECT_EQ(parts_of("[::1]"), "::1|-");
  EXPECT_EQ(parts_of("[2001:DB8::1]:2000"), "2001:DB8::1|2000");
  EXPECT_EQ(parts_of("a:"), "a|") << "whether there may be none is for others to say";
  EXPECT_EQ(parts_of("a:1:2"), "a|1:2");
  EXPECT_TRUE(Authority::split("[::1]:1")->is_bracketed);
  EXPECT_FALSE(Authority::split("a:1")->is_bracketed);
}

TEST(Authority, IsNothingElse) {
  for (const auto* text :
       {"", ":1", "[]", "[]:1", "[", "]", "[::1", "[::1]x", "[::1]x:1", "::1", "[a.example]",
        "[::1%25eth0]", "a b", "a b:1", "user@a", "a/b", "a%6d", "\xC3\xA4.example", "*"}) {
    EXPECT_EQ(parts_of(text), "none") << text;
  }
}

TEST(Port, IsANumberBelow65536) {
  EXPECT_EQ(parse_port("0"), 0);
  EXPECT_EQ(parse_port("080"), 80);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const auto* text : {"", "65536", "-1", "+1", "1 ", " 1", "1x", "http", "0x50"}) {
    EXPECT_FALSE(parse_port(text)) << text;
  }
}

TEST(Bracketed, SetsOffTheColonsOfAnAddress) {
  EXPECT_EQ(bracketed("::1"), "[::1]");
  EXPECT_EQ(bracketed("127.0.0.1"), "127.0.0.1");
}

}  // namespace
}  // namespace ringbook
