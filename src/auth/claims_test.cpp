#include "auth/claims.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

constexpr std::int64_t now_seconds = 1'800'000'000;
constexpr Instant now{now_seconds * 1000};

std::expected<Principal, RefusalReason> judge(std::string_view payload,
                                              const TokenRules& rules = {}, Instant at = now) {
  auto claims = ClaimsJudge(rules).judge(payload, at);
  if (!claims) {
    return std::unexpected(claims.error().reason);
  }
  return std::move(claims->principal);
}

// Claims that are good but for what the members make of them.
std::string claims_with(std::string_view members) {
  return R"({"exp":1800000100,"sub":"ada",)" + std::string(members) + "}";
}

std::optional<RefusalReason> refusal_of(std::string_view payload, const TokenRules& rules = {},
                                        Instant at = now) {
  const auto principal = judge(payload, rules, at);
  return principal ? std::nullopt : std::optional(principal.error());
}

std::optional<RefusalReason> refusal_with(std::string_view members, const TokenRules& rules = {}) {
  return refusal_of(claims_with(members), rules);
}

// [KEY-4]
TEST(Claims, EndWithTheExpiryAndTheSkew) {
  const auto claims = ClaimsJudge({}).judge(R"({"exp":1800000100.5,"sub":"ada"})", now);
  ASSERT_TRUE(claims);
  EXPECT_TRUE(hold(*claims, Instant{1'800'000'130'499}));
  EXPECT_FALSE(hold(*claims, Instant{1'800'000'130'500}));
}

// [JWT-3]
TEST(Claims, NameThePrincipalByIssuerAndSubject) {
  const auto principal = judge(claims_with(R"("iss":"https://id.example","role":"admin")"));
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->issuer, "https://id.example");
  EXPECT_EQ(principal->subject, "ada");
  EXPECT_TRUE(principal->has_administrator_claim);
}

// [JWT-3]
TEST(Claims, NeedNoIssuerUnlessOneIsConfigured) {
  const auto principal = judge(R"({"exp":1800000100,"sub":"ada"})");
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->issuer, "");
  EXPECT_FALSE(principal->has_administrator_claim);
}

// [JWT-1]
TEST(Claims, AreAStrictObject) {
  for (const char* payload :
       {"", "null", "[]", "\"x\"", "{", R"({"exp":1800000100,"sub":"ada"}x)",
        R"({"exp":1800000100,"sub":"ada",})", "\xEF\xBB\xBF{\"exp\":1800000100,\"sub\":\"ada\"}",
        R"({"exp":1800000100,"sub":"\udc00"})", "{\"exp\":1800000100,\"sub\":\"\xC3\"}",
        R"({"exp":NaN,"sub":"ada"})", R"({"exp":Infinity,"sub":"ada"})",
        R"({"exp":01800000100,"sub":"ada"})", R"({"exp":+1800000100,"sub":"ada"})",
        R"({"exp":0x6b49d264,"sub":"ada"})", R"({"exp":1800000100.,"sub":"ada"})"}) {
    EXPECT_EQ(refusal_of(payload), RefusalReason::bad_claims) << payload;
  }
}

// [JWT-1]
TEST(Claims, RefuseRepeatedNamesAtAnyDepth) {
  for (const char* members :
       {R"("exp":1800000100)", R"("\u0065xp":1900000000)", R"("sub":"ada")", R"("s\u0075b":"eve")",
        R"("x":1,"x":1)", R"("x":{"y":1,"y":1})", R"("x":[{"y":{"z":1,"\u007a":2}}])"}) {
    EXPECT_EQ(refusal_with(members), RefusalReason::bad_claims) << members;
  }
}

// [JWT-1]
TEST(Claims, NeedAnExpiry) {
  EXPECT_EQ(refusal_of(R"({"sub":"ada","role":"admin"})"), RefusalReason::bad_claims);
}

