#include "auth/token_authenticator.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "auth/test_authenticator.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using test::token_of;

constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view claims_of_admin = R"({"exp":1800000100,"sub":"ada","role":"admin"})";

class TokenAuthenticatorTest : public test::AuthenticatorTest {
 protected:
  void SetUp() override { start(); }

  void start(const TokenRules& rules = {}) {
    AuthenticatorTest::start(rules, KeyFiles{.secret_file = secret_file_, .jwks_file = {}});
  }

  std::filesystem::path secret_file_ =
      folder_.write("secret", std::string(test::good_secret) + "\n");
};

TEST_F(TokenAuthenticatorTest, RecognisesTheBearerOfAGoodToken) {
  const auto answer = ask_with(token_of(header, claims_of_admin));
  ASSERT_TRUE(answer) << answer.error().reason;
  EXPECT_EQ(answer->subject, "ada");
  EXPECT_TRUE(answer->has_administrator_claim);
  EXPECT_TRUE(authenticator_->not_ready().empty());
}

// [JWT-2]
TEST_F(TokenAuthenticatorTest, RecognisesThoseWithoutTheRightToo) {
  const auto answer = ask_with(token_of(header, R"({"exp":1800000100,"sub":"eve","role":"user"})"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->subject, "eve");
  EXPECT_FALSE(answer->has_administrator_claim);
}

// [PUT-11]
TEST_F(TokenAuthenticatorTest, FindsNothingToRefuseWithoutABearerToken) {
  const std::string token = token_of(header, claims_of_admin);
  for (const auto& authorization : std::initializer_list<std::optional<std::string>>{
           std::nullopt, "", "Bearer", "bearer", "Bearer ", "Bearer    ", " ", "Basic YTpi",
           "Basic", "Digest x", token, "BearerX " + token, "Bearer:" + token, "Token " + token}) {
    const auto answer = ask(authorization);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, TokenRefusal::Kind::absent) << authorization.value_or("(none)");
    EXPECT_EQ(answer.error().reason, "");
  }
}

// [PUT-11]
TEST_F(TokenAuthenticatorTest, KnowsTheSchemeInAnyCaseAndAfterSeveralSpaces) {
  const std::string token = token_of(header, claims_of_admin);
  for (const char* before :
       {"Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer  ", "Bearer     "}) {
    EXPECT_TRUE(ask(before + token)) << before;
  }
}

// [PUT-11]
TEST_F(TokenAuthenticatorTest, RejectsCredentialsThatAreNotOneToken) {
  const std::string token = token_of(header, claims_of_admin);
  for (const std::string& wrong :
       {token + " ", token + " x", token + ",", token + ", Basic YTpi", "\"" + token + "\"",
        "\t" + token, std::string("x"), std::string("null"), "token=" + token}) {
    expect_rejected(wrong, "malformed");
  }
}

// [JWS-2]
TEST_F(TokenAuthenticatorTest, VerifiesWithTheAlgorithmThatTheHeaderNames) {
  const std::pair<std::string, Algorithm> kinds[] = {
      {"HS256", Algorithm::hs256}, {"HS384", Algorithm::hs384}, {"HS512", Algorithm::hs512}};
  for (const auto& [named, unused] : kinds) {
    for (const auto& [name, used] : kinds) {
      const std::string token = token_of(R"({"alg":")" + named + R"("})", claims_of_admin, used);
      if (name == named) {
        EXPECT_TRUE(ask_with(token)) << name;
      } else {
        expect_rejected(token, "bad_signature");
      }
    }
  }
}

TEST_F(TokenAuthenticatorTest, RejectsWhatAnotherSecretSigned) {
  expect_rejected(token_of(header, claims_of_admin, Algorithm::hs256, std::string(64, 'x')),
                  "bad_signature");
}

TEST_F(TokenAuthenticatorTest, RejectsASignatureOfOtherClaims) {
  const std::string token = token_of(header, claims_of_admin);
  const std::string other = token_of(header, R"({"exp":1800000100,"sub":"eve","role":"admin"})");
  expect_rejected(other.substr(0, other.rfind('.')) + token.substr(token.rfind('.')),
                  "bad_signature");
}

