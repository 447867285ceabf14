// What becomes of one key of a set.
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
std::vector<KeyWarning> warnings_about(const std::string& jwk, std::size_t keys = 1) {
  const auto set = parse(jwk_set({p256_key().jwk(R"("kid":"good")"), jwk}));
  EXPECT_TRUE(set) << set.error().detail;
  if (!set) {
    return {};
  }
  EXPECT_EQ(set->keys.size(), keys) << jwk;
  return set->warnings;
}

void expect_ignored(const std::string& jwk) {
  EXPECT_TRUE(warnings_about(jwk).empty()) << warnings_about(jwk).front().text;
}

void expect_left_out(const std::string& jwk, std::string_view why) {
  const auto warnings = warnings_about(jwk);
  ASSERT_EQ(warnings.size(), 1U) << jwk;
  EXPECT_TRUE(warnings[0].is_left_out);
  EXPECT_TRUE(warnings[0].text.starts_with("key 2")) << warnings[0].text;
  EXPECT_NE(warnings[0].text.find(why), std::string::npos) << warnings[0].text;
}

// It verifies what its owner signs, and the operator is told what is odd about it.
void expect_odd(const std::string& jwk, std::string_view what) {
  const auto warnings = warnings_about(jwk, 2);
  ASSERT_EQ(warnings.size(), 1U) << jwk;
  EXPECT_FALSE(warnings[0].is_left_out);
  EXPECT_EQ(warnings[0].text, "key 2 is used, though its member " + std::string(what));
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
  expect_left_out(wrong_curve, "not on P-384");
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
       {"65537", "\"\"", "\"AQAB=\"", "\"AQAB====\"", "\"AQAB \"", "\"AR\"", "\"AAAA\"", "null"}) {
    expect_left_out(rsa(good_n, e), "\"e\"");
  }
  expect_left_out(rsa("\"" + n + "=\"", "\"AQAB\""), "\"n\"");
  expect_left_out(rsa("\"" + n + "===\"", "\"AQAB\""), "\"n\"");
  expect_left_out(rsa("\"" + n + "\\u0000\"", "\"AQAB\""), "\"n\"");
  for (const char* members :
       {R"("kid":7)", R"("alg":7)", R"("use":["sig"])", R"("key_ops":"verify")",
        R"("key_ops":["verify",7])", R"("key_ops":["verify","verify"])"}) {
    expect_left_out(rsa_key().jwk(members), "is absent or malformed");
  }
  expect_left_out(R"({"kty":"EC","crv":"P-256","x":"AQ"})", "\"y\"");
  expect_left_out(R"({"kty":"OKP","crv":"Ed25519"})", "\"x\"");
  expect_left_out(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})", "32 bytes");
  expect_left_out(p256_key().jwk(R"("kty":"EC")"), "given twice");
  expect_left_out(p256_key().jwk(R"("kid":"a","\u006bid":"b")"), "given twice");
  expect_left_out(p256_key().jwk(R"("x5c":[{"a":1,"a":1}])"), "given twice");
}

// [JWS-4]
TEST(Jwk, MayBeSpelledInWaysThatMeanNothingElse) {
  const std::string modulus = rsa_key().number(OSSL_PKEY_PARAM_RSA_N);
  const auto rsa = [](const std::string& n, const std::string& e) {
    return R"({"kty":"RSA","n":")" + n + R"(","e":")" + e + "\"}";
  };
  const std::string n = test::base64url(modulus);
  const std::string zeros = R"("n" has zero octets in front)";
  expect_odd(rsa(test::base64url('\0' + modulus), "AQAB"), zeros);
  expect_odd(rsa(test::base64url(std::string(3, '\0') + modulus), "AQAB"), zeros);
  expect_odd(rsa(n, "AAEAAQ"), R"("e" has zero octets in front)");
  expect_odd(rsa(n + "==", "AQAB"), R"("n" is not in base64url without padding)");
  std::string standard = n;
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  if (standard == n) {
    standard += "==";  // One modulus in twenty thousand has neither.
  }
  expect_odd(rsa(standard, "AQAB"), R"("n" is not in base64url without padding)");
  for (const char* name : {"kid", "alg", "use", "key_ops", "crv"}) {
    const std::string member = "\"" + std::string(name) + "\"";
    const auto warnings = warnings_about(rsa_key().jwk(member + ":null"), 2);
    EXPECT_EQ(warnings.size(), std::string_view(name) == "crv" ? 0U : 1U) << name;
  }
  const auto set = parse(jwk_set({rsa(test::base64url('\0' + modulus), "AAEAAQ")}));
  EXPECT_EQ(choice_for(set, rsa_key(), Algorithm::rs256, std::nullopt), (Choice{1, true}));
  EXPECT_EQ(choice_for(set, test::other_rsa_key(), Algorithm::rs256, std::nullopt),
            (Choice{1, false}));
}

// [JWS-4]
TEST(Jwk, OnACurveMayHaveCoordinatesThatAreTooLongOrTooShortByZeros) {
  const auto jwk = [](const std::string& x, const std::string& y) {
    return R"({"kty":"EC","crv":"P-256","x":")" + test::base64url(x) + R"(","y":")" +
           test::base64url(y) + "\"}";
  };
  // One key in 256 has such an x. A zero octet that y lost would not count.
  std::optional<test::SigningKey> key;
  std::string x;
  std::string y;
  do {
    key.emplace(test::SigningKey::ec(ecdsa_curves[0]));
    x = key->number(OSSL_PKEY_PARAM_EC_PUB_X, 32);
    y = key->number(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
  } while (x.front() != '\0' || y.front() == '\0');
  const auto shorter = parse(jwk_set({jwk(x.substr(1), '\0' + y)}));
  EXPECT_EQ(choice_for(shorter, *key, Algorithm::es256, std::nullopt), (Choice{1, true}));
  EXPECT_EQ(shorter->warnings.size(), 2U);
  expect_left_out(jwk('\1' + x, y), "\"x\"");
  expect_left_out(jwk(x, y.substr(1)), "not on P-256");
  expect_left_out(jwk(std::string(32, '\0'), y), "\"x\"");
}

// [JWS-3] [JWS-4]
TEST(Jwk, OfEd25519MayCallItsAlgorithmByEitherName) {
  EXPECT_EQ(algorithms_of(test::ed25519_key().jwk(R"("alg":"Ed25519")")), "EdDSA");
  EXPECT_EQ(algorithms_of(test::ed25519_key().jwk(R"("alg":"EdDSA")")), "EdDSA");
  expect_left_out(rsa_key().jwk(R"("alg":"Ed25519")"), "is not one of its type");
  expect_ignored(test::ed25519_key().jwk(R"("alg":"Ed448")"));
  expect_ignored(R"({"kty":"OKP","crv":"Ed448","alg":"Ed448","x":"AA"})");
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
  EXPECT_NE(set->warnings[0].text.find("key 2 (kid \"b\")"), std::string::npos);
  EXPECT_NE(set->warnings[1].text.find("needs at least 64"), std::string::npos);
}

}  // namespace
}  // namespace ringbook
