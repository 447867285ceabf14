#include "auth/discovery.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace ringbook {
namespace {

Url issuer(std::string_view text) {
  return parse_issuer(text).value();
}

std::string document(std::string_view issuer, std::string_view jwks_uri) {
  return R"({"issuer":")" + std::string(issuer) + R"(","jwks_uri":")" + std::string(jwks_uri) +
         R"(","response_types_supported":["code"]})";
}

std::string place_of_keys(std::string_view text, std::string_view configured) {
  const auto url = read_discovery(text, issuer(configured));
  if (!url) {
    EXPECT_EQ(url.error().code, Errc::invalid);
    return "refused";
  }
  return url->text;
}

// [KEY-2]
TEST(Discovery, LiesUnderTheIssuerWithoutASecondSlash) {
  EXPECT_EQ(discovery_document_of(issuer("https://id.example.com")).text,
            "https://id.example.com/.well-known/openid-configuration");
  EXPECT_EQ(discovery_document_of(issuer("https://id.example.com/")).text,
            "https://id.example.com/.well-known/openid-configuration");
  EXPECT_EQ(discovery_document_of(issuer("https://id.example.com/realms/one")).text,
            "https://id.example.com/realms/one/.well-known/openid-configuration");
}

// [KEY-2]
TEST(Discovery, TellsWhereTheKeysAre) {
  EXPECT_EQ(place_of_keys(document("https://id.example.com", "https://keys.example.net/v1"),
                          "https://id.example.com"),
            "https://keys.example.net/v1");
}

// [KEY-2]
TEST(Discovery, IsRefusedForAnyOtherIssuer) {
  for (const char* other :
       {"https://id.example.com/", "https://ID.example.com", "http://id.example.com",
        "https://id.example.com:443", "https://evil.example.com", ""}) {
    EXPECT_EQ(
        place_of_keys(document(other, "https://id.example.com/keys"), "https://id.example.com"),
        "refused")
        << other;
  }
  EXPECT_EQ(
      place_of_keys(R"({"jwks_uri":"https://id.example.com/keys"})", "https://id.example.com"),
      "refused");
  EXPECT_EQ(place_of_keys(R"({"issuer":["https://id.example.com"],"jwks_uri":"https://a/"})",
                          "https://id.example.com"),
            "refused");
}

// [LOG-4]
TEST(Discovery, ThatIsAnotherIssuersTellsBoth) {
  const auto reason = [](std::string_view text) {
    return read_discovery(text, issuer("https://id.example.com/app")).error().detail;
  };
  EXPECT_EQ(reason(document("https://id.example.com/app/", "https://id.example.com/keys")),
            "the discovery document is refused: its issuer is \"https://id.example.com/app/\", not "
            "exactly \"https://id.example.com/app\"");
  EXPECT_EQ(reason("{}"), "the discovery document is refused: it names no issuer");
  EXPECT_EQ(reason("<html>"),
            "the discovery document is refused: it is no JSON: a character that "
            "cannot stand there at offset 0");
  EXPECT_LT(reason(document(std::string(100'000, 'x'), "")).size(), 3000U);
}

// [KEY-2]
TEST(Discovery, SendsToPlainHttpOnlyOnTheIssuersOwnLoopbackHostAndPort) {
  const std::string_view here = "http://127.0.0.1:8080";
  EXPECT_EQ(place_of_keys(document(here, "http://127.0.0.1:8080/keys"), here),
            "http://127.0.0.1:8080/keys");
  for (const char* elsewhere :
       {"http://127.0.0.1:8081/keys", "http://127.0.0.2:8080/keys", "http://localhost:8080/keys",
        "http://127.0.0.1/keys", "http://example.com/keys", "file:///etc/passwd", "", "/keys"}) {
    EXPECT_EQ(place_of_keys(document(here, elsewhere), here), "refused") << elsewhere;
  }
  EXPECT_EQ(place_of_keys(document("https://id.example.com", "http://127.0.0.1/keys"),
                          "https://id.example.com"),
            "refused");
}

// [KEY-2]
TEST(Discovery, IsAStrictJsonObject) {
  const std::string_view own = "https://id.example.com";
  const std::string good = document(own, "https://id.example.com/keys");
  ASSERT_NE(place_of_keys(good, own), "refused");
  EXPECT_EQ(place_of_keys("", own), "refused");
  EXPECT_EQ(place_of_keys("<html>", own), "refused");
  EXPECT_EQ(place_of_keys("[" + good + "]", own), "refused");
  EXPECT_EQ(place_of_keys(good + "x", own), "refused");
  EXPECT_EQ(place_of_keys(R"({"issuer":"https://id.example.com","jwks_uri":"https://a/",)"
                          R"("jwks_uri":"https://b/"})",
                          own),
            "refused");
  EXPECT_EQ(place_of_keys(good + std::string(limits::key_set_bytes, ' '), own), "refused");
}

}  // namespace
}  // namespace ringbook