// [JWS-5]
TEST_F(TokenAuthenticatorTest, FitsTokensWithAnyKidOrNone) {
  for (const char* kid :
       {"", R"(,"kid":"")", R"(,"kid":"2026-11")", R"(,"kid":"../../etc/passwd")"}) {
    EXPECT_TRUE(ask_with(token_of(R"({"alg":"HS256")" + std::string(kid) + "}", claims_of_admin)))
        << kid;
  }
}

// [JWS-2]
TEST_F(TokenAuthenticatorTest, UsesNoKeyFromTheTokenItself) {
  const std::string own = std::string(64, 'x');
  const std::string jwk = R"({"kty":"oct","k":")" + test::base64url(own) + R"("})";
  expect_rejected(
      token_of(R"({"alg":"HS256","jwk":)" + jwk + "}", claims_of_admin, Algorithm::hs256, own),
      "bad_signature");
}

// [JWS-2]
TEST_F(TokenAuthenticatorTest, RejectsSignatureAlgorithmsThatNoSecretIsFor) {
  for (const char* name : {"RS256", "PS512", "ES256", "EdDSA"}) {
    expect_rejected(token_of(R"({"alg":")" + std::string(name) + R"("})", claims_of_admin),
                    "no_fitting_key");
  }
}

// [JWS-1]
TEST_F(TokenAuthenticatorTest, RejectsDetachedAndEmptyPayloads) {
  const std::string token = token_of(header, claims_of_admin);
  expect_rejected(token.substr(0, token.find('.') + 1) + token.substr(token.rfind('.')),
                  "bad_signature");
  expect_rejected(token_of(header, ""), "bad_claims");
}

TEST_F(TokenAuthenticatorTest, SaysWhyInTheWordsOfAClosedList) {
  expect_rejected(std::string(limits::token_bytes + 1, 'x'), "too_long");
  expect_rejected("a.b.c", "malformed");
  expect_rejected(token_of("[]", claims_of_admin), "bad_header");
  expect_rejected(token_of(R"({"alg":"HS256","typ":"id+jwt"})", claims_of_admin), "wrong_type");
  expect_rejected(token_of(R"({"alg":"HS256","crit":["exp"]})", claims_of_admin),
                  "critical_header");
  expect_rejected(token_of(R"({"alg":"none"})", claims_of_admin), "algorithm_not_allowed");
  expect_rejected(token_of(header, "[]"), "bad_claims");
  expect_rejected(token_of(header, R"({"exp":1,"sub":"ada"})"), "expired");
  expect_rejected(token_of(header, R"({"exp":1800000100,"nbf":1800000099,"sub":"ada"})"),
                  "not_yet_valid");
  expect_rejected(token_of(header, R"({"exp":1800000100,"iat":1800000099,"sub":"ada"})"),
                  "issued_in_future");
  expect_rejected(token_of(header, R"({"exp":1800000100})"), "bad_subject");
  TokenRules rules;
  rules.issuer = "https://id.example";
  start(rules);
  expect_rejected(token_of(header, claims_of_admin), "wrong_issuer");
  rules.issuer.reset();
  rules.audience = "ringbook";
  start(rules);
  expect_rejected(token_of(header, claims_of_admin), "wrong_audience");
}

