#include "auth/client_network.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

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

}  // namespace
}  // namespace ringbook