// [JWT-1]
TEST(Claims, RefuseDatesThatAreNoNumbers) {
  for (const char* date : {"null", R"("1800000100")", "true", "[]", "[1800000100]", "{}"}) {
    const std::string text = date;
    EXPECT_EQ(refusal_of(R"({"sub":"ada","exp":)" + text + "}"), RefusalReason::bad_claims) << date;
    EXPECT_EQ(refusal_with(R"("nbf":)" + text), RefusalReason::bad_claims) << date;
    EXPECT_EQ(refusal_with(R"("iat":)" + text), RefusalReason::bad_claims) << date;
  }
}

// [JWT-1]
TEST(Claims, RefuseDatesBeyondTwoToTheFiftyThree) {
  for (const char* date : {"9007199254740994", "-9007199254740994", "1e16", "1e400", "-1e400",
                           "18446744073709551616", "1e308"}) {
    const std::string text = date;
    EXPECT_EQ(refusal_of(R"({"sub":"ada","exp":)" + text + "}"), RefusalReason::bad_claims) << date;
    EXPECT_EQ(refusal_with(R"("nbf":)" + text), RefusalReason::bad_claims) << date;
    EXPECT_EQ(refusal_with(R"("iat":)" + text), RefusalReason::bad_claims) << date;
  }
  EXPECT_EQ(refusal_of(R"({"sub":"ada","exp":9007199254740992})"), std::nullopt);
  EXPECT_EQ(refusal_of(R"({"sub":"ada","exp":9.007199254740992e15})"), std::nullopt);
  EXPECT_EQ(refusal_with(R"("nbf":-9007199254740992,"iat":-9007199254740992)"), std::nullopt);
}

// [JWT-1]
TEST(Claims, ExpireThirtySecondsLate) {
  const auto expired = std::optional(RefusalReason::expired);
  const std::pair<std::string, std::optional<RefusalReason>> dates[] = {
      {"1799999970", expired},
      {"1799999970.0", expired},
      {"1799999969.999", expired},
      {"1799999970.001", std::nullopt},
      {"1799999971", std::nullopt},
      {"1.79999997e9", expired},
      {"1.799999971e9", std::nullopt},
      {"0", expired},
      {"-1", expired},
      {"-0.0", expired},
      {"1800000000", std::nullopt}};
  for (const auto& [date, reason] : dates) {
    EXPECT_EQ(refusal_of(R"({"sub":"ada","exp":)" + date + "}"), reason) << date;
  }
}

