// Which claims make an administrator.
#include <gtest/gtest.h>

#include <string>

#include "auth/claims.h"

namespace ringbook {
namespace {

bool is_administrator(std::string_view members, const TokenRules& rules = {}) {
  constexpr Instant now{1'800'000'000'000};
  const auto claims = ClaimsJudge(rules).judge(
      R"({"exp":1800000100,"sub":"ada",)" + std::string(members) + "}", now);
  EXPECT_TRUE(claims) << members;
  return claims && claims->principal.has_administrator_claim;
}

TokenRules with_admin_claim(std::string name) {
  TokenRules rules;
  rules.admin_claim = std::move(name);
  return rules;
}

// [JWT-2]
TEST(AdministratorClaim, EqualsOrContainsTheValue) {
  for (const char* role : {R"("admin")", R"(["admin"])", R"(["user","admin"])", R"("adm\u0069n")",
                           R"([1,null,"admin"])"}) {
    EXPECT_TRUE(is_administrator(R"("role":)" + std::string(role))) << role;
  }
}

// [JWT-2]
TEST(AdministratorClaim, IsNothingButThatString) {
  for (const char* role :
       {R"("")", R"("Admin")", R"("ADMIN")", R"("admin ")", R"(" admin")", R"("administrator")",
        R"("user admin")", R"("user,admin")", "[]", R"([["admin"]])", R"([{"name":"admin"}])",
        R"({"admin":true})", R"({"0":"admin"})", "true", "1", "null", R"(["Admin"])",
        R"("admin\u0000")", R"("\u0430dmin")"}) {
    EXPECT_FALSE(is_administrator(R"("role":)" + std::string(role))) << role;
  }
  EXPECT_FALSE(is_administrator(R"("roles":"admin","Role":"admin","admin":true)"));
}

// [JWT-2]
TEST(AdministratorClaim, HasTheConfiguredValue) {
  TokenRules rules;
  rules.admin_value = "ringbook:write";
  EXPECT_TRUE(is_administrator(R"("role":["ringbook:write"])", rules));
  EXPECT_FALSE(is_administrator(R"("role":"admin")", rules));
}

// [JWT-2]
TEST(AdministratorClaim, IsFoundByAPathOfNames) {
  const TokenRules rules = with_admin_claim("realm_access.roles");
  EXPECT_TRUE(is_administrator(R"("realm_access":{"roles":["offline","admin"]})", rules));
  EXPECT_TRUE(is_administrator(R"("realm_access":{"roles":"admin"})", rules));
  for (const char* members :
       {R"("realm_access":"admin")", R"("realm_access":["admin"])", R"("realm_access":null)",
        R"("realm_access":{})", R"("realm_access":{"roles":{"admin":1}})",
        R"("realm_access":[{"roles":"admin"}])", R"("roles":"admin")", R"("role":"admin")",
        R"("realm_access":{"realm_access":{"roles":"admin"}})"}) {
    EXPECT_FALSE(is_administrator(members, rules)) << members;
  }
  EXPECT_TRUE(is_administrator(R"("a":{"b":{"c":["admin"]}})", with_admin_claim("a.b.c")));
  EXPECT_FALSE(is_administrator(R"("a":{"b":"admin"})", with_admin_claim("a.b.c")));
}

// [JWT-2]
TEST(AdministratorClaim, MayHaveDotsInItsWholeName) {
  const TokenRules rules = with_admin_claim("https://example.com/roles");
  EXPECT_TRUE(is_administrator(R"("https://example.com/roles":["admin"])", rules));
  EXPECT_TRUE(is_administrator(R"("https://example":{"com/roles":"admin"})", rules));
}

// [JWT-2]
TEST(AdministratorClaim, IsJudgedByTheWholeNameFirst) {
  const TokenRules rules = with_admin_claim("a.b");
  EXPECT_TRUE(is_administrator(R"("a.b":"admin","a":{"b":"user"})", rules));
  EXPECT_FALSE(is_administrator(R"("a.b":"user","a":{"b":"admin"})", rules));
  EXPECT_FALSE(is_administrator(R"("a.b":null,"a":{"b":"admin"})", rules));
}

TokenRules with_admin(std::string claim, std::string value) {
  TokenRules rules = with_admin_claim(std::move(claim));
  rules.admin_value = std::move(value);
  return rules;
}

// [JWT-2]
TEST(AdministratorClaim, OfAScopeIsAWordOfItsText) {
  for (const char* name : {"scope", "scp"}) {
    const TokenRules rules = with_admin(name, "ringbook.admin");
    const auto is_one = [&](std::string_view value) {
      return is_administrator("\"" + std::string(name) + "\":" + std::string(value), rules);
    };
    for (const char* value :
         {R"("ringbook.admin")", R"("openid ringbook.admin")", R"("ringbook.admin  email")",
          R"(" ringbook.admin ")", R"(["openid","ringbook.admin"])"}) {
      EXPECT_TRUE(is_one(value)) << value;
    }
    for (const char* value :
         {R"("")", R"("openid")", R"("ringbook.admin.read")", R"("x.ringbook.admin")",
          R"("openid,ringbook.admin")", R"("openid\tringbook.admin")", R"("Ringbook.admin")",
          R"(["openid ringbook.admin"])", R"({"ringbook.admin":true})"}) {
      EXPECT_FALSE(is_one(value)) << value;
    }
  }
  EXPECT_FALSE(is_administrator(R"("scope":"a b")", with_admin("scope", "a b")));
}

// [JWT-2]
TEST(AdministratorClaim, IsNoListOfWordsWhereItIsNoScope) {
  EXPECT_FALSE(is_administrator(R"("role":"user admin")"));
  EXPECT_FALSE(is_administrator(R"("x":{"scope":"user admin"})", with_admin_claim("x.scope")));
  EXPECT_TRUE(is_administrator(R"("role":"Help Desk")", with_admin("role", "Help Desk")));
}

// [JWT-2]
TEST(AdministratorClaim, MayBeTrueWhereThatIsTheValue) {
  const TokenRules rules = with_admin("is_admin", "true");
  for (const char* value : {"true", R"("true")", "[true]"}) {
    EXPECT_TRUE(is_administrator(R"("is_admin":)" + std::string(value), rules)) << value;
  }
  for (const char* value : {"false", "1", "null", R"("True")", R"({"true":true})", "[[true]]"}) {
    EXPECT_FALSE(is_administrator(R"("is_admin":)" + std::string(value), rules)) << value;
  }
  EXPECT_FALSE(is_administrator(R"("is_admin":1)", with_admin("is_admin", "1")));
  EXPECT_FALSE(is_administrator(R"("is_admin":false)", with_admin("is_admin", "false")));
  EXPECT_FALSE(is_administrator(R"("is_admin":null)", with_admin("is_admin", "null")));
}

}  // namespace
}  // namespace ringbook
