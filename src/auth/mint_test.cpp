#include "auth/mint.h"

#include <gtest/gtest.h>

#include <string>

#include "auth/claims.h"
#include "auth/jws.h"
#include "auth/test_support.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using test::secret_of;

constexpr Instant minted_at{1'800'000'000'999};

Result<MintedToken> mint(const TokenOrder& order, const TokenRules& rules = {},
                         std::string_view secret = test::good_secret) {
  return mint_token(rules, secret_of(secret), order, minted_at);
}

TokenOrder order_for(std::string subject) {
  TokenOrder order;
  order.subject = std::move(subject);
  return order;
}

// Whom the token names to somebody with the same rules and secret.
std::expected<Principal, RefusalReason> principal_of(const MintedToken& minted,
                                                     const TokenRules& rules = {}) {
  JwsReader reader(*parse_algorithms(rules.algorithms));
  const auto jws = reader.read(minted.token);
  if (!jws) {
    return std::unexpected(jws.error());
  }
  auto key = HmacKey::make(secret_of(test::good_secret), every_algorithm());
  EXPECT_TRUE(key->verifies(jws->algorithm, jws->signing_input, jws->signature));
  auto claims = ClaimsJudge(rules).judge(jws->payload, minted_at);
  if (!claims) {
    return std::unexpected(claims.error().reason);
  }
  return std::move(claims->principal);
}

std::string payload_of(const Result<MintedToken>& minted) {
  EXPECT_TRUE(minted) << minted.error().detail;
  JwsReader reader(every_algorithm());
  return minted ? std::string(reader.read(minted->token)->payload) : std::string();
}

TEST(MintedToken, HoldsTheDefaults) {
  EXPECT_EQ(payload_of(mint(order_for("local:ada"))),
            R"({"iss":"ringbook","sub":"local:ada","role":"admin","iat":1800000000,)"
            R"("exp":1800043200})");
}

TEST(MintedToken, SaysWhenItExpires) {
  TokenOrder order = order_for("local:ada");
  EXPECT_EQ(mint(order)->expires_at, Instant{1'800'043'200'000});
  order.lifetime = std::chrono::seconds(60);
  EXPECT_EQ(mint(order)->expires_at, Instant{1'800'000'060'000});
}

TEST(MintedToken, IsBelievedUnderTheSameRules) {
  TokenRules rules;
  rules.issuer = "https://id.example";
  rules.audience = "the \"ring\" book";
  rules.admin_claim = "realm_access.roles";
  rules.admin_value = "boss";
  rules.subject_claim = "_id";
  const auto minted = mint(order_for("J\xC3\xBCrgen"), rules);
  EXPECT_NE(payload_of(minted).find(R"("realm_access":{"roles":"boss"})"), std::string::npos);
  const auto principal = principal_of(*minted, rules);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->issuer, "https://id.example");
  EXPECT_EQ(principal->subject, "J\xC3\xBCrgen");
  EXPECT_TRUE(principal->has_administrator_claim);
}

// [KEY-1]
TEST(MintedToken, NamesNoAudienceWhereAnyWillDo) {
  TokenRules rules;
  rules.accepts_any_audience = true;
  EXPECT_EQ(payload_of(mint(order_for("ada"), rules)).find("\"aud\""), std::string::npos);
}

TEST(MintedToken, PutsTheRightWhereThePathLeads) {
  for (const char* path : {"role", "a.b", "a.b.c.d", "https://example.com/roles", "a..b", "."}) {
    TokenRules rules;
    rules.admin_claim = path;
    const auto minted = mint(order_for("ada"), rules);
    ASSERT_TRUE(minted) << path;
    EXPECT_TRUE(principal_of(*minted, rules)->has_administrator_claim) << path;
  }
}

// [JWT-1]
TEST(MintedToken, TellsItsAudienceWhereTheRulesLookFirst) {
  TokenRules rules;
  rules.audience = "us";
  rules.audience_claims = {"client_id", "aud"};
  const auto minted = mint(order_for("ada"), rules);
  EXPECT_NE(payload_of(minted).find(R"("client_id":"us")"), std::string::npos);
  EXPECT_TRUE(principal_of(*minted, rules));
}

TEST(MintedToken, MayBeForSomebodyWithoutTheRight) {
  TokenOrder order = order_for("ada");
  order.role = "user";
  EXPECT_FALSE(principal_of(*mint(order))->has_administrator_claim);
}

TEST(MintedToken, CarriesFurtherClaimsAsStrings) {
  TokenOrder order = order_for("ada");
  order.claims = {{"email", "ada@example.com"}, {"quo\"ted", "1\n"}};
  const std::string payload = payload_of(mint(order));
  EXPECT_NE(payload.find(R"("email":"ada@example.com","quo\"ted":"1\n"})"), std::string::npos)
      << payload;
}

TEST(MintedToken, RefusesAClaimGivenTwice) {
  for (const char* name : {"iss", "sub", "role", "iat", "exp", "email"}) {
    TokenOrder order = order_for("ada");
    order.claims = {{"email", "a"}, {name, "b"}};
    const auto minted = mint(order);
    ASSERT_FALSE(minted) << name;
    EXPECT_EQ(minted.error().code, Errc::usage);
    EXPECT_NE(minted.error().detail.find(name), std::string::npos);
  }
}

TEST(MintedToken, IsNotMadeWhenItWouldBeRefused) {
  EXPECT_EQ(mint(order_for("")).error().code, Errc::usage);
  EXPECT_EQ(mint(order_for(std::string(256, 'a'))).error().code, Errc::usage);
  EXPECT_EQ(mint(order_for("a\nb")).error().code, Errc::usage);
  TokenOrder order = order_for("ada");
  order.claims = {{"nbf", "5"}};
  EXPECT_EQ(mint(order).error().code, Errc::usage);
  order.claims = {{"x", std::string(limits::token_bytes, 'x')}};
  EXPECT_EQ(mint(order).error().code, Errc::usage);
}

TEST(MintedToken, HasABoundedLife) {
  TokenOrder order = order_for("ada");
  for (const auto lifetime :
       {std::chrono::seconds(0), std::chrono::seconds(-1), std::chrono::seconds::min(),
        std::chrono::seconds::max(),
        std::chrono::seconds(limits::token_lifetime) + std::chrono::seconds(1)}) {
    order.lifetime = lifetime;
    EXPECT_EQ(mint(order).error().code, Errc::usage);
  }
  order.lifetime = limits::token_lifetime;
  EXPECT_TRUE(mint(order));
}

TEST(MintedToken, IsSignedWithTheFirstAlgorithmThatRulesAndSecretAllow) {
  const auto algorithm_of = [](const Result<MintedToken>& minted) {
    JwsReader reader(every_algorithm());
    return reader.read(minted->token)->algorithm;
  };
  EXPECT_EQ(algorithm_of(mint(order_for("ada"))), Algorithm::hs256);
  EXPECT_EQ(algorithm_of(mint(order_for("ada"), test::rules_allowing({"HS512", "HS384"}))),
            Algorithm::hs384);
  EXPECT_EQ(algorithm_of(mint(order_for("ada"), test::rules_allowing({"RS256", "HS512"}))),
            Algorithm::hs512);
  EXPECT_EQ(mint(order_for("ada"), test::rules_allowing({"RS256", "EdDSA"})).error().code,
            Errc::usage);
  EXPECT_EQ(
      mint(order_for("ada"), test::rules_allowing({"HS512"}), std::string(63, 'k')).error().code,
      Errc::usage);
}

}  // namespace
}  // namespace ringbook
