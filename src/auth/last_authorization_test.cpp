#include "auth/last_authorization.h"

#include <gtest/gtest.h>

#include <string>

#include "auth/test_authenticator.h"
#include "base/limits.h"

namespace ringbook {
namespace {

constexpr Instant looked_at{1'800'000'000'000};
constexpr std::uint64_t version = 3;

JudgedClaims claims_of(const std::string& subject) {
  return {.principal = {.issuer = "", .subject = subject},
          .begin = 1'800'000'000,
          .end = 1'800'000'100.5};
}

std::string subject_of(const LastAuthorization& last, std::string_view authorization,
                       std::uint64_t keys = version, Instant at = looked_at) {
  const Principal* principal = last.find(authorization, keys, at);
  return principal == nullptr ? "" : principal->subject;
}

// [KEY-4]
TEST(LastAuthorization, IsRecognisedByAllOfItsOctets) {
  LastAuthorization last;
  EXPECT_EQ(subject_of(last, ""), "");
  last.remember("Bearer a.b.c", version, claims_of("ada"));
  EXPECT_EQ(subject_of(last, "Bearer a.b.c"), "ada");
  for (const char* other :
       {"", "Bearer a.b.d", "Bearer a.b.c ", "Bearer a.b.", "bearer a.b.c", "Bearer  a.b.c"}) {
    EXPECT_EQ(subject_of(last, other), "") << other;
  }
  last.remember("Bearer d.e.f", version, claims_of("eve"));
  EXPECT_EQ(subject_of(last, "Bearer d.e.f"), "eve");
  EXPECT_EQ(subject_of(last, "Bearer a.b.c"), "") << "only the last one is remembered";
}

// [KEY-4]
TEST(LastAuthorization, IsRecognisedOnlyAmongTheKeysThatAcceptedIt) {
  LastAuthorization last;
  last.remember("Bearer a.b.c", version, claims_of("ada"));
  EXPECT_EQ(subject_of(last, "Bearer a.b.c", version + 1), "");
  EXPECT_EQ(subject_of(last, "Bearer a.b.c", version), "ada");
}

// [KEY-4] [JWT-1]
TEST(LastAuthorization, IsRecognisedOnlyWhileItsTimesHold) {
  LastAuthorization last;
  last.remember("Bearer a.b.c", version, claims_of("ada"));
  const std::pair<std::int64_t, const char*> moments[] = {{1'799'999'999'999, ""},
                                                          {1'800'000'000'000, "ada"},
                                                          {1'800'000'100'499, "ada"},
                                                          {1'800'000'100'500, ""}};
  for (const auto& [ms, subject] : moments) {
    EXPECT_EQ(subject_of(last, "Bearer a.b.c", version, Instant{ms}), subject) << ms;
  }
}

// [KEY-4]
TEST(LastAuthorization, IsNotRememberedWhenItIsTooLong) {
  LastAuthorization last;
  const std::string longest(limits::last_authorization_bytes, 'x');
  last.remember(longest, version, claims_of("ada"));
  EXPECT_EQ(subject_of(last, longest), "ada");
  last.remember(longest + "x", version, claims_of("eve"));
  EXPECT_EQ(subject_of(last, longest + "x"), "");
  EXPECT_EQ(subject_of(last, longest), "ada");
}

// Two clients with the same tokens: one always by the same connection, one by a new one each time.
class ConnectionThatRemembers : public test::AuthenticatorTest {
 protected:
  void SetUp() override {
    write_secret(std::string(test::good_secret));
    start({}, KeyFiles{.secret_file = folder_.path() / "secret", .jwks_file = {}});
  }

  void write_secret(const std::string& secret) { folder_.write("secret", secret + "\n"); }

  static std::string text_of(const Authentication& answer) {
    return answer ? answer->issuer + "|" + answer->subject + "|" +
                        (answer->has_administrator_claim ? "admin" : "")
                  : answer.error().reason;
  }

  // What both are answered, which is the same.
  std::string answer_to(const std::string& authorization) {
    const std::string remembered = text_of(ask(authorization, last_));
    EXPECT_EQ(remembered, text_of(ask(authorization)));
    return remembered;
  }

  LastAuthorization last_;
};

std::string good_token(std::string_view subject = "ada") {
  return "Bearer " + test::token_of(R"({"alg":"HS256","typ":"JWT"})",
                                    R"({"exp":1800000100,"nbf":1800000000,"sub":")" +
                                        std::string(subject) + R"(","role":"admin"})");
}

// [KEY-4] [JWT-1]
TEST_F(ConnectionThatRemembers, IsAnsweredAlikeUntilTheEndAndAfterIt) {
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
  clock_.advance(std::chrono::milliseconds(129'999));
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(answer_to(good_token()), "expired");
  EXPECT_EQ(answer_to(good_token()), "expired");
}

// [KEY-4] [JWT-1]
TEST_F(ConnectionThatRemembers, IsAnsweredAlikeWhenTheClockIsSetBack) {
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
  clock_.advance(std::chrono::milliseconds(-30'001));
  EXPECT_EQ(answer_to(good_token()), "not_yet_valid");
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
}

// [KEY-4] [KEY-1]
TEST_F(ConnectionThatRemembers, IsAnsweredAlikeAfterReloads) {
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
  EXPECT_EQ(reload(), "jwt-secret-file");
  EXPECT_EQ(answer_to(good_token()), "|ada|admin") << "the same secret again";
  write_secret("short");
  EXPECT_EQ(reload(), "not jwt-secret-file");
  EXPECT_EQ(answer_to(good_token()), "|ada|admin") << "the old one stays in use";
  write_secret(std::string(64, 'x'));
  EXPECT_EQ(reload(), "jwt-secret-file");
  EXPECT_EQ(answer_to(good_token()), "bad_signature");
  write_secret(std::string(test::good_secret));
  EXPECT_EQ(reload(), "jwt-secret-file");
  EXPECT_EQ(answer_to(good_token()), "|ada|admin");
}

// [KEY-4]
TEST_F(ConnectionThatRemembers, IsAnsweredAlikeWhateverItSendsBetween) {
  const std::string good = good_token();
  const std::string other = good_token("eve");
  const std::string forged = good.substr(0, good.size() - 4) + "AAAA";
  for (const auto& [authorization, expected] :
       std::initializer_list<std::pair<std::string, const char*>>{{good, "|ada|admin"},
                                                                  {forged, "bad_signature"},
                                                                  {forged, "bad_signature"},
                                                                  {good, "|ada|admin"},
                                                                  {other, "|eve|admin"},
                                                                  {good, "|ada|admin"},
                                                                  {"", ""},
                                                                  {"Bearer ", ""},
                                                                  {good + " ", "malformed"},
                                                                  {good, "|ada|admin"}}) {
    EXPECT_EQ(answer_to(authorization), expected) << authorization;
  }
}

}  // namespace
}  // namespace ringbook
