#include "auth/web_url.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

// [KEY-2]
TEST(WebUrl, OfAnyHostIsTakenWithHttps) {
  const auto url = parse_web_url("https://Login.example.com/keys?p=policy");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->text, "https://Login.example.com/keys?p=policy");
  EXPECT_EQ(url->host, "login.example.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_TRUE(url->is_https);
  EXPECT_EQ(url->shown(), "https://Login.example.com/keys");
  EXPECT_TRUE(parse_web_url("https://10.0.0.1:8443"));
  EXPECT_TRUE(parse_web_url("https://[2001:db8::1]/keys"));
}

// [KEY-2]
TEST(WebUrl, OfThisMachineAloneIsTakenWithHttp) {
  for (const char* here :
       {"http://localhost:8080/keys", "http://LOCALHOST/keys", "http://127.0.0.1",
        "http://127.8.9.10:1/", "http://[::1]:8080/keys", "http://[0:0:0::1]"}) {
    EXPECT_TRUE(parse_web_url(here)) << here;
  }
  EXPECT_EQ(parse_web_url("http://[::1]:8080/")->host, "::1");
  EXPECT_EQ(parse_web_url("http://localhost")->port, 80);
  for (const char* elsewhere :
       {"http://example.com/keys", "http://10.0.0.1/", "http://127.0.0.1.example.com/",
        "http://localhost.example.com/", "http://127.1/", "http://127.0.0.01/",
        "http://0x7f000001/", "http://2130706433/", "http://0.0.0.0/", "http://[::]/",
        "http://[::ffff:127.0.0.1]/", "http://[2001:db8::1]/", "http://128.0.0.1/",
        "http://localhost./"}) {
    EXPECT_FALSE(parse_web_url(elsewhere)) << elsewhere;
  }
}

// [KEY-2]
TEST(WebUrl, IsRefusedWhenReadersCouldDisagreeAboutIt) {
  for (const char* odd : {"",
                          "https://",
                          "https:///keys",
                          "https://:443/",
                          "ftp://example.com/",
                          "file:///etc/passwd",
                          "HTTPS://example.com/",
                          "https:/example.com",
                          "//example.com/",
                          "example.com",
                          "https://user@example.com/",
                          "https://user:word@example.com/",
                          "https://a@b@example.com/",
                          "http://localhost@example.com/",
                          "https://example.com#keys",
                          "https://example.com/#keys",
                          "https://example.com\\@localhost/",
                          "https://exa mple.com/",
                          " https://example.com/",
                          "https://example.com/\n",
                          "https://example.com/\x7f",
                          "https://exämple.com/",
                          "https://exa%6dple.com/",
                          "https://example.com:/",
                          "https://example.com:0/",
                          "https://example.com:65536/",
                          "https://example.com:+1/",
                          "https://example.com:1:2/",
                          "https://[::1/",
                          "https://[::1]x/",
                          "https://[]/",
                          "https://[fe80::1%25eth0]/",
                          "https://[127.0.0.1]/",
                          "https://[g::1]/"}) {
    EXPECT_FALSE(parse_web_url(odd)) << odd;
  }
  EXPECT_FALSE(parse_web_url(std::string("https://example.com/\0", 21)));
  const std::string start = "https://example.com/";
  const std::string longest = start + std::string(limits::key_url_chars - start.size(), 'a');
  EXPECT_TRUE(parse_web_url(longest));
  EXPECT_FALSE(parse_web_url(longest + "a"));
}

// [KEY-2]
TEST(WebUrl, OfAnIssuerHasNoQuery) {
  EXPECT_TRUE(parse_issuer("https://example.com/realms/one"));
  EXPECT_FALSE(parse_issuer("https://example.com/realms/one?x"));
  EXPECT_FALSE(parse_issuer("https://example.com?"));
}

}  // namespace
}  // namespace ringbook
