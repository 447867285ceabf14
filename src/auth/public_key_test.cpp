#include "auth/public_key.h"

#include <gtest/gtest.h>

#include <string>

#include "auth/base64url.h"
#include "auth/test_keys.h"

namespace ringbook {
namespace {

using test::key_for;
using test::SigningKey;
using Made = Result<std::shared_ptr<PublicKey>>;

Made public_part_of(const SigningKey& key, Algorithm algorithm) {
  if (rsa_algorithms.contains(algorithm)) {
    return PublicKey::rsa(key.number(OSSL_PKEY_PARAM_RSA_N), key.number(OSSL_PKEY_PARAM_RSA_E),
                          every_algorithm());
  }
  if (algorithm == Algorithm::eddsa) {
    return PublicKey::ed25519(key.raw_public_key());
  }
  const Curve& curve = key.curve();
  const int length = static_cast<int>(curve.field_bytes);
  return PublicKey::ec(curve, key.number(OSSL_PKEY_PARAM_EC_PUB_X, length),
                       key.number(OSSL_PKEY_PARAM_EC_PUB_Y, length));
}

std::shared_ptr<PublicKey> public_key_for(Algorithm algorithm) {
  auto made = public_part_of(key_for(algorithm), algorithm);
  EXPECT_TRUE(made) << made.error().detail;
  return *made;
}

// [JWS-3]
TEST(PublicKey, VerifiesWhatItsPrivatePartSigned) {
  for (const Algorithm algorithm : test::signature_algorithms()) {
    const auto key = public_key_for(algorithm);
    for (const char* input : {"", "x", "a longer text that is signed"}) {
      const std::string signature = key_for(algorithm).sign(algorithm, input);
      EXPECT_TRUE(key->verifies(algorithm, input, signature)) << name_of(algorithm);
      EXPECT_TRUE(key->verifies(algorithm, input, signature)) << "again " << name_of(algorithm);
      EXPECT_FALSE(key->verifies(algorithm, std::string(input) + "x", signature));
    }
  }
}

// [JWS-3]
TEST(PublicKey, RefusesASignatureWithAChangedBit) {
  for (const Algorithm algorithm : test::signature_algorithms()) {
    const auto key = public_key_for(algorithm);
    const std::string signature = key_for(algorithm).sign(algorithm, "input");
    for (std::size_t bit = 0; bit < signature.size() * 8; bit += 37) {
      std::string changed = signature;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(key->verifies(algorithm, "input", changed)) << name_of(algorithm) << bit;
    }
    EXPECT_TRUE(key->verifies(algorithm, "input", signature)) << "after what was refused";
  }
}

// [JWS-3]
TEST(PublicKey, RefusesASignatureOfAnotherLength) {
  for (const Algorithm algorithm : test::signature_algorithms()) {
    const auto key = public_key_for(algorithm);
    const std::string signature = key_for(algorithm).sign(algorithm, "input");
    for (const std::string& wrong :
         {std::string(), signature.substr(1), signature.substr(0, signature.size() - 1),
          '\0' + signature, signature + '\0', signature + signature, std::string(8192, 's')}) {
      EXPECT_FALSE(key->verifies(algorithm, "input", wrong)) << name_of(algorithm);
    }
  }
}

// [JWS-2]
TEST(PublicKey, RefusesASignatureByAnyOtherAlgorithm) {
  for (const Algorithm algorithm : test::signature_algorithms()) {
    const auto key = public_key_for(algorithm);
    const std::string signature = key_for(algorithm).sign(algorithm, "input");
    for (const Algorithm other : all_algorithms) {
      EXPECT_EQ(key->verifies(other, "input", signature), other == algorithm)
          << name_of(algorithm) << " as " << name_of(other);
    }
  }
}

// [JWS-4]
TEST(PublicKey, IsForTheAlgorithmsOfItsTypeThatAreWanted) {
  const SigningKey& rsa = test::rsa_key();
  const auto key =
      PublicKey::rsa(rsa.number(OSSL_PKEY_PARAM_RSA_N), rsa.number(OSSL_PKEY_PARAM_RSA_E),
                     {Algorithm::ps256, Algorithm::rs512, Algorithm::es256, Algorithm::hs256});
  ASSERT_TRUE(key);
  EXPECT_EQ((*key)->algorithms().text(), "RS512, PS256");
  EXPECT_FALSE((*key)->verifies(Algorithm::rs256, "x", rsa.sign(Algorithm::rs256, "x")));
  EXPECT_TRUE((*key)->verifies(Algorithm::rs512, "x", rsa.sign(Algorithm::rs512, "x")));
  EXPECT_EQ(public_key_for(Algorithm::es384)->algorithms().text(), "ES384");
  EXPECT_EQ(public_key_for(Algorithm::eddsa)->algorithms().text(), "EdDSA");
}

// [JWS-3]
TEST(PublicKey, WantsEcdsaSignaturesRawNotInDer) {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::es384, Algorithm::es512}) {
    EXPECT_FALSE(public_key_for(algorithm)->verifies(
        algorithm, "input", key_for(algorithm).sign_der(algorithm, "input")));
    const std::size_t half = key_for(algorithm).curve().field_bytes;
    const std::string zero(half, '\0');
    const std::string one = zero.substr(1) + '\x01';
    const std::string most(half, '\xFF');
    for (const std::string& wrong : {zero + zero, one + zero, zero + one, most + most, one + one}) {
      EXPECT_FALSE(public_key_for(algorithm)->verifies(algorithm, "input", wrong));
    }
  }
}

