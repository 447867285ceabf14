#include "auth/jwk_set.h"

#include <gtest/gtest.h>

#include <string>

#include "auth/test_keys.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using test::jwk_set;
using test::oct_jwk;
using test::p256_key;
using test::rsa_key;

Result<JwkSet> parse(std::string_view text, AlgorithmSet allowed = every_algorithm()) {
  return parse_jwk_set(text, allowed);
}

std::string refusal_of_set(std::string_view text) {
  const auto set = parse(text);
  if (set) {
    return {};
  }
  EXPECT_EQ(set.error().code, Errc::invalid);
  return set.error().detail;
}

// What a lone key is for; empty when the set is refused.
std::string algorithms_of(const std::string& jwk, AlgorithmSet allowed = every_algorithm()) {
  const auto set = parse(jwk_set({jwk}), allowed);
  if (!set) {
    return {};
  }
  AlgorithmSet usable;
  for (const Algorithm algorithm : all_algorithms) {
    Candidates candidates;
    set->keys.select(algorithm, std::nullopt, candidates);
    if (!candidates.keys().empty()) {
      usable.add(algorithm);
    }
  }
  return usable.text();
}

// The warnings about a key beside which there is a good one.
std::vector<std::string> warnings_about(const std::string& jwk) {
  const auto set = parse(jwk_set({p256_key().jwk(R"("kid":"good")"), jwk}));
  EXPECT_TRUE(set) << set.error().detail;
  if (!set) {
    return {};
  }
  EXPECT_EQ(set->keys.size(), 1U) << jwk;
  return set->warnings;
}

void expect_ignored(const std::string& jwk) {
  EXPECT_TRUE(warnings_about(jwk).empty()) << warnings_about(jwk).front();
}

void expect_left_out(const std::string& jwk, std::string_view why) {
  const auto warnings = warnings_about(jwk);
  ASSERT_EQ(warnings.size(), 1U) << jwk;
  EXPECT_TRUE(warnings[0].starts_with("key 2")) << warnings[0];
  EXPECT_NE(warnings[0].find(why), std::string::npos) << warnings[0];
}

// [JWS-4]
TEST(Jwk, WithoutAlgIsForThoseOfItsTypeThatAreAllowed) {
  EXPECT_EQ(algorithms_of(rsa_key().jwk()), "RS256, RS384, RS512, PS256, PS384, PS512");
  EXPECT_EQ(algorithms_of(p256_key().jwk()), "ES256");
  EXPECT_EQ(algorithms_of(test::p384_key().jwk()), "ES384");
  EXPECT_EQ(algorithms_of(test::p521_key().jwk()), "ES512");
  EXPECT_EQ(algorithms_of(test::ed25519_key().jwk()), "EdDSA");
  EXPECT_EQ(algorithms_of(oct_jwk(std::string(64, 'k'))), "HS256, HS384, HS512");
  EXPECT_EQ(algorithms_of(oct_jwk(std::string(47, 'k'))), "HS256");
  EXPECT_EQ(algorithms_of(rsa_key().jwk(), {Algorithm::ps384, Algorithm::es256, Algorithm::hs256}),
            "PS384");
}

// [JWS-4]
TEST(Jwk, WithAlgIsForThatOneAlone) {
  EXPECT_EQ(algorithms_of(rsa_key().jwk(R"("alg":"PS512")")), "PS512");
  EXPECT_EQ(algorithms_of(p256_key().jwk(R"("alg":"ES256")")), "ES256");
  EXPECT_EQ(algorithms_of(oct_jwk(std::string(64, 'k'), R"("alg":"HS384")")), "HS384");
  EXPECT_EQ(algorithms_of(rsa_key().jwk(R"("alg":"PS512")"), {Algorithm::rs256}), "");
}

