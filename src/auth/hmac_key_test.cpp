#include "auth/hmac_key.h"

#include <gtest/gtest.h>

#include <string>

#include "auth/test_support.h"

namespace ringbook {
namespace {

using test::secret_of;

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out += digits[static_cast<unsigned char>(byte) >> 4U];
    out += digits[static_cast<unsigned char>(byte) & 15U];
  }
  return out;
}

HmacKey key_of(std::string_view secret) {
  auto key = HmacKey::make(secret_of(secret), every_algorithm());
  EXPECT_TRUE(key);
  return std::move(*key);
}

// [JWS-3]
TEST(HmacKey, AgreesWithCase6OfRfc4231) {
  HmacKey key = key_of(std::string(131, '\xAA'));
  const std::string input = "Test Using Larger Than Block-Size Key - Hash Key First";
  EXPECT_EQ(hex(key.sign(Algorithm::hs256, input)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hex(key.sign(Algorithm::hs384, input)),
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
            "0c2ef6ab4030fe8296248df163f44952");
  EXPECT_EQ(hex(key.sign(Algorithm::hs512, input)),
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
            "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

TEST(HmacKey, SignsEachInputAsIfItWereTheFirst) {
  HmacKey key = key_of(test::good_secret);
  const std::string first(key.sign(Algorithm::hs256, "first"));
  const std::string second(key.sign(Algorithm::hs256, "second"));
  EXPECT_NE(first, second);
  EXPECT_EQ(key.sign(Algorithm::hs256, "first"), first);
  EXPECT_EQ(key_of(test::good_secret).sign(Algorithm::hs256, "second"), second);
}

// [JWS-3]
TEST(HmacKey, RefusesASignatureWithAnyBitChanged) {
  HmacKey key = key_of(test::good_secret);
  for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512}) {
    const std::string signature(key.sign(algorithm, "input"));
    EXPECT_TRUE(key.verifies(algorithm, "input", signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
      std::string changed = signature;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(key.verifies(algorithm, "input", changed)) << bit;
    }
  }
}

TEST(HmacKey, RefusesASignatureOfAnotherLength) {
  HmacKey key = key_of(test::good_secret);
  const std::string signature(key.sign(Algorithm::hs256, "input"));
  EXPECT_FALSE(key.verifies(Algorithm::hs256, "input", ""));
  EXPECT_FALSE(key.verifies(Algorithm::hs256, "input", signature.substr(0, 31)));
  EXPECT_FALSE(key.verifies(Algorithm::hs256, "input", signature + '\0'));
  EXPECT_FALSE(key.verifies(Algorithm::hs512, "input", signature));
}

// [JWS-4]
TEST(HmacKey, IsOnlyForAlgorithmsWhoseHashIsNoLongerThanTheSecret) {
  const std::pair<std::size_t, std::string> lengths[] = {{32, "HS256"},
                                                         {47, "HS256"},
                                                         {48, "HS256, HS384"},
                                                         {63, "HS256, HS384"},
                                                         {64, "HS256, HS384, HS512"},
                                                         {65, "HS256, HS384, HS512"}};
  for (const auto& [length, names] : lengths) {
    HmacKey key = key_of(std::string(length, 'k'));
    EXPECT_EQ(key.algorithms().text(), names);
    for (const Algorithm algorithm : all_algorithms) {
      EXPECT_EQ(key.sign(algorithm, "input").empty(), !key.algorithms().contains(algorithm));
    }
  }
}

// [JWS-4]
TEST(HmacKey, RefusesASecretThatIsTooShortForAll) {
  for (const std::size_t length : {0U, 1U, 31U}) {
    const auto key = HmacKey::make(secret_of(std::string(length, 'k')), every_algorithm());
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Errc::usage);
    EXPECT_NE(key.error().detail.find("at least 32"), std::string::npos) << key.error().detail;
  }
}

// [JWS-4]
TEST(HmacKey, CountsOnlyAllowedAlgorithms) {
  AlgorithmSet only_512;
  only_512.add(Algorithm::hs512);
  EXPECT_EQ(HmacKey::make(secret_of(std::string(63, 'k')), only_512).error().code, Errc::usage);
  const auto key = HmacKey::make(secret_of(std::string(64, 'k')), only_512);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->algorithms(), only_512);
}

// [JWS-2] [KEY-1]
TEST(HmacKey, IsForNoSignatureAlgorithm) {
  HmacKey key = key_of(test::good_secret);
  EXPECT_EQ(key.algorithms(), mac_algorithms);
  for (const Algorithm algorithm : all_algorithms) {
    if (!mac_algorithms.contains(algorithm)) {
      EXPECT_EQ(key.sign(algorithm, "input"), "");
      EXPECT_FALSE(key.verifies(algorithm, "input", ""));
      EXPECT_FALSE(key.verifies(algorithm, "input", key.sign(Algorithm::hs256, "input")));
    }
  }
  const auto made = HmacKey::make(secret_of(test::good_secret), {Algorithm::rs256});
  EXPECT_EQ(made.error().code, Errc::usage);
  EXPECT_NE(made.error().detail.find("RS256"), std::string::npos);
}

// [LOG-1]
TEST(HmacKey, ErrorsDoNotHoldTheSecret) {
  const auto key = HmacKey::make(secret_of("hunter2"), every_algorithm());
  EXPECT_EQ(key.error().detail.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace ringbook
