#include "auth/jwk_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "auth/jwk_test_support.h"
#include "auth/test_keys.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using test::Choice;
using test::choice_for;
using test::jwk_set;
using test::oct_jwk;
using test::p256_key;
using test::parse;
using test::rsa_key;

std::string refusal_of_set(std::string_view text) {
  const auto set = parse(text);
  if (set) {
    return {};
  }
  EXPECT_EQ(set.error().code, Errc::invalid);
  return set.error().detail;
}

// [JWS-4]
TEST(JwkSet, MayHaveAHundredKeys) {
  std::vector<std::string> jwks(99, R"({"kty":"other"})");
  jwks.push_back(p256_key().jwk());
  EXPECT_EQ(refusal_of_set(jwk_set(jwks)), "");
  jwks.insert(jwks.begin(), R"({"kty":"other"})");
  EXPECT_NE(refusal_of_set(jwk_set(jwks)).find("more than 100 keys"), std::string::npos);
}

TEST(JwkSet, HasABoundOfOctets) {
  std::string text = jwk_set({p256_key().jwk()});
  text.resize(limits::key_set_bytes, ' ');
  EXPECT_EQ(refusal_of_set(text), "");
  EXPECT_NE(refusal_of_set(text + ' ').find("larger"), std::string::npos);
}

// [JWS-4]
TEST(JwkSet, TellsKeysOfOneKidApartByTypeAndAlgorithm) {
  const auto set = parse(jwk_set(
      {rsa_key().jwk(R"("kid":"k","alg":"RS256")"),
       test::other_rsa_key().jwk(R"("kid":"k","alg":"PS256")"), p256_key().jwk(R"("kid":"k")"),
       test::ed25519_key().jwk(R"("kid":"k","use":"enc")"), R"({"kty":"other","kid":"k"})"}));
  ASSERT_TRUE(set) << set.error().detail;
  EXPECT_TRUE(set->warnings.empty());
  EXPECT_EQ(choice_for(set, rsa_key(), Algorithm::rs256), (Choice{1, true}));
  EXPECT_EQ(choice_for(set, test::other_rsa_key(), Algorithm::ps256), (Choice{1, true}));
  EXPECT_EQ(choice_for(set, p256_key(), Algorithm::es256), (Choice{1, true}));
  EXPECT_EQ(choice_for(set, test::ed25519_key(), Algorithm::eddsa), (Choice{0, false}));
  EXPECT_EQ(choice_for(set, rsa_key(), Algorithm::rs384), (Choice{0, false}));
}

// [JWS-4]
TEST(JwkSet, CountsAKeyOnceThatIsGivenAgain) {
  const std::string modulus = '\0' + rsa_key().number(OSSL_PKEY_PARAM_RSA_N);
  const std::string spelled_otherwise = R"({"kid":"k","e":"AQAB","kty":"RSA","n":")" +
                                        test::base64url(modulus) + R"(","x5t":"other"})";
  const std::string key = rsa_key().jwk(R"("kid":"k")");
  for (const auto& jwks :
       std::vector<std::vector<std::string>>{{key, key, key},
                                             {key, rsa_key().jwk(R"("kid":"k","alg":"RS256")")},
                                             {rsa_key().jwk(R"("kid":"k","alg":"RS256")"), key},
                                             {key, spelled_otherwise}}) {
    const auto set = parse(jwk_set(jwks));
    ASSERT_TRUE(set) << set.error().detail;
    EXPECT_EQ(set->keys.size(), 1U);
    EXPECT_TRUE(set->warnings.empty());
    EXPECT_EQ(choice_for(set, rsa_key(), Algorithm::rs384), (Choice{1, true}));
  }
  const std::string secret = oct_jwk(std::string(64, 'k'), R"("kid":"k")");
  EXPECT_EQ(parse(jwk_set({secret, secret}))->keys.size(), 1U);
  const auto nameless =
      parse(jwk_set({rsa_key().jwk(), rsa_key().jwk(), test::other_rsa_key().jwk()}));
  EXPECT_EQ(choice_for(nameless, test::other_rsa_key(), Algorithm::rs256, std::nullopt),
            (Choice{2, true}))
      << "the same one again takes no other's turn";
}

// [JWS-4]
TEST(JwkSet, LeavesOutKeysThatATokenCannotTellApart) {
  const auto set = parse(jwk_set(
      {rsa_key().jwk(R"("kid":"k")"), test::other_rsa_key().jwk(R"("kid":"k","alg":"RS256")"),
       p256_key().jwk(R"("kid":"k")"), test::other_rsa_key().jwk(R"("kid":"other")")}));
  ASSERT_TRUE(set) << set.error().detail;
  ASSERT_EQ(set->warnings.size(), 2U);
  EXPECT_TRUE(set->warnings[0].is_left_out);
  EXPECT_EQ(set->warnings[0].text,
            "key 1 (kid \"k\") is left out: key 2 is another one with the "
            "same kid for the same algorithm");
  EXPECT_TRUE(set->warnings[1].text.starts_with("key 2 (kid \"k\") is left out: key 1 "));
  for (const Algorithm algorithm : {Algorithm::rs256, Algorithm::ps512}) {
    EXPECT_EQ(choice_for(set, rsa_key(), algorithm), (Choice{0, false}));
  }
  EXPECT_EQ(choice_for(set, p256_key(), Algorithm::es256), (Choice{1, true}));
  EXPECT_EQ(choice_for(set, test::other_rsa_key(), Algorithm::rs256, "other"), (Choice{1, true}));
}