// [JWS-4]
TEST(Jwk, ForVerifyingMaySaySo) {
  for (const char* members :
       {R"("use":"sig")", R"("key_ops":["verify"])", R"("key_ops":["sign","verify"])",
        R"("use":"sig","key_ops":["verify"],"alg":"RS256","kid":"k")", R"("x5c":["MII"],"x5t":"x")",
        R"("d":"AQAB","ext":true,"issuer":{"a":[1]})"}) {
    EXPECT_NE(algorithms_of(rsa_key().jwk(members)), "") << members;
  }
}

// [JWS-4]
TEST(Jwk, ForOtherPurposesIsIgnored) {
  for (const char* members :
       {R"("use":"enc")", R"("use":"")", R"("use":"SIG")", R"("key_ops":["encrypt"])",
        R"("key_ops":[])", R"("key_ops":["sign"])", R"("key_ops":["VERIFY"])",
        R"("use":"enc","key_ops":["verify"])", R"("use":"sig","key_ops":["wrapKey"])",
        R"("alg":"RSA-OAEP")", R"("alg":"RSA1_5")", R"("alg":"none")", R"("alg":"rs256")",
        R"("alg":"")", R"("alg":"ES256K")"}) {
    expect_ignored(rsa_key().jwk(members));
  }
}

// [JWS-4]
TEST(Jwk, OfAnUnknownTypeOrCurveIsIgnored) {
  for (const char* jwk :
       {R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"})", R"({"kty":""})", R"({"kty":"rsa"})",
        R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})", R"({"kty":"EC","crv":"P-224"})",
        R"({"kty":"EC","crv":"p-256"})", R"({"kty":"EC","crv":"Ed25519","x":"AA"})",
        R"({"kty":"OKP","crv":"X25519","x":"AA"})", R"({"kty":"OKP","crv":"Ed448","x":"AA"})",
        R"({"kty":"OKP","crv":"P-256","x":"AA","y":"AA"})"}) {
    expect_ignored(jwk);
  }
}

// [JWS-4]
TEST(Jwk, ThatContradictsItselfIsLeftOut) {
  expect_left_out(rsa_key().jwk(R"("alg":"ES256")"), "is not one of its type");
  expect_left_out(rsa_key().jwk(R"("alg":"HS256")"), "is not one of its type");
  expect_left_out(p256_key().jwk(R"("alg":"ES384")"), "is not one of its type");
  expect_left_out(p256_key().jwk(R"("alg":"EdDSA")"), "is not one of its type");
  expect_left_out(p256_key().jwk(R"("alg":"RS256")"), "is not one of its type");
  expect_left_out(test::ed25519_key().jwk(R"("alg":"ES256")"), "is not one of its type");
  std::string wrong_curve = p256_key().jwk();
  wrong_curve.replace(wrong_curve.find("P-256"), 5, "P-384");
  expect_left_out(wrong_curve, "a coordinate on P-384");
  std::string wrong_type = p256_key().jwk();
  wrong_type.replace(wrong_type.find("\"EC\""), 4, "\"RSA\"");
  expect_left_out(wrong_type, "\"n\"");
}