// [JWS-3]
TEST(PublicKey, WantsAPssSaltAsLongAsTheHash) {
  const std::pair<Algorithm, int> lengths[] = {
      {Algorithm::ps256, 32}, {Algorithm::ps384, 48}, {Algorithm::ps512, 64}};
  for (const auto& [algorithm, length] : lengths) {
    const auto key = public_key_for(algorithm);
    for (const int salt : {0, 20, 31, 32, 33, 48, 64, 100}) {
      const std::string signature = test::rsa_key().sign_der(algorithm, "input", salt);
      EXPECT_EQ(key->verifies(algorithm, "input", signature), salt == length) << salt;
    }
  }
}

// [JWS-4]
TEST(PublicKey, RefusesPointsThatAreNotOnTheirCurve) {
  for (const Curve& curve : ecdsa_curves) {
    const SigningKey& key = key_for(curve.algorithm);
    const int length = static_cast<int>(curve.field_bytes);
    const std::string x = key.number(OSSL_PKEY_PARAM_EC_PUB_X, length);
    const std::string y = key.number(OSSL_PKEY_PARAM_EC_PUB_Y, length);
    std::string off = y;
    off.back() = static_cast<char>(off.back() ^ 1);
    const std::string zero(curve.field_bytes, '\0');
    const std::string most(curve.field_bytes, '\xFF');
    const std::pair<std::string, std::string> wrong[] = {
        {x, off}, {y, x},  {zero, zero},  {most, most},  {x, y.substr(1)},
        {"", ""}, {x, ""}, {'\0' + x, y}, {x, '\0' + y}, {x.substr(1), y}};
    for (const auto& [wrong_x, wrong_y] : wrong) {
      const auto made = PublicKey::ec(curve, wrong_x, wrong_y);
      ASSERT_FALSE(made) << curve.name;
      EXPECT_EQ(made.error().code, Errc::invalid) << made.error().detail;
    }
    EXPECT_TRUE(PublicKey::ec(curve, x, y)) << curve.name;
  }
  const auto on_another = PublicKey::ec(
      ecdsa_curves[1],
      '\0' + std::string(15, '\0') + test::p256_key().number(OSSL_PKEY_PARAM_EC_PUB_X, 32),
      std::string(16, '\0') + test::p256_key().number(OSSL_PKEY_PARAM_EC_PUB_Y, 32));
  EXPECT_FALSE(on_another);
}

// [JWS-4]
TEST(PublicKey, RefusesWeakNumbersAndPoints) {
  const auto small = PublicKey::rsa(SigningKey::rsa(1024).number(OSSL_PKEY_PARAM_RSA_N),
                                    std::string("\x01\x00\x01", 3), every_algorithm());
  EXPECT_EQ(small.error().code, Errc::invalid);
  EXPECT_EQ(PublicKey::ed25519(std::string(32, '\0')).error().code, Errc::invalid);
}

TEST(PublicKey, LeavesNoErrorsBehindForOthersToFind) {
  ERR_clear_error();
  const auto key = public_key_for(Algorithm::es256);
  EXPECT_FALSE(key->verifies(Algorithm::es256, "input", std::string(64, '\xFF')));
  EXPECT_FALSE(
      public_key_for(Algorithm::rs256)->verifies(Algorithm::rs256, "", std::string(256, 's')));
  EXPECT_FALSE(PublicKey::ec(ecdsa_curves[0], std::string(32, '\xFF'), std::string(32, '\xFF')));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

// [JWS-3]
TEST(PublicKey, AgreesWithRfc7515AppendixA4) {
  const auto decoded = [](std::string_view text) {
    std::string bytes;
    EXPECT_TRUE(decode_base64url(text, bytes));
    return bytes;
  };
  const auto key = PublicKey::ec(
      ecdsa_curves[2],
      decoded("AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceq"
              "wQGk"),
      decoded("ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3k"
              "yMj2"));
  ASSERT_TRUE(key) << key.error().detail;
  EXPECT_TRUE((*key)->verifies(
      Algorithm::es512, "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
      decoded("AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_"
              "7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXo"
              "lLzeO_Jn")));
}

}  // namespace
}  // namespace ringbook