// [JWT-1]
TEST(Claims, ExpireByTheMillisecond) {
  const std::string payload = R"({"sub":"ada","exp":1800000000.5})";
  EXPECT_EQ(refusal_of(payload, {}, Instant{now.ms + 30'499}), std::nullopt);
  EXPECT_EQ(refusal_of(payload, {}, Instant{now.ms + 30'500}), RefusalReason::expired);
}

// [JWT-1]
TEST(Claims, BeginThirtySecondsEarly) {
  const auto early = std::optional(RefusalReason::not_yet_valid);
  const std::pair<std::string, std::optional<RefusalReason>> dates[] = {
      {"1800000030", std::nullopt},
      {"1800000030.0", std::nullopt},
      {"1800000029.999", std::nullopt},
      {"1800000030.001", early},
      {"1800000031", early},
      {"0", std::nullopt}};
  for (const auto& [date, reason] : dates) {
    EXPECT_EQ(refusal_with(R"("nbf":)" + date), reason) << date;
  }
}

// [JWT-1]
TEST(Claims, AreNotIssuedMoreThanThirtySecondsAhead) {
  const auto ahead = std::optional(RefusalReason::issued_in_future);
  const std::pair<std::string, std::optional<RefusalReason>> dates[] = {
      {"1800000030", std::nullopt},
      {"1800000030.0", std::nullopt},
      {"1800000029.999", std::nullopt},
      {"1800000030.001", ahead},
      {"1800000031", ahead},
      {"0", std::nullopt}};
  for (const auto& [date, reason] : dates) {
    EXPECT_EQ(refusal_with(R"("iat":)" + date), reason) << date;
  }
}

// [JWT-1]
TEST(Claims, HaveTheConfiguredIssuer) {
  TokenRules rules;
  rules.issuer = "https://id.example";
  EXPECT_EQ(refusal_with(R"("iss":"https://id.example")", rules), std::nullopt);
  for (const char* iss : {R"("https://id.example/")", R"("https://ID.example")", R"("")",
                          R"("https://id.exampl")", R"("https://id.example\u0020")"}) {
    EXPECT_EQ(refusal_with(R"("iss":)" + std::string(iss), rules), RefusalReason::wrong_issuer)
        << iss;
  }
  EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":"ada"})", rules), RefusalReason::wrong_issuer);
  EXPECT_EQ(refusal_with(R"("iss":["https://id.example"])", rules), RefusalReason::bad_claims);
}

// [JWT-3]
TEST(Claims, RefuseAnIssuerThatNoJournalCouldName) {
  for (const char* iss : {"null", "1", "{}", R"(["x"])", R"("a\nb")", R"("a\u0000b")"}) {
    EXPECT_EQ(refusal_with(R"("iss":)" + std::string(iss)), RefusalReason::bad_claims) << iss;
  }
  EXPECT_EQ(refusal_with(R"("iss":")" + std::string(255, 'i') + "\""), std::nullopt);
  EXPECT_EQ(refusal_with(R"("iss":")" + std::string(256, 'i') + "\""), RefusalReason::bad_claims);
}

// [JWT-1]
TEST(Claims, AreForTheConfiguredAudience) {
  TokenRules rules;
  rules.audience = "ringbook";
  for (const char* aud :
       {R"("ringbook")", R"(["ringbook"])", R"(["other","ringbook"])", R"("ring\u0062ook")"}) {
    EXPECT_EQ(refusal_with(R"("aud":)" + std::string(aud), rules), std::nullopt) << aud;
  }
  for (const char* aud :
       {R"("")", R"("other")", R"("Ringbook")", R"("ringbook ")", R"("ringbook,other")", "[]",
        R"(["other"])", R"([["ringbook"]])", "null", "1", "true", R"({"ringbook":1})",
        R"([{"aud":"ringbook"}])", R"([null])"}) {
    EXPECT_EQ(refusal_with(R"("aud":)" + std::string(aud), rules), RefusalReason::wrong_audience)
        << aud;
  }
  EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":"ada"})", rules), RefusalReason::wrong_audience);
}

// [JWT-1]
TEST(Claims, MayBeForAnyAudienceWhenNoneIsConfigured) {
  for (const char* aud : {R"("other")", R"(["a","b"])", "[]"}) {
    EXPECT_EQ(refusal_with(R"("aud":)" + std::string(aud)), std::nullopt) << aud;
  }
}

TokenRules for_audience_in(std::vector<std::string> claims) {
  TokenRules rules;
  rules.audience = "ringbook";
  rules.audience_claims = std::move(claims);
  return rules;
}

// [JWT-1]
TEST(Claims, TellTheAudienceInTheFirstConfiguredClaimThatTheyHave) {
  const TokenRules rules = for_audience_in({"aud", "client_id"});
  for (const char* members : {R"("client_id":"ringbook")", R"("client_id":["x","ringbook"])",
                              R"("aud":"ringbook","client_id":"other")", R"("aud":["ringbook"])"}) {
    EXPECT_EQ(refusal_with(members, rules), std::nullopt) << members;
  }
  for (const char* members :
       {R"("client_id":"other")", R"("aud":"other","client_id":"ringbook")",
        R"("aud":[],"client_id":"ringbook")", R"("aud":null,"client_id":"ringbook")",
        R"("azp":"ringbook")", R"("x":{"client_id":"ringbook"})"}) {
    EXPECT_EQ(refusal_with(members, rules), RefusalReason::wrong_audience) << members;
  }
  EXPECT_EQ(refusal_with(R"("aud":"ringbook")", for_audience_in({"client_id"})),
            RefusalReason::wrong_audience);
}

std::pair<std::string, std::string> wanted_and_given(std::string_view members,
                                                     const TokenRules& rules) {
  const auto claims = ClaimsJudge(rules).judge(claims_with(members), now);
  EXPECT_FALSE(claims) << members;
  return claims ? std::pair<std::string, std::string>()
                : std::pair(claims.error().wanted, claims.error().given);
}

// [LOG-4]
TEST(Claims, ThatDoNotAgreeWithTheRulesTellBothValues) {
  using Both = std::pair<std::string, std::string>;
  TokenRules issuer;
  issuer.issuer = "https://id.example";
  EXPECT_EQ(wanted_and_given(R"("iss":"https://id.example/")", issuer),
            Both("https://id.example", "https://id.example/"));
  EXPECT_EQ(wanted_and_given(R"("x":1)", issuer), Both("https://id.example", "none"));
  const TokenRules audience = for_audience_in({"aud"});
  EXPECT_EQ(wanted_and_given(R"("aud":["a","b"])", audience), Both("ringbook", "a, b"));
  EXPECT_EQ(wanted_and_given(R"("aud":7)", audience), Both("ringbook", "(no text)"));
  EXPECT_LE(wanted_and_given(R"("aud":")" + std::string(9000, 'x') + "\"", audience).second.size(),
            256U);
}

// [JWT-2]
TEST(Claims, WithoutSubjectAreRefusedWithAndWithoutTheRight) {
  EXPECT_EQ(refusal_of(R"({"exp":1800000100})"), RefusalReason::bad_subject);
  EXPECT_EQ(refusal_of(R"({"exp":1800000100,"role":"admin"})"), RefusalReason::bad_subject);
}

// [JWT-3]
TEST(Claims, RefuseASubjectThatIsNoString) {
  for (const char* sub : {"null", "1", "true", "[]", R"(["ada"])", R"({"$oid":"64b7"})", R"("")"}) {
    EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":)" + std::string(sub) + "}"),
              RefusalReason::bad_subject)
        << sub;
  }
}

// [JWT-3]
TEST(Claims, HaveSubjectsOfUpTo255CodePoints) {
  for (const char* letter : {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x93\x9E"}) {
    std::string subject;
    for (std::size_t i = 0; i < 255; ++i) {
      subject += letter;
    }
    const auto principal = judge(R"({"exp":1800000100,"sub":")" + subject + R"("})");
    ASSERT_TRUE(principal) << letter;
    EXPECT_EQ(principal->subject, subject);
    EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":")" + subject + letter + R"("})"),
              RefusalReason::bad_subject)
        << letter;
  }
  EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":"a"})"), std::nullopt);
}