// [JWS-4]
TEST(Jwk, ThatIsMalformedIsLeftOut) {
  const std::string n = test::base64url(rsa_key().number(OSSL_PKEY_PARAM_RSA_N));
  const auto rsa = [](const std::string& modulus, const std::string& exponent) {
    return R"({"kty":"RSA","n":)" + modulus + R"(,"e":)" + exponent + "}";
  };
  const std::string good_n = "\"" + n + "\"";
  expect_left_out("7", "no JSON object");
  expect_left_out("null", "no JSON object");
  expect_left_out("{}", "\"kty\"");
  expect_left_out(R"({"kty":7})", "\"kty\"");
  expect_left_out(R"({"kty":"EC","x":"AA","y":"AA"})", "\"crv\"");
  expect_left_out(R"({"kty":"OKP","crv":null,"x":"AA"})", "\"crv\"");
  expect_left_out(R"({"kty":"RSA","e":"AQAB"})", "\"n\"");
  expect_left_out(R"({"kty":"RSA","n":)" + good_n + "}", "\"e\"");
  for (const char* e :
       {"65537", "\"\"", "\"AQAB=\"", "\"AQAB \"", "\"AAEAAQ\"", "\"AR\"", "null"}) {
    expect_left_out(rsa(good_n, e), "\"e\"");
  }
  expect_left_out(rsa("\"AA" + n + "\"", "\"AQAB\""), "\"n\"");
  expect_left_out(rsa("\"" + n + "==\"", "\"AQAB\""), "\"n\"");
  expect_left_out(rsa("\"" + n + "\\u0000\"", "\"AQAB\""), "\"n\"");
  for (const char* members :
       {R"("kid":7)", R"("kid":null)", R"("alg":7)", R"("alg":null)", R"("use":["sig"])",
        R"("use":null)", R"("key_ops":"verify")", R"("key_ops":["verify",7])",
        R"("key_ops":["verify","verify"])", R"("key_ops":null)"}) {
    expect_left_out(rsa_key().jwk(members), "is absent or malformed");
  }
  expect_left_out(R"({"kty":"EC","crv":"P-256","x":"AA"})", "\"y\"");
  expect_left_out(R"({"kty":"OKP","crv":"Ed25519"})", "\"x\"");
  expect_left_out(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})", "32 bytes");
}

// [JWS-4]
TEST(Jwk, ThatIsWeakIsLeftOut) {
  expect_left_out(test::SigningKey::rsa(1024).jwk(), "RSA of 1024 bits");
  expect_left_out(R"({"kty":"RSA","n":")" +
                      test::base64url(rsa_key().number(OSSL_PKEY_PARAM_RSA_N)) +
                      R"(","e":"Aw","kid":"three"})",
                  "exponent");
  expect_left_out(
      R"({"kty":"OKP","crv":"Ed25519","x":")" + test::base64url(std::string(32, '\0')) + R"("})",
      "small order");
  const auto set = parse(jwk_set({oct_jwk(std::string(32, 'k'), R"("kid":"a")"),
                                  oct_jwk(std::string(31, 'k'), R"("kid":"b")"),
                                  oct_jwk(std::string(63, 'k'), R"("kid":"c","alg":"HS512")")}));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->keys.size(), 1U);
  ASSERT_EQ(set->warnings.size(), 2U);
  EXPECT_NE(set->warnings[0].find("key 2 (kid \"b\")"), std::string::npos) << set->warnings[0];
  EXPECT_NE(set->warnings[1].find("needs at least 64"), std::string::npos) << set->warnings[1];
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
TEST(JwkSet, IsRefusedWithADuplicateKid) {
  const std::string first = p256_key().jwk(R"("kid":"a")");
  EXPECT_NE(refusal_of_set(jwk_set({first, rsa_key().jwk(R"("kid":"a")")})).find("given twice"),
            std::string::npos);
  EXPECT_NE(refusal_of_set(jwk_set({first, R"({"kty":"other","kid":"\u0061"})"})), "");
  EXPECT_NE(refusal_of_set(jwk_set({first, rsa_key().jwk(R"("kid":"a","use":"enc")")})), "");
  EXPECT_EQ(refusal_of_set(jwk_set({first, rsa_key().jwk(R"("kid":"A")"), rsa_key().jwk()})), "");
  EXPECT_EQ(refusal_of_set(jwk_set({p256_key().jwk(), rsa_key().jwk()})), "") << "no kid twice";
}

// [JWS-4]
TEST(JwkSet, IsRefusedWhenItMixesSecretsWithPublicKeys) {
  const std::string secret = oct_jwk(std::string(64, 'k'));
  for (const std::string& jwk : {rsa_key().jwk(), p256_key().jwk(), test::ed25519_key().jwk(),
                                 rsa_key().jwk(R"("use":"enc")")}) {
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
        R"({"keys":[],"keys":[)" + good + "]}", jwk_set({p256_key().jwk(R"("kty":"EC")")}),
        R"({"x":{"a":1,"a":1},"keys":[)" + good + "]}"}) {
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
