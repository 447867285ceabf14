#include "api/router.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

// [PUT-17]
TEST(Router, DecodesUnreservedCharactersOnly) {
  EXPECT_EQ(RouteMatch("/user/%75pdate%2Drcextension").pattern(), "/user/update-rcextension");
  EXPECT_EQ(RouteMatch("/%76%31/users").pattern(), "/v1/users");
  const RouteMatch user("/v1/users/%364b7f1a2e4b0a5d3f9c12345");
  EXPECT_EQ(user.parameter(), "64b7f1a2e4b0a5d3f9c12345");
  EXPECT_EQ(RouteMatch("/v1/users/a%20b").parameter(), "a%20b");
}

// [PUT-16] [PUT-17]
TEST(Router, KnowsNoOtherSpellingOfAPath) {
  for (const char* path : {"",
                           "/",
                           "*",
                           "/user",
                           "/user/update-rcextension/",
                           "//user/update-rcextension",
                           "/User/update-rcextension",
                           "/user/./update-rcextension",
                           "/user/../user/update-rcextension",
                           "/user%2Fupdate-rcextension",
                           "/user/update-rcextension%00",
                           "/v1",
                           "/v1/",
                           "/v1/users/",
                           "/v1/users/.",
                           "/v1/users/..",
                           "/v1/users/%2e%2E",
                           "/v1/users//extension",
                           "/v1/users/a/b/extension",
                           "/v1/users/a/extension/",
                           "/v1/extensions",
                           "/v1/extensions/",
                           "/healthz/",
                           "/v1/users/a/extension/history"}) {
    EXPECT_FALSE(RouteMatch(path).is_known()) << path;
  }
}

TEST(Router, GivesHeadWhereverGetIs) {
  for (const Route& route : all_routes()) {
    const RouteMatch match(route.pattern);
    ASSERT_TRUE(match.is_known()) << route.pattern;
    EXPECT_EQ(match.find(Method::head), match.find(Method::get)) << route.pattern;
    EXPECT_EQ(match.find(route.method), &route);
  }
}

// [PUT-16]
TEST(Router, ListsTheMethodsOfAPath) {
  EXPECT_EQ(RouteMatch("/user/update-rcextension").allow(), "PUT, OPTIONS");
  EXPECT_EQ(RouteMatch("/v1/users").allow(), "GET, HEAD, OPTIONS");
  EXPECT_EQ(RouteMatch("/v1/users/x").allow(), "GET, HEAD, PUT, DELETE, OPTIONS");
  EXPECT_EQ(RouteMatch("/v1/users/x/extension").allow(), "PUT, DELETE, OPTIONS");
  EXPECT_EQ(RouteMatch("/v1/users").find(Method::put), nullptr);
  EXPECT_EQ(RouteMatch("/v1/users").find(Method::post), nullptr);
}

}  // namespace
}  // namespace ringbook
