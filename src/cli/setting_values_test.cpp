#include "cli/setting_values.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsAWholeNumberWithItsUnit) {
  EXPECT_EQ(parse_duration("0"), 0ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("12h"), 12h);
  EXPECT_EQ(parse_duration("366d"), std::chrono::days{366});
}

TEST(Duration, RefusesAnythingElse) {
  for (const auto* text : {"", "5", "s", "-1s", "+1s", "1.5h", "1 h", "1H", "1w", "1s ", "367d",
                           "99999999999999999999d", "9223372036854775807s", "1h30m"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(ListenAddress, IsAHostWithAPort) {
  EXPECT_EQ(parse_listen_address("localhost:2000")->host, "localhost");
  EXPECT_EQ(parse_listen_address("localhost:2000")->port, 2000);
  EXPECT_EQ(parse_listen_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_listen_address("0.0.0.0:65535")->port, 65535);
  for (const auto* text :
       {"", "2000", "localhost", "localhost:", ":2000", "localhost:65536", "localhost:-1",
        "localhost:x", "::1:2000", "[::1]", "[::1", "[]:1", "[::1]x:1", "a b:1", "http://a:1"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

TEST(ServerUrl, IsSchemeHostAndPortOnly) {
  EXPECT_EQ(parse_server_url("http://localhost:2000"), "http://localhost:2000");
  EXPECT_EQ(parse_server_url("https://ringbook.example/"), "https://ringbook.example");
  EXPECT_EQ(parse_server_url("http://[::1]:2000/"), "http://[::1]:2000");
  for (const auto* text :
       {"", "localhost:2000", "ftp://a", "http://", "http://a/v1", "http://a?b", "http://a#b",
        "http://user:secret@a", "http://a:", "http://a:x", "HTTP://a"}) {
    EXPECT_FALSE(parse_server_url(text)) << text;
  }
}

TEST(List, HasNoEmptyElement) {
  EXPECT_EQ(parse_list("a,b"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse_list("a"), std::vector<std::string>{"a"});
  EXPECT_EQ(parse_list(" a,\tb c ,d"), (std::vector<std::string>{"a", "b c", "d"}));
  for (const auto* text : {"", ",", "a,", ",a", "a,,b", "a, ", " "}) {
    EXPECT_FALSE(parse_list(text)) << text;
  }
}

TEST(Origin, IsSpelledAsBrowsersDo) {  // [HTTP-19]
  for (const auto* text : {"https://a.example", "http://a.example:8080", "http://localhost:5173",
                           "http://[::1]:3000", "https://a.example:80"}) {
    EXPECT_TRUE(is_origin(text)) << text;
  }
  for (const auto* text :
       {"", "*", "null", "a.example", "https://", "https://a.example/", "https://a.example/x",
        "https://A.example", "https://a.example:443", "http://a.example:80", "ftp://a.example",
        "https://*.example", "https://u@a.example", "https://a.example,https://b.example"}) {
    EXPECT_FALSE(is_origin(text)) << text;
  }
}

}  // namespace
}  // namespace ringbook
