#include "auth/jws.h"

#include <gtest/gtest.h>

#include <string>

#include "auth/test_support.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using test::base64url;
using test::token_of;

constexpr std::string_view claims_of_ada = R"({"sub":"ada"})";

// The reason of refusal; nothing for a token that is well formed.
std::optional<RefusalReason> refusal_of_token(std::string_view token) {
  JwsReader reader(every_algorithm());
  const auto jws = reader.read(token);
  return jws ? std::nullopt : std::optional(jws.error());
}

std::optional<RefusalReason> refusal_of_header(std::string_view header) {
  return refusal_of_token(token_of(header, claims_of_ada));
}

std::string header_with(std::string_view members) {
  return R"({"alg":"HS256",)" + std::string(members) + "}";
}

TEST(Jws, ShowsWhatTheTokenHolds) {
  const std::string token = token_of(R"({"alg":"HS512","kid":"k\u0031"})", claims_of_ada);
  JwsReader reader(every_algorithm());
  const auto jws = reader.read(token);
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->algorithm, Algorithm::hs512);
  EXPECT_EQ(jws->kid, "k1");
  EXPECT_EQ(jws->payload, claims_of_ada);
  EXPECT_EQ(jws->signing_input, token.substr(0, token.rfind('.')));
  EXPECT_EQ(base64url(jws->signature), token.substr(token.rfind('.') + 1));
}

TEST(Jws, KeepsNothingOfTheTokenBefore) {
  JwsReader reader(every_algorithm());
  ASSERT_TRUE(reader.read(token_of(header_with(R"("kid":"a")"), "a long payload, a long payload")));
  const auto jws = reader.read(token_of(R"({"alg":"HS256"})", "x"));
  ASSERT_TRUE(jws);
  EXPECT_FALSE(jws->kid);
  EXPECT_EQ(jws->payload, "x");
}

// [JWS-1]
TEST(Jws, HasExactlyThreeSegments) {
  const std::string token = token_of(R"({"alg":"HS256"})", claims_of_ada);
  EXPECT_EQ(refusal_of_token(token), std::nullopt);
  EXPECT_EQ(refusal_of_token(token.substr(0, token.rfind('.'))), RefusalReason::malformed);
  EXPECT_EQ(refusal_of_token(token.substr(0, token.find('.'))), RefusalReason::malformed);
  for (const std::string& wrong :
       {std::string(), std::string("."), std::string(".."), std::string("..."), token + ".",
        token + ".Zm9v", "." + token, "Zm9v." + token, "Zm9v.Zm9v." + token}) {
    EXPECT_EQ(refusal_of_token(wrong), RefusalReason::malformed) << wrong;
  }
}

// [JWS-1]
TEST(Jws, HasNeitherAnEmptyHeaderNorAnEmptySignature) {
  const std::string header = base64url(R"({"alg":"HS256"})");
  for (const std::string& token : {"." + base64url(claims_of_ada) + ".Zm9v",
                                   header + "." + base64url(claims_of_ada) + ".", header + ".."}) {
    EXPECT_EQ(refusal_of_token(token), RefusalReason::malformed) << token;
  }
  EXPECT_EQ(refusal_of_token(header + "..Zm9v"), std::nullopt);
}

// [JWS-1]
TEST(Jws, RefusesEverySegmentThatIsNotCanonical) {
  // 16 bytes of header, 2 of payload and 32 of signature: each leaves spare bits.
  const std::string token = token_of(R"({"alg":"HS256"} )", "{}");
  ASSERT_EQ(refusal_of_token(token), std::nullopt);
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  for (const std::size_t end : {first, second, token.size()}) {
    std::string spare_bit = token;
    ++spare_bit[end - 1];
    EXPECT_EQ(refusal_of_token(spare_bit), RefusalReason::malformed) << spare_bit;
    for (const char* inserted : {"=", "==", " ", "\n", "\t", "+", "/", "%", "\xC3\xA9"}) {
      std::string changed = token;
      changed.insert(end, inserted);
      EXPECT_EQ(refusal_of_token(changed), RefusalReason::malformed) << changed;
    }
  }
  EXPECT_EQ(refusal_of_token(" " + token), RefusalReason::malformed);
  EXPECT_EQ(refusal_of_token(token + " "), RefusalReason::malformed);
}