// [JWT-1]
TEST_F(TokenAuthenticatorTest, ReadsTheClockForEveryToken) {
  const std::string token = token_of(header, claims_of_admin);
  EXPECT_TRUE(ask_with(token));
  clock_.advance(std::chrono::milliseconds(129'999));
  EXPECT_TRUE(ask_with(token));
  clock_.advance(std::chrono::milliseconds(1));
  expect_rejected(token, "expired");
}

// [KEY-1]
TEST_F(TokenAuthenticatorTest, AllowsOnlyConfiguredAlgorithms) {
  TokenRules rules;
  rules.algorithms = {"HS512"};
  start(rules);
  expect_rejected(token_of(header, claims_of_admin), "algorithm_not_allowed");
  EXPECT_TRUE(ask_with(token_of(R"({"alg":"HS512"})", claims_of_admin, Algorithm::hs512)));
}

// [JWS-4]
TEST_F(TokenAuthenticatorTest, RejectsAlgorithmsThatTheSecretIsTooShortFor) {
  folder_.write("secret", std::string(32, 'k'));
  start();
  EXPECT_TRUE(ask_with(token_of(header, claims_of_admin, Algorithm::hs256, std::string(32, 'k'))));
  expect_rejected(token_of(R"({"alg":"HS384"})", claims_of_admin, Algorithm::hs384),
                  "no_fitting_key");
  expect_rejected(token_of(R"({"alg":"HS512"})", claims_of_admin, Algorithm::hs512),
                  "no_fitting_key");
}

// [JWS-4] [KEY-1]
TEST_F(TokenAuthenticatorTest, IsNotMadeFromWrongSettings) {
  const auto code_of = [&](const TokenRules& rules, const KeyFiles& sources) {
    const auto made = make(rules, sources);
    return made ? std::nullopt : std::optional(made.error().code);
  };
  const auto with_secret = [](const std::filesystem::path& path) {
    return KeyFiles{.secret_file = path, .jwks_file = {}};
  };
  const KeyFiles good = with_secret(secret_file_);
  EXPECT_EQ(code_of({}, good), std::nullopt);
  EXPECT_EQ(code_of({}, KeyFiles{}), Errc::usage);
  EXPECT_EQ(code_of({}, with_secret(folder_.path() / "missing")), Errc::usage);
  EXPECT_EQ(code_of({}, with_secret(folder_.write("short", std::string(31, 'k')))), Errc::usage);
  const KeyFiles middling = with_secret(folder_.write("middling", std::string(63, 'k')));
  EXPECT_EQ(code_of({}, middling), std::nullopt);
  EXPECT_EQ(code_of(test::rules_allowing({"HS512"}), middling), Errc::usage);
  EXPECT_EQ(code_of(test::rules_allowing({"none"}), good), Errc::usage);
  EXPECT_EQ(code_of(test::rules_allowing({"RS256", "EdDSA"}), good), Errc::usage);
  EXPECT_EQ(code_of(test::rules_allowing({"RS256", "HS256"}), good), std::nullopt);
  EXPECT_EQ(code_of(test::rules_allowing({}), good), Errc::usage);
  for (std::string TokenRules::* text :
       {&TokenRules::admin_claim, &TokenRules::admin_value, &TokenRules::subject_claim}) {
    TokenRules rules;
    (rules.*text).clear();
    EXPECT_EQ(code_of(rules, good), Errc::usage);
  }
  for (std::optional<std::string> TokenRules::* text :
       {&TokenRules::issuer, &TokenRules::audience}) {
    TokenRules rules;
    rules.*text = "";
    EXPECT_EQ(code_of(rules, good), Errc::usage);
  }
}

// [KEY-1]
TEST_F(TokenAuthenticatorTest, TakesANewSecretWhenItReloads) {
  const std::string fresh(64, 'n');
  const std::string old_token = token_of(header, claims_of_admin);
  const std::string new_token = token_of(header, claims_of_admin, Algorithm::hs256, fresh);
  folder_.write("secret", fresh);
  EXPECT_TRUE(ask_with(old_token));
  expect_rejected(new_token, "bad_signature");
  ASSERT_EQ(reload(), "jwt-secret-file");
  EXPECT_TRUE(ask_with(new_token));
  expect_rejected(old_token, "bad_signature");
}

// [KEY-1]
TEST_F(TokenAuthenticatorTest, KeepsTheOldSecretWhenTheNewOneIsBad) {
  const std::string token = token_of(header, claims_of_admin);
  folder_.write("secret", "short");
  EXPECT_EQ(reload(), "not jwt-secret-file");
  EXPECT_TRUE(ask_with(token));
  folder_.write("secret", std::string(64, 'n'), std::filesystem::perms(0644));
  EXPECT_EQ(reload(), "not jwt-secret-file");
  EXPECT_TRUE(ask_with(token));
  std::filesystem::remove(secret_file_);
  EXPECT_EQ(reload(), "not jwt-secret-file");
  EXPECT_TRUE(ask_with(token));
}

}  // namespace
}  // namespace ringbook