// [JWS-4]
TEST(JwkSet, LeavesOutAKeyBesideAnUnfitOneThatATokenMayMean) {
  for (const std::string& unfit : {test::SigningKey::rsa(1024).jwk(R"("kid":"k")"),
                                   std::string(R"({"kty":"RSA","kid":"k","n":"A","e":"AQAB"})"),
                                   rsa_key().jwk(R"("kid":"k","use":7)")}) {
    const auto set =
        parse(jwk_set({rsa_key().jwk(R"("kid":"k")"), p256_key().jwk(R"("kid":"k")"), unfit}));
    EXPECT_EQ(choice_for(set, rsa_key(), Algorithm::rs256), (Choice{0, false}));
    EXPECT_EQ(choice_for(set, p256_key(), Algorithm::es256), (Choice{1, true}));
    EXPECT_EQ(set->warnings.size(), 2U);
  }
}

// [JWS-4]
TEST(JwkSet, OfAmbiguousKeysAloneIsRefusedWithThem) {
  const std::string detail =
      refusal_of_set(jwk_set({p256_key().jwk(R"("kid":"a")"),
                              test::SigningKey::ec(ecdsa_curves[0]).jwk(R"("kid":"\u0061")")}));
  EXPECT_NE(detail.find("key 2 (kid \"a\") is left out: key 1 is another"), std::string::npos)
      << detail;
}

// [JWS-4]
TEST(JwkSet, IsRefusedWhenItMixesSecretsWithPublicKeys) {
  const std::string secret = oct_jwk(std::string(64, 'k'));
  for (const std::string& jwk :
       {rsa_key().jwk(), p256_key().jwk(), test::ed25519_key().jwk(),
        rsa_key().jwk(R"("use":"enc")"), std::string(R"({"kty":"oct","kty":"RSA"})")}) {
    EXPECT_NE(refusal_of_set(jwk_set({secret, jwk})).find("mixes"), std::string::npos);
    EXPECT_NE(refusal_of_set(jwk_set({jwk, secret})).find("mixes"), std::string::npos);
  }
  EXPECT_NE(refusal_of_set(jwk_set({oct_jwk("short"), rsa_key().jwk()})).find("mixes"),
            std::string::npos);
}

// [JWS-4]
TEST(JwkSet, IsRefusedWithoutAUsableKey) {
  EXPECT_NE(refusal_of_set(R"({"keys":[]})").find("no key"), std::string::npos);
  EXPECT_NE(refusal_of_set(jwk_set({rsa_key().jwk(R"("use":"enc")")})).find("no key"),
            std::string::npos);
  const std::string detail = refusal_of_set(jwk_set({test::SigningKey::rsa(1024).jwk()}));
  EXPECT_NE(detail.find("RSA of 1024 bits"), std::string::npos) << detail;
  const auto not_allowed = parse(jwk_set({rsa_key().jwk()}), {Algorithm::es256});
  ASSERT_FALSE(not_allowed);
  EXPECT_NE(not_allowed.error().detail.find("verifies ES256"), std::string::npos);
}

// [JWS-4]
TEST(JwkSet, IsStrictJsonWithAnArrayOfKeys) {
  const std::string good = p256_key().jwk();
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), good, "[" + good + "]",
        R"({"keys":)" + good + "}", std::string(R"({"keys":null})"), R"({"Keys":[)" + good + "]}",
        jwk_set({good}) + "x", jwk_set({good + ","}), "\xEF\xBB\xBF" + jwk_set({good}),
        R"({"keys":[],"keys":[)" + good + "]}", R"({"k\u0065ys":[],"keys":[)" + good + "]}",
        R"({"x":1,"x":1,"keys":[)" + good + "]}", R"({"x":{"a":1,"a":1},"keys":[)" + good + "]}"}) {
    EXPECT_NE(refusal_of_set(text), "") << text;
  }
  EXPECT_EQ(refusal_of_set(R"({"x":1,"keys":[)" + good + R"(],"y":{}})"), "");
}

TEST(JwkSet, TellsWhetherItHoldsSecrets) {
  EXPECT_TRUE(parse(jwk_set({oct_jwk(std::string(32, 'k'))}))->holds_secrets);
  EXPECT_FALSE(parse(jwk_set({p256_key().jwk()}))->holds_secrets);
}

// [LOG-1]
TEST(JwkSet, SaysNothingOfAKeyButItsKid) {
  const std::string secret = "a secret that is too short";
  const std::string k = test::base64url(secret);
  const std::string detail =
      refusal_of_set(jwk_set({oct_jwk(secret, R"("kid":")" + std::string(100, 'x') + "\"")}));
  EXPECT_EQ(detail.find(secret), std::string::npos);
  EXPECT_EQ(detail.find(k), std::string::npos);
  EXPECT_NE(detail.find(std::string(64, 'x') + "\""), std::string::npos) << detail;
}

}  // namespace
}  // namespace ringbook
