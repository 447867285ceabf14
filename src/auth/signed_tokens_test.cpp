// Tokens with signatures, from the field to the principal, by keys of several sources.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "auth/test_authenticator.h"
#include "auth/test_keys.h"

namespace ringbook {
namespace {

using test::jwk_set;
using test::key_for;
using test::oct_jwk;
using test::p256_key;
using test::rsa_key;

std::string token_by(const test::SigningKey& key, Algorithm algorithm, std::string_view more = {},
                     std::string_view payload = test::claims_for_ringbook) {
  return key.token(algorithm, test::header_of(algorithm, more), payload);
}

class SignedTokens : public test::AuthenticatorTest {
 protected:
  void start_with(const std::vector<std::string>& jwks,
                  const TokenRules& rules = test::rules_for_ringbook()) {
    start(rules, KeyFiles{.secret_file = {}, .jwks_file = folder_.write("jwks", jwk_set(jwks))});
  }
};

// [JWS-3] [JWS-6]
TEST_F(SignedTokens, OfEveryAlgorithmAreBelieved) {
  start_with({rsa_key().jwk(), p256_key().jwk(), test::p384_key().jwk(), test::p521_key().jwk(),
              test::ed25519_key().jwk()});
  for (const Algorithm algorithm : test::signature_algorithms()) {
    const auto answer = ask_with(token_by(key_for(algorithm), algorithm));
    ASSERT_TRUE(answer) << name_of(algorithm) << " " << answer.error().reason;
    EXPECT_EQ(answer->subject, "ada");
    EXPECT_TRUE(answer->has_administrator_claim);
  }
  EXPECT_TRUE(authenticator_->not_ready().empty());
}

// [JWS-3]
TEST_F(SignedTokens, ByAnotherKeyOrOfOtherClaimsAreRefused) {
  start_with({rsa_key().jwk(), p256_key().jwk()});
  expect_rejected(token_by(test::other_rsa_key(), Algorithm::rs256), "bad_signature");
  expect_rejected(token_by(test::SigningKey::ec(ecdsa_curves[0]), Algorithm::es256),
                  "bad_signature");
  const std::string token = token_by(p256_key(), Algorithm::es256);
  const std::string other =
      token_by(p256_key(), Algorithm::es256, {},
               R"({"exp":1800000100,"sub":"eve","role":"admin","aud":"ringbook"})");
  expect_rejected(other.substr(0, other.rfind('.')) + token.substr(token.rfind('.')),
                  "bad_signature");
}

// The public key is known to everybody, so a MAC made with it proves nothing.
// [JWS-2]
TEST_F(SignedTokens, WithAMacMadeFromThePublicKeyAreRefused) {
  start_with({rsa_key().jwk(R"("kid":"a")")});
  for (const std::string& secret :
       {rsa_key().jwk(), rsa_key().number(OSSL_PKEY_PARAM_RSA_N), std::string(test::good_secret)}) {
    expect_rejected(test::token_of(R"({"alg":"HS256","kid":"a"})", test::claims_for_ringbook,
                                   Algorithm::hs256, secret),
                    "no_fitting_key");
    expect_rejected(
        test::token_of(R"({"alg":"HS256"})", test::claims_for_ringbook, Algorithm::hs256, secret),
        "no_fitting_key");
  }
}

// [JWS-2]
TEST_F(SignedTokens, NeedAnAlgorithmThatTheirKeyIsFor) {
  start_with({rsa_key().jwk(R"("kid":"a","alg":"RS256")"), p256_key().jwk(R"("kid":"b")")});
  EXPECT_EQ(refusal_of(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"a")")), "");
  expect_rejected(token_by(rsa_key(), Algorithm::ps256, R"(,"kid":"a")"), "no_fitting_key");
  expect_rejected(token_by(rsa_key(), Algorithm::rs512, R"(,"kid":"a")"), "no_fitting_key");
  expect_rejected(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"b")"), "no_fitting_key");
}

// [KEY-1] [JWS-2]
TEST_F(SignedTokens, NeedAConfiguredAlgorithm) {
  TokenRules rules = test::rules_for_ringbook();
  rules.algorithms = {"ES256", "PS256"};
  start_with({rsa_key().jwk(), p256_key().jwk()}, rules);
  EXPECT_EQ(refusal_of(token_by(rsa_key(), Algorithm::ps256)), "");
  EXPECT_EQ(refusal_of(token_by(p256_key(), Algorithm::es256)), "");
  expect_rejected(token_by(rsa_key(), Algorithm::rs256), "algorithm_not_allowed");
}

// [JWS-5]
TEST_F(SignedTokens, FindTheirKeyByKid) {
  start_with({rsa_key().jwk(R"("kid":"a")"), test::other_rsa_key().jwk(R"("kid":"b")")});
  EXPECT_EQ(refusal_of(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"a")")), "");
  EXPECT_EQ(refusal_of(token_by(test::other_rsa_key(), Algorithm::rs256, R"(,"kid":"b")")), "");
  expect_rejected(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"b")"), "bad_signature");
  expect_rejected(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"c")"), "unknown_kid");
  expect_rejected(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"")"), "unknown_kid");
}

// [JWS-5]
TEST_F(SignedTokens, ThatNameAKidAreRefusedWhereNoKeyHasOne) {
  start_with({rsa_key().jwk()});
  EXPECT_EQ(refusal_of(token_by(rsa_key(), Algorithm::rs256)), "");
  expect_rejected(token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"a")"), "unknown_kid");
}

// [JWS-5]
TEST_F(SignedTokens, WithoutKidAreTriedAgainstTwoKeys) {
  const auto third = test::SigningKey::rsa(2048);
  start_with({p256_key().jwk(), rsa_key().jwk(R"("kid":"a")"), test::other_rsa_key().jwk(),
              third.jwk(R"("kid":"c")")});
  EXPECT_EQ(refusal_of(token_by(rsa_key(), Algorithm::rs256)), "");
  EXPECT_EQ(refusal_of(token_by(test::other_rsa_key(), Algorithm::rs256)), "");
  expect_rejected(token_by(third, Algorithm::rs256), "bad_signature");
  EXPECT_EQ(refusal_of(token_by(third, Algorithm::rs256, R"(,"kid":"c")")), "");
}

// [KEY-1]
TEST_F(SignedTokens, NeedAnAudienceUnlessAnyWillDo) {
  const KeyFiles shared{.secret_file = {},
                        .jwks_file = folder_.write("jwks", jwk_set({p256_key().jwk()}))};
  const KeyFiles both{.secret_file = folder_.write("secret", test::good_secret),
                      .jwks_file = shared.jwks_file};
  for (const KeyFiles& sources : {shared, both}) {
    const auto refused = make({}, sources);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::usage);
    EXPECT_NE(refused.error().detail.find("--audience any"), std::string::npos);
    EXPECT_TRUE(make(test::rules_for_ringbook(), sources));
  }
  TokenRules rules;
  rules.accepts_any_audience = true;
  start(rules, shared);
  for (const char* audience : {"", R"(,"aud":"ringbook")", R"(,"aud":["other"])", R"(,"aud":7)"}) {
    EXPECT_EQ(
        refusal_of(token_by(p256_key(), Algorithm::es256, {},
                            R"({"exp":1800000100,"sub":"ada")" + std::string(audience) + "}")),
        "");
  }
  rules.audience = "ringbook";
  EXPECT_EQ(make(rules, shared).error().code, Errc::usage) << "they contradict each other";
  start(test::rules_for_ringbook(), shared);
  expect_rejected(token_by(p256_key(), Algorithm::es256, {}, R"({"exp":1800000100,"sub":"ada"})"),
                  "wrong_audience");
}

// [KEY-1]
TEST_F(SignedTokens, MayComeFromSeveralSources) {
  start(test::rules_for_ringbook(),
        KeyFiles{.secret_file = folder_.write("secret", test::good_secret),
                 .jwks_file = folder_.write("jwks", jwk_set({p256_key().jwk(R"("kid":"a")")}))});
  EXPECT_EQ(refusal_of(token_by(p256_key(), Algorithm::es256, R"(,"kid":"a")")), "");
  EXPECT_EQ(refusal_of(test::token_of(R"({"alg":"HS256","kid":"a"})", test::claims_for_ringbook)),
            "");
  EXPECT_EQ(refusal_of(test::token_of(R"({"alg":"HS256"})", test::claims_for_ringbook)), "");
}

// [KEY-1] [JWS-5]
TEST_F(SignedTokens, MayHaveMacsByKeysOfASet) {
  const std::string first(64, '1');
  const std::string second(64, '2');
  start(test::rules_for_ringbook(),
        KeyFiles{.secret_file = folder_.write("secret", test::good_secret),
                 .jwks_file = folder_.write("jwks", jwk_set({oct_jwk(first, R"("kid":"1")"),
                                                             oct_jwk(second, R"("kid":"2")")}))});
  const auto mac = [](std::string_view more, std::string_view secret) {
    return test::token_of(test::header_of(Algorithm::hs256, more), test::claims_for_ringbook,
                          Algorithm::hs256, secret);
  };
  EXPECT_EQ(refusal_of(mac(R"(,"kid":"1")", first)), "");
  EXPECT_EQ(refusal_of(mac(R"(,"kid":"2")", second)), "");
  EXPECT_EQ(refusal_of(mac(R"(,"kid":"2")", test::good_secret)), "");
  expect_rejected(mac(R"(,"kid":"1")", second), "bad_signature");
  expect_rejected(mac(R"(,"kid":"3")", first), "bad_signature");
  EXPECT_EQ(refusal_of(mac("", first)), "") << "the second of two";
  // The third is not tried.
  expect_rejected(mac("", second), "bad_signature");
}

// [KEY-1]
TEST_F(SignedTokens, HaveNewKeysAfterAReloadAndOldOnesAfterABadOne) {
  start_with({p256_key().jwk(R"("kid":"a")")});
  const std::string old_token = token_by(p256_key(), Algorithm::es256, R"(,"kid":"a")");
  const std::string new_token = token_by(rsa_key(), Algorithm::rs256, R"(,"kid":"b")");
  EXPECT_EQ(refusal_of(old_token), "");
  expect_rejected(new_token, "unknown_kid");
  folder_.write("jwks", jwk_set({}));
  EXPECT_EQ(reload(), "not jwks-file");
  EXPECT_EQ(refusal_of(old_token), "");
  folder_.write("jwks", jwk_set({rsa_key().jwk(R"("kid":"b")")}));
  ASSERT_EQ(reload(), "jwks-file");
  EXPECT_EQ(refusal_of(new_token), "");
  expect_rejected(old_token, "unknown_kid");
}

// [KEY-1]
TEST_F(SignedTokens, HaveWhatIsGoodOfAReload) {
  const auto secret = folder_.write("secret", test::good_secret);
  start(test::rules_for_ringbook(),
        KeyFiles{.secret_file = secret,
                 .jwks_file = folder_.write("jwks", jwk_set({p256_key().jwk()}))});
  folder_.write("secret", std::string(64, 'n'));
  folder_.write("jwks", "{");
  EXPECT_EQ(reload(), "jwt-secret-file, not jwks-file");
  EXPECT_EQ(refusal_of(token_by(p256_key(), Algorithm::es256)), "");
  EXPECT_EQ(refusal_of(test::token_of(R"({"alg":"HS256"})", test::claims_for_ringbook,
                                      Algorithm::hs256, std::string(64, 'n'))),
            "");
  folder_.write("secret", "short");
  EXPECT_EQ(reload(), "not jwt-secret-file, not jwks-file");
}

// [JWS-4]
TEST_F(SignedTokens, HaveNoKeyThatIsWeakAndTheOperatorIsTold) {
  start_with({p256_key().jwk(), test::SigningKey::rsa(1024).jwk(R"("kid":"old")")});
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("\"old\""), std::string::npos);
  ASSERT_EQ(reload(), "jwks-file");
  EXPECT_EQ(warnings_.size(), 2U);
}

}  // namespace
}  // namespace ringbook
