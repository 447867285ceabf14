#include "net/url.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

TEST(Url, HasTheHostAndThePortThatAreWritten) {
  const auto url = Url::parse("http://Ringbook.example:2000/a/../b?c=d");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->text, "http://Ringbook.example:2000/a/../b?c=d");
  EXPECT_EQ(url->host, "ringbook.example");
  EXPECT_EQ(url->port, 2000);
  EXPECT_FALSE(url->is_https);
  EXPECT_EQ(url->target(), "/a/../b?c=d");
  EXPECT_EQ(url->shown(), "http://Ringbook.example:2000/a/../b");
  EXPECT_EQ(Url::parse("https://a_b.example")->port, 443);
  EXPECT_EQ(Url::parse("http://a")->port, 80);
  EXPECT_EQ(Url::parse("http://a")->target(), "");
  EXPECT_EQ(Url::parse("https://a?b")->target(), "?b");
  EXPECT_EQ(Url::parse("http://[::1]:2000")->host, "::1");
  EXPECT_EQ(Url::parse("http://127.1:2000")->host, "127.1");
  EXPECT_EQ(Url::parse("http://a:0443/")->port, 443);
}

TEST(Url, IsRefusedWhenReadersCouldDisagreeAboutIt) {
  for (const auto* text : {"",
                           "a",
                           "ftp://a",
                           "HTTP://a",
                           "http:/a",
                           "http:///a",
                           "http://",
                           "http://a:",
                           "http://a:x",
                           "http://a:65536",
                           "http://a#b",
                           "http://a/#b",
                           "http://user@a",
                           "http://user:word@a",
                           "http://a\\@b",
                           "http://a b",
                           " http://a",
                           "http://a\n",
                           "http://%61",
                           "http://[::1",
                           "http://[]",
                           "http://[127.0.0.1]",
                           "http://[:::]",
                           "http://[::1%25eth0]",
                           "http://\xC3\xA4.example",
                           "http://a,b",
                           "http://*.example"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

TEST(Credentials, AreLeftOutOfWhatIsPrinted) {
  EXPECT_EQ(without_secrets("mongodb://user:password@host/db"), "mongodb://host/db");
  EXPECT_EQ(without_secrets("mongodb://user:p@ss@host"), "mongodb://host");
  EXPECT_EQ(without_secrets("https://user:p/ss@host/a"), "https://host/a");
  EXPECT_EQ(without_secrets("https://host/keys?key=secret"), "https://host/keys?…");
  EXPECT_EQ(without_secrets("https://user:password@host?key=secret#more"), "https://host?…");
  EXPECT_EQ(without_secrets("https://host/#secret"), "https://host/#…");
  EXPECT_EQ(without_secrets("https://host/keys?by=me@host&key=secret"), "https://…");
  EXPECT_EQ(without_secrets("https://user:pass?word@host"), "https://…");
  EXPECT_EQ(without_secrets("https://host/keys"), "https://host/keys");
  EXPECT_EQ(without_secrets("sqlite:"), "sqlite:");
  EXPECT_EQ(without_secrets("a@b?c"), "a@b?c");
  EXPECT_EQ(without_secrets("user:p@ss@host/db"), "…@host/db");
  EXPECT_EQ(without_secrets("sqlite:/srv/a@b"), "sqlite:/srv/a@b");
  EXPECT_EQ(without_secrets("h?tlsCertificateKeyFilePassword=x"), "…");
}

TEST(HasPassword, LooksForOneBeforeTheHost) {
  for (const char* text :
       {"mongodb://user:secret@host/db", "mongodb://user:@host", "user:p@host",
        "mongodb://u:p@h/db?x=a@b", "mongodb://h/d?tlsCertificateKeyFilePassword=x",
        "mongodb://h/d?authMechanismProperties=AWS_SESSION_TOKEN:x", "mongodb://host/?x=u:p@y"}) {
    EXPECT_TRUE(has_password(text)) << text;
  }
  for (const char* text : {"mongodb://host:27017/db", "mongodb://user@host:27017/db",
                           "sqlite:", "sqlite:/var/lib/x", "mongodb://a:1,b:2/db?replicaSet=rs0"}) {
    EXPECT_FALSE(has_password(text)) << text;
  }
}

}  // namespace
}  // namespace ringbook
