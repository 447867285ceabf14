#include "net/address.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

std::string text_of(std::string_view text) {
  const auto address = Address::parse(text);
  return address ? address->text() : "none";
}

bool contains(std::string_view network, std::string_view address) {
  const auto parsed = Network::parse(network);
  EXPECT_TRUE(parsed) << network;
  return parsed && parsed->contains(Address::parse(address).value());
}

TEST(Address, HasOneTextForOnePeer) {
  EXPECT_EQ(text_of("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(text_of("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(text_of("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(text_of("::1"), "::1");
}

TEST(Address, IsNothingElse) {  // [HTTP-19]
  using namespace std::string_view_literals;
  for (const auto text :
       {""sv, "10.0.0"sv, "10.0.0.256"sv, "010.0.0.1"sv, "10.0.0.1:80"sv, "[::1]"sv, "[::1]:80"sv,
        "fe80::1%eth0"sv, "unknown"sv, "_hidden"sv, "10.0.0.1 "sv, "10.0.0.1\0"sv, "0x7f000001"sv,
        "127.1"sv, "1::2::3"sv, "1111:2222:3333:4444:5555:6666:7777:8888:9999"sv}) {
    EXPECT_EQ(text_of(text), "none") << text;
  }
}

// [JWS-6]
TEST(ClientNetwork, IsTheFirstHalfOfAnIpv6Address) {
  EXPECT_EQ(client_network("2001:db8:1:2::1"), client_network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(client_network("2001:db8:1:2::1"), client_network("2001:db8:1:3::1"));
}

// [JWS-6]
TEST(ClientNetwork, IsTheWholeOfAnyOtherAddress) {
  EXPECT_EQ(client_network("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(client_network("::ffff:192.0.2.1"), client_network("::ffff:192.0.2.2"));
  EXPECT_EQ(client_network("local"), "local");
  EXPECT_EQ(client_network(""), "");
}

TEST(Loopback, IsThisMachineAlone) {
  for (const auto* here : {"localhost", "127.0.0.1", "127.8.9.10", "::1", "0:0:0::1"}) {
    EXPECT_TRUE(is_loopback(here)) << here;
  }
  for (const auto* elsewhere : {"0.0.0.0", "::", "127.example.com", "127.1", "128.0.0.1",
                                "::ffff:127.0.0.1", "[::1]", "localhost.example.com", ""}) {
    EXPECT_FALSE(is_loopback(elsewhere)) << elsewhere;
  }
}

TEST(Network, HoldsTheAddressesOfItsPrefix) {  // [HTTP-19]
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("192.168.0.128/25", "192.168.0.255"));
  EXPECT_FALSE(contains("192.168.0.128/25", "192.168.0.127"));
  EXPECT_TRUE(contains("10.1.2.3", "10.1.2.3"));
  EXPECT_FALSE(contains("10.1.2.3", "10.1.2.2"));
  EXPECT_TRUE(contains("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1")) << "IPv4 is not all";
  for (const auto* network : {"::ffff:10.0.0.0/104", "::ffff:a00:0/104"}) {
    EXPECT_TRUE(contains(network, "10.255.0.1")) << network;
    EXPECT_FALSE(contains(network, "11.0.0.0")) << network;
  }
  EXPECT_TRUE(contains("::ffff:10.1.2.3/128", "10.1.2.3"));
  EXPECT_FALSE(contains("::ffff:10.1.2.3/128", "10.1.2.2"));
  EXPECT_TRUE(contains("::ffff:0:0/96", "1.2.3.4"));
  EXPECT_FALSE(contains("::ffff:0:0/96", "::1"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("::/0", "::1"));
  EXPECT_TRUE(contains("::1", "::1"));
}

TEST(Network, IsRefusedWhenItCanBeReadInTwoWays) {  // [HTTP-19]
  for (const auto* text : {"",
                           "/",
                           "/8",
                           "10.0.0.0/",
                           "10.0.0.0/33",
                           "10.0.0.0/08",
                           "10.0.0.0/-1",
                           "10.0.0.0/+8",
                           "10.0.0.0/8 ",
                           "10.0.0.1/8",
                           "10.0.0.0/8/8",
                           "::/129",
                           "2001:db8::1/32",
                           "10.0.0.0/255.0.0.0",
                           "::ffff:10.0.0.0/8",
                           "::ffff:10.0.0.0/95",
                           "::ffff:0:0/80",
                           "::ffff:10.0.0.0/129",
                           "example.com",
                           "*"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

}  // namespace
}  // namespace ringbook
