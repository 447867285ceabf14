#include "http/last_fields.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/limits.h"
#include "http/gate.h"

namespace ringbook {
namespace {

const std::string fields =
    "Host: a\r\nAuthorization: Bearer x.y.z\r\nContent-Type: application/json\r\nAccept: */*\r\n"
    "If-Match: \"7\"\r\nX-Request-Id: r-1\r\nContent-Length: 3\r\n\r\n";

// What is remembered of this head, which passes.
std::unique_ptr<LastFields> after(const std::string& head) {
  const auto verdict = Gate().read(head);
  EXPECT_TRUE(verdict && *verdict) << head;
  auto last = std::make_unique<LastFields>();
  last->remember(head, **verdict);
  return last;
}

bool knows(const std::unique_ptr<LastFields>& last, const std::string& head) {
  const auto verdict = Gate().read(head, last.get());
  return verdict && *verdict && (*verdict)->are_fields_known;
}

// [HTTP-17]
TEST(LastFields, GiveWhatReadingThemGives) {
  const auto last = after("PUT /a HTTP/1.1\r\n" + fields);
  const std::string other = "\r\nGET /v1/users?limit=2 HTTP/1.1\r\n" + fields + "abc";
  const auto verdict = Gate().read(other, last.get());
  ASSERT_TRUE(verdict && *verdict);
  const PassedHead& known = **verdict;
  EXPECT_TRUE(known.are_fields_known);
  EXPECT_EQ(known.head.method, Method::get);
  EXPECT_EQ(known.head.path, "/v1/users");
  EXPECT_EQ(known.head.query, "limit=2");
  EXPECT_EQ(known.head.authorization, "Bearer x.y.z");
  EXPECT_EQ(known.head.content_type, "application/json");
  EXPECT_EQ(known.head.accept, "*/*");
  EXPECT_EQ(known.head.if_match, "\"7\"");
  EXPECT_EQ(known.head.if_none_match, std::nullopt);
  EXPECT_EQ(known.head.request_id, "r-1");
  EXPECT_EQ(known.framing, (Framing{Framing::Kind::length, 3}));
  EXPECT_TRUE(known.keep_alive);
  EXPECT_EQ(known.begin, 2U);
  EXPECT_EQ(known.end, other.size() - 3);
}

// The octets that were remembered may be gone by then.
TEST(LastFields, AreKeptApartFromTheHeadTheyCameIn) {
  auto head = std::make_unique<std::string>("PUT /a HTTP/1.1\r\n" + fields);
  const auto last = after(*head);
  head.reset();
  EXPECT_EQ(last->passed().head.authorization, "Bearer x.y.z");
}

TEST(LastFields, AreKnownByAllOfTheirOctets) {
  const auto last = after("PUT /a HTTP/1.1\r\n" + fields);
  EXPECT_TRUE(knows(last, "PUT /a HTTP/1.1\r\n" + fields));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::string other = fields;
    other[i] = static_cast<char>(other[i] ^ 0x20);
    EXPECT_FALSE(knows(last, "PUT /a HTTP/1.1\r\n" + other)) << i;
  }
  EXPECT_FALSE(knows(last, "PUT /a HTTP/1.1\r\nX: y\r\n" + fields));
  EXPECT_FALSE(knows(last, "PUT /a HTTP/1.0\r\n" + fields));
}

// Whatever stands before them is judged as ever.
TEST(LastFields, LeaveTheRequestLineToTheGate) {
  const auto last = after("PUT /a HTTP/1.1\r\n" + fields);
  for (const std::string line :
       {"GET /", "GET  / HTTP/1.1", "BREW / HTTP/1.1", "GET / HTTP/2.0", "GET /\n HTTP/1.1",
        "GET \x80 HTTP/1.1", "", "OPTIONS * HTTP/1.1"}) {
    const std::string head = line + "\r\n" + fields;
    const auto known = Gate().read(head, last.get());
    const auto read = Gate().read(head);
    ASSERT_EQ(known.has_value(), read.has_value()) << line;
    if (!known) {
      EXPECT_EQ(known.error().why, read.error().why) << line;
    }
  }
}

TEST(LastFields, AreNotThoseOfAHeadThatIsNotWhole) {
  const auto last = after("PUT /a HTTP/1.1\r\n" + fields);
  const std::string head = "PUT /a HTTP/1.1\r\n" + fields;
  for (std::size_t octets = 0; octets < head.size(); ++octets) {
    const auto verdict = Gate().read(head.substr(0, octets), last.get());
    ASSERT_TRUE(verdict);
    EXPECT_FALSE(*verdict) << octets;
  }
}

TEST(LastFields, AreNotRememberedOfChunksOrWhenTheyAreLong) {
  const std::string chunked = "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_FALSE(knows(after(chunked), chunked));
  const std::string many(limits::last_fields_bytes, 'x');
  const std::string longer = "GET /a HTTP/1.1\r\nHost: a\r\nCookie: " + many + "\r\n\r\n";
  EXPECT_FALSE(knows(after(longer), longer));
}

// What was remembered before them is forgotten, too.
TEST(LastFields, OfALongHeadTakeThePlaceOfShortOnes) {
  const auto last = after("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string many(limits::last_fields_bytes, 'x');
  const std::string longer = "GET /a HTTP/1.1\r\nHost: a\r\nCookie: " + many + "\r\n\r\n";
  last->remember(longer, **Gate().read(longer));
  EXPECT_FALSE(knows(last, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"));
}

}  // namespace
}  // namespace ringbook
