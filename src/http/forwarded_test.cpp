#include "http/forwarded.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace ringbook {
namespace {

std::vector<Network> proxies() {
  return {*Network::parse("10.0.0.0/8"), *Network::parse("2001:db8::/32")};
}

// What becomes of one line with `value`.
std::string client_of(const std::string& value) {
  return forwarded_client(
      "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For:" + value + "\r\nAccept: */*\r\n\r\n",
      proxies());
}

TEST(ForwardedClient, IsTheLastThatIsNoProxy) {  // [HTTP-19]
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("  192.0.2.1\t"), "192.0.2.1");
  EXPECT_EQ(client_of("198.51.100.7, 192.0.2.1"), "192.0.2.1") << "the first may be invented";
  EXPECT_EQ(client_of("192.0.2.1, 10.0.0.1,2001:db8::9"), "192.0.2.1");
  EXPECT_EQ(client_of("2620:fe::fe,10.0.0.1"), "2620:fe::fe");
  EXPECT_EQ(client_of("10.0.0.3, 10.0.0.2"), "10.0.0.3") << "all are proxies: the farthest";
}

TEST(ForwardedClient, LooksNoFartherThanWhatIsNoAddress) {  // [HTTP-19]
  EXPECT_EQ(client_of(""), "");
  EXPECT_EQ(client_of("unknown"), "");
  EXPECT_EQ(client_of("192.0.2.1, unknown, 10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(client_of("192.0.2.1, 10.0.0.7x, 10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(client_of("fe80::1%eth0"), "");
  for (const auto* junk : {"192.0.2.1:",
                           "192.0.2.1:http",
                           "192.0.2.1:-1",
                           "192.0.2.1:123456",
                           "192.0.2.1:80:80",
                           ":80",
                           "192.0.2.1 :80",
                           "[192.0.2.1]",
                           "[192.0.2.1]:80",
                           "[2620:fe::fe",
                           "2620:fe::fe]",
                           "[2620:fe::fe]80",
                           "[2620:fe::fe]:",
                           "[2620:fe::fe]:x",
                           "[[2620:fe::fe]]",
                           "[]",
                           "[]:80",
                           "[",
                           "]",
                           "[:1",
                           "[fe80::1%eth0]:80",
                           "\"192.0.2.1:80\"",
                           "for=192.0.2.1"}) {
    EXPECT_EQ(client_of(junk), "") << junk;
    EXPECT_EQ(client_of(std::string("192.0.2.9,") + junk + ",10.0.0.1"), "10.0.0.1") << junk;
  }
}

TEST(ForwardedClient, IsTakenWithoutItsPort) {  // [HTTP-19]
  EXPECT_EQ(client_of("203.0.113.9:4711"), "203.0.113.9");
  EXPECT_EQ(client_of("[2620:fe::fe]:4711"), "2620:fe::fe");
  EXPECT_EQ(client_of("[2620:fe::fe]"), "2620:fe::fe");
  EXPECT_EQ(client_of("2620:fe::fe:4711"), "2620:fe::fe:4711") << "an address ends so, too";
  EXPECT_EQ(client_of("203.0.113.9:4711, 10.0.0.1:80, [2001:db8::9]:1"), "203.0.113.9");
  EXPECT_EQ(client_of("198.51.100.7, 203.0.113.9:4711"), "203.0.113.9") << "no proxy's";
}

TEST(ForwardedClient, IsLookedForPastEmptyElements) {  // [HTTP-19]
  EXPECT_EQ(client_of("192.0.2.1,"), "192.0.2.1");
  EXPECT_EQ(client_of("192.0.2.1,,10.0.0.1"), "192.0.2.1");
  EXPECT_EQ(client_of(",192.0.2.1 , \t, 10.0.0.1, ,"), "192.0.2.1");
  EXPECT_EQ(client_of("198.51.100.7,,192.0.2.1,"), "192.0.2.1") << "the first may be invented";
  EXPECT_EQ(client_of(", ,"), "");
  EXPECT_EQ(client_of("192.0.2.1" + std::string(1000, ',')), "192.0.2.1") << "no addresses";
}

TEST(ForwardedClient, IsReadFromWholeLinesOnly) {  // [HTTP-19]
  const auto of = [](std::string_view lines) {
    return forwarded_client("GET / HTTP/1.1\r\n" + std::string(lines), proxies());
  };
  EXPECT_EQ(of("X-Forwarded-For: 192.0.2.1\r\n"), "192.0.2.1");
  EXPECT_EQ(of("X-Forwarded-For: 192.0.2.1"), "") << "or 192.0.2.12";
  EXPECT_EQ(of("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2"), "192.0.2.1");
}

TEST(ForwardedClient, ReadsAllLinesAsOneList) {  // [HTTP-19]
  const auto of = [](std::string_view lines) {
    return forwarded_client("\r\nGET / HTTP/1.1\r\n" + std::string(lines) + "\r\n", proxies());
  };
  EXPECT_EQ(of("X-Forwarded-For: 192.0.2.1\r\nx-forwarded-for: 10.0.0.1\r\n"), "192.0.2.1");
  EXPECT_EQ(of("X-Forwarded-For: 192.0.2.1\r\nX-FORWARDED-FOR: 192.0.2.2\r\n"), "192.0.2.2");
  EXPECT_EQ(of("X-Forwarded: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n"), "");
}

TEST(ForwardedClient, IsLookedForInABoundedNumberOfAddresses) {  // [HTTP-19]
  std::string chain = "192.0.2.1";
  for (std::size_t i = 1; i < limits::forwarded_hops; ++i) {
    chain += ",10.0.0.1";
  }
  EXPECT_EQ(client_of(chain), "192.0.2.1");
  EXPECT_EQ(client_of(chain + ",10.0.0.2"), "10.0.0.1");
}

TEST(TrustedPeer, IsOneOfTheNetworks) {
  EXPECT_TRUE(is_in(proxies(), "10.1.2.3"));
  EXPECT_FALSE(is_in(proxies(), "11.1.2.3"));
  EXPECT_FALSE(is_in(proxies(), "unknown"));
  EXPECT_FALSE(is_in({}, "10.1.2.3"));
}

}  // namespace
}  // namespace ringbook