// [JWS-1]
TEST(Jws, HasAtMostSixteenKibibytes) {
  const std::string header = base64url(R"({"alg":"HS256"})") + ".";
  for (const std::size_t size : {16383U, 16384U, 16385U}) {
    std::string signature(43, 'A');
    std::string payload(size - header.size() - 1 - signature.size(), 'A');
    // One length in four is no base64url of anything; a shorter signature makes up for it.
    if (payload.size() % 4 == 1) {
      payload.resize(payload.size() - 1);
      signature += 'A';
    }
    const std::string token = header + payload + "." + signature;
    ASSERT_EQ(token.size(), size);
    EXPECT_EQ(refusal_of_token(token),
              size > 16384 ? std::optional(RefusalReason::too_long) : std::nullopt);
  }
}

// [JWS-1]
TEST(Jws, LooksAtTheLengthBeforeAnythingElse) {
  EXPECT_EQ(refusal_of_token(std::string(16384, '?')), RefusalReason::malformed);
  EXPECT_EQ(refusal_of_token(std::string(16385, '?')), RefusalReason::too_long);
}

// [JWS-1]
TEST(Jws, RefusesJsonSerialisations) {
  const std::string flattened =
      R"({"payload":"e30","protected":"eyJhbGciOiJIUzI1NiJ9","signature":"Zm9v"})";
  const std::string general =
      R"({"payload":"e30","signatures":[{"protected":"eyJhbGciOiJIUzI1NiJ9","signature":"Zm9v"}]})";
  EXPECT_EQ(refusal_of_token(flattened), RefusalReason::malformed);
  EXPECT_EQ(refusal_of_token(general), RefusalReason::malformed);
}

// [JWS-1]
TEST(Jws, RefusesB64InAnyForm) {
  for (const char* member :
       {R"("b64":false)", R"("b64":true)", R"("b64":null)", R"("b64":"")", R"("b64":[])",
        R"("b\u00364":true)", R"("b64":false,"crit":["b64"])"}) {
    EXPECT_EQ(refusal_of_header(header_with(member)), RefusalReason::critical_header) << member;
  }
  // An unencoded payload.
  const std::string unencoded = base64url(header_with(R"("b64":false,"crit":["b64"])")) + ".$.02";
  EXPECT_EQ(refusal_of_token(test::with_signature(unencoded.substr(0, unencoded.rfind('.')))),
            RefusalReason::malformed);
}

// [JWS-2]
TEST(Jws, RefusesCritInAnyForm) {
  for (const char* member : {R"("crit":["exp"],"exp":1)", R"("crit":[])", R"("crit":null)",
                             R"("crit":"exp")", R"("crit":{})", R"("crit":false)",
                             R"("crit":["alg"])", R"("crit":["x"])", R"("cr\u0069t":["exp"])"}) {
    EXPECT_EQ(refusal_of_header(header_with(member)), RefusalReason::critical_header) << member;
  }
}

// [JWS-1]
TEST(Jws, IgnoresMembersThatMeanNothingHere) {
  for (const char* member : {R"("zip":"DEF")", R"("enc":"A256GCM")", R"("cty":"JWT")",
                             R"("x":{"y":[1,2]})", R"("CRIT":["x"])", R"("nonce":null)"}) {
    EXPECT_EQ(refusal_of_header(header_with(member)), std::nullopt) << member;
  }
}

// [JWS-2]
TEST(Jws, RefusesAHeaderThatIsNoStrictObject) {
  for (const char* header :
       {"", " ", "null", "[]", R"(["alg","HS256"])", R"("HS256")", "{", R"({"alg":"HS256")",
        R"({"alg":"HS256"} x)", R"({"alg":"HS256",})", R"({'alg':'HS256'})", R"({alg:"HS256"})",
        "\xEF\xBB\xBF{\"alg\":\"HS256\"}", R"({"alg":"HS256"/**/})",
        "{\"alg\":\"HS256\",\"x\":\"\xFF\"}", R"({"alg":"HS256","x":"\ud800"})"}) {
    EXPECT_NE(refusal_of_header(header), std::nullopt) << header;
  }
}

// [JWS-2]
TEST(Jws, RefusesRepeatedNamesAtAnyDepth) {
  for (const char* header :
       {R"({"alg":"HS256","alg":"HS256"})", R"({"alg":"none","alg":"HS256"})",
        R"({"alg":"HS256","alg":"none"})", R"({"alg":"HS256","\u0061lg":"HS256"})",
        R"({"alg":"HS256","x":1,"x":1})", R"({"alg":"HS256","x":{"y":1,"y":2}})",
        R"({"alg":"HS256","x":[[{"y":1,"\u0079":2}]]})", R"({"alg":"HS256","kid":"a","kid":"a"})",
        R"({"alg":"HS256","":1,"":2})"}) {
    EXPECT_EQ(refusal_of_header(header), RefusalReason::bad_header) << header;
  }
  // Equal only in another case, or in different objects.
  EXPECT_EQ(refusal_of_header(header_with(R"("Alg":"x","ALG":{"alg":1})")), std::nullopt);
}

