// What the tests of this room share: tokens signed by hand, so that a fault in one part is not
// hidden by another.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/base64url.h"
#include "auth/hmac_key.h"
#include "auth/secret.h"
#include "auth/token_rules.h"

namespace ringbook::test {

// 64 bytes: enough for every algorithm.
inline constexpr std::string_view good_secret =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

inline Secret secret_of(std::string_view bytes) {
  return Secret(std::vector<char>(bytes.begin(), bytes.end()));
}

inline TokenRules rules_allowing(std::vector<std::string> algorithms) {
  TokenRules rules;
  rules.algorithms = std::move(algorithms);
  return rules;
}

// Of an administrator, as a token for the audience "ringbook" has them.
inline constexpr std::string_view claims_for_ringbook =
    R"({"exp":1800000100,"sub":"ada","role":"admin","aud":"ringbook"})";

inline TokenRules rules_for_ringbook() {
  TokenRules rules;
  rules.audience = "ringbook";
  return rules;
}

// A header with that algorithm and, behind it, `more` members.
inline std::string header_of(Algorithm algorithm, std::string_view more = {}) {
  return R"({"alg":")" + std::string(name_of(algorithm)) + "\"" + std::string(more) + "}";
}

inline std::string base64url(std::string_view bytes) {
  std::string out;
  append_base64url(out, bytes);
  return out;
}

// `signing_input` and its signature.
inline std::string with_signature(std::string_view signing_input,
                                  Algorithm algorithm = Algorithm::hs256,
                                  std::string_view secret = good_secret) {
  auto key = HmacKey::make(secret_of(secret), every_algorithm());
  EXPECT_TRUE(key.has_value());
  return std::string(signing_input) + "." + base64url(key->sign(algorithm, signing_input));
}

inline std::string token_of(std::string_view header, std::string_view claims,
                            Algorithm algorithm = Algorithm::hs256,
                            std::string_view secret = good_secret) {
  return with_signature(base64url(header) + "." + base64url(claims), algorithm, secret);
}

}  // namespace ringbook::test
