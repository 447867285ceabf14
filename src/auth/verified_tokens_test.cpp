#include "auth/verified_tokens.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

constexpr Instant checked_at{1'800'000'000'000};
constexpr NumericDate later = 1'800'000'100;

class VerifiedTokensTest : public testing::Test {
 protected:
  void remember(const std::string& token, NumericDate end = later) {
    tokens_.remember(tokens_.digest_of(token),
                     {.principal = {.issuer = "", .subject = token}, .end = end});
  }

  std::string subject_of(const std::string& token, Instant at = checked_at) {
    const JudgedClaims* claims = tokens_.find(tokens_.digest_of(token), at);
    return claims == nullptr ? "" : claims->principal.subject;
  }

  VerifiedTokens tokens_;
};

// [KEY-4]
TEST_F(VerifiedTokensTest, AreRecognisedByAllOfTheirOctets) {
  remember("header.claims.signature");
  EXPECT_EQ(subject_of("header.claims.signature"), "header.claims.signature");
  for (const char* other : {"", "header.claims.signaturE", "header.claims.signature ",
                            "header.claims.signatur", "eader.claims.signature"}) {
    EXPECT_EQ(subject_of(other), "") << other;
  }
}

// [KEY-4]
TEST_F(VerifiedTokensTest, AreKeyedByAFullSha256) {
  const TokenDigest digest = tokens_.digest_of("abc");
  EXPECT_EQ(std::string(digest.begin(), digest.end()),
            std::string("\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
                        "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad",
                        32));
}

// [KEY-4]
TEST_F(VerifiedTokensTest, AreNotRecognisedFromTheirEndOn) {
  remember("token", 1'800'000'000.5);
  EXPECT_EQ(subject_of("token", Instant{1'800'000'000'499}), "token");
  EXPECT_EQ(subject_of("token", Instant{1'800'000'000'500}), "");
  EXPECT_EQ(subject_of("token", Instant{1'900'000'000'000}), "");
}

// [KEY-4]
TEST_F(VerifiedTokensTest, AreForgottenTogether) {
  remember("a");
  remember("b");
  tokens_.forget_all();
  EXPECT_EQ(subject_of("a"), "");
  EXPECT_EQ(subject_of("b"), "");
  remember("b");
  EXPECT_EQ(subject_of("b"), "b");
}

// [KEY-4]
TEST_F(VerifiedTokensTest, AreBoundedAndTheOldestMakeRoom) {
  for (std::size_t i = 0; i < limits::verified_tokens; ++i) {
    remember(std::to_string(i));
  }
  EXPECT_EQ(subject_of("0"), "0");
  remember("new");
  remember("newer");
  EXPECT_EQ(subject_of("0"), "");
  EXPECT_EQ(subject_of("1"), "");
  EXPECT_EQ(subject_of("2"), "2");
  EXPECT_EQ(subject_of("new"), "new");
  EXPECT_EQ(subject_of("newer"), "newer");
  for (std::size_t i = 0; i < limits::verified_tokens; ++i) {
    remember("again " + std::to_string(i));
  }
  EXPECT_EQ(subject_of("newer"), "");
  EXPECT_EQ(subject_of("again 0"), "again 0");
}

TEST_F(VerifiedTokensTest, MayBeRememberedTwice) {
  remember("token", 1'800'000'000);
  remember("token", later);
  EXPECT_EQ(subject_of("token"), "token");
}

}  // namespace
}  // namespace ringbook