// [JWT-3]
TEST(Claims, RefuseControlCharactersInTheSubject) {
  for (const char* escape :
       {"\\u0000", "\\n", "\\t", "\\u001f", "\\u007f", "\\u0080", "\\u0085", "\\u009f"}) {
    EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":"a)" + std::string(escape) + R"(b"})"),
              RefusalReason::bad_subject)
        << escape;
  }
  EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":"a b\u00a0c"})"), std::nullopt);
}

// [JWT-3]
TEST(Claims, TakeTheSubjectFromTheConfiguredClaim) {
  for (const char* name : {"id", "_id", "https://example.com/id"}) {
    TokenRules rules;
    rules.subject_claim = name;
    const auto principal = judge(R"({"exp":1800000100,"sub":"ada","email":"a@example.com",")" +
                                     std::string(name) + R"(":"64b7f1a2e4b0a5d3f9c12345"})",
                                 rules);
    ASSERT_TRUE(principal) << name;
    EXPECT_EQ(principal->subject, "64b7f1a2e4b0a5d3f9c12345");
    EXPECT_EQ(refusal_of(R"({"exp":1800000100,"sub":"ada"})", rules), RefusalReason::bad_subject);
  }
}

// [JWT-3]
TEST(Claims, NeverTakeAnEmailForASubject) {
  EXPECT_EQ(refusal_of(R"({"exp":1800000100,"email":"ada@example.com","role":"admin"})"),
            RefusalReason::bad_subject);
}

TEST(Claims, KeepNothingOfTheTokenBefore) {
  ClaimsJudge judge_of_many((TokenRules()));
  ASSERT_TRUE(judge_of_many.judge(claims_with(R"("iss":"a","role":"admin")"), now));
  const auto claims = judge_of_many.judge(R"({"exp":1800000100,"sub":"eve"})", now);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->principal.issuer, "");
  EXPECT_EQ(claims->principal.subject, "eve");
  EXPECT_FALSE(claims->principal.has_administrator_claim);
}

}  // namespace
}  // namespace ringbook