// [JWS-2]
TEST(Jws, RefusesNoneInAnySpelling) {
  for (const char* name : {"none", "None", "NONE", "nOnE", "n\\u006fne", "", " none", "none "}) {
    const std::string header = R"({"alg":")" + std::string(name) + R"("})";
    EXPECT_EQ(refusal_of_header(header), RefusalReason::algorithm_not_allowed) << name;
    EXPECT_EQ(refusal_of_token(base64url(header) + "." + base64url(claims_of_ada) + "."),
              RefusalReason::malformed);
  }
}

// [JWS-2]
TEST(Jws, RefusesAlgorithmsOfAnotherSpellingOrKind) {
  for (const char* name : {"hs256", "Hs256", "HS256 ", "HS1", "rs256", "RS1", "ES256K", "ES521",
                           "ed25519", "EDDSA", "HS256\\u0000", "A256KW", "dir"}) {
    EXPECT_EQ(refusal_of_header(R"({"alg":")" + std::string(name) + R"("})"),
              RefusalReason::algorithm_not_allowed)
        << name;
  }
  EXPECT_EQ(refusal_of_header(R"({"alg":"HS\u0032\u0035\u0036"})"), std::nullopt);
}

// [JWS-2]
TEST(Jws, RefusesAnAlgorithmThatIsNoString) {
  for (const char* header :
       {R"({})", R"({"typ":"JWT"})", R"({"alg":null})", R"({"alg":256})", R"({"alg":["HS256"]})",
        R"({"alg":{"HS256":1}})", R"({"alg":true})", R"({"ALG":"HS256"})"}) {
    EXPECT_EQ(refusal_of_header(header), RefusalReason::bad_header) << header;
  }
}

// [JWS-2]
TEST(Jws, RefusesAlgorithmsThatAreNotConfigured) {
  AlgorithmSet allowed;
  allowed.add(Algorithm::hs384);
  JwsReader reader(allowed);
  EXPECT_TRUE(reader.read(token_of(R"({"alg":"HS384"})", claims_of_ada)));
  for (const char* header : {R"({"alg":"HS256"})", R"({"alg":"HS512"})"}) {
    EXPECT_EQ(reader.read(token_of(header, claims_of_ada)).error(),
              RefusalReason::algorithm_not_allowed);
  }
}

// [JWS-2]
TEST(Jws, TakesTheTypesOfAccessTokensInAnyCase) {
  for (const char* typ : {"JWT", "jwt", "Jwt", "at+jwt", "AT+JWT", "at+JWT", "application/jwt",
                          "application/at+jwt", "APPLICATION/JWT", "Application/At+Jwt"}) {
    EXPECT_EQ(refusal_of_header(header_with(R"("typ":")" + std::string(typ) + "\"")), std::nullopt)
        << typ;
  }
}

// [JWS-2]
TEST(Jws, RefusesEveryOtherType) {
  for (const char* typ :
       {R"("")", R"("JWS")", R"("JOSE")", R"("id+jwt")", R"("dpop+jwt")", R"("application/")",
        R"("application/json")", R"("application/application/jwt")", R"("JWT ")", R"(" JWT")",
        R"("text/jwt")", R"("at jwt")", R"("logout+jwt")", "null", "1", R"(["JWT"])", "true"}) {
    EXPECT_EQ(refusal_of_header(header_with(R"("typ":)" + std::string(typ))),
              RefusalReason::wrong_type)
        << typ;
  }
}

// [JWS-2]
TEST(Jws, RefusesAKidThatIsNoString) {
  for (const char* kid : {"null", "1", "[]", R"(["a"])", "{}", "true"}) {
    EXPECT_EQ(refusal_of_header(header_with(R"("kid":)" + std::string(kid))),
              RefusalReason::bad_header)
        << kid;
  }
  EXPECT_EQ(refusal_of_header(header_with(R"("kid":"")")), std::nullopt);
}

// [JWS-2]
TEST(Jws, DoesNotCareForKeysThatTheHeaderOffers) {
  for (const char* member :
       {R"("jku":"https://attacker.example/keys")", R"("x5u":"https://attacker.example/cert")",
        R"("jwk":{"kty":"oct","k":"AAAA"})", R"("x5c":["AAAA"])", R"("jku":5)"}) {
    EXPECT_EQ(refusal_of_header(header_with(member)), std::nullopt) << member;
  }
}

}  // namespace
}  // namespace ringbook
