// Private keys for the tests of this room: made with OpenSSL, so that what signs is not what
// verifies.
#pragma once

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/algorithm.h"
#include "auth/openssl.h"
#include "auth/public_key.h"
#include "auth/test_support.h"

namespace ringbook::test {

inline std::string big_endian(const BIGNUM* number, int length) {
  std::string bytes(static_cast<std::size_t>(length), '\0');
  EXPECT_EQ(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), length), length);
  return bytes;
}

class SigningKey {
 public:
  static SigningKey rsa(unsigned bits) { return SigningKey(EVP_RSA_gen(bits)); }
  static SigningKey ec(const Curve& curve) { return SigningKey(EVP_EC_gen(curve.openssl_name)); }
  static SigningKey ed25519() { return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

  std::string number(const char* name, int length = 0) const {
    BIGNUM* number = nullptr;
    EXPECT_EQ(EVP_PKEY_get_bn_param(pkey_.get(), name, &number), 1) << name;
    const Handle<BIGNUM, BN_free> owner(number);
    return big_endian(number, length == 0 ? BN_num_bytes(number) : length);
  }

  std::string raw_public_key() const {
    std::array<unsigned char, 32> bytes{};
    std::size_t length = bytes.size();
    EXPECT_EQ(EVP_PKEY_get_raw_public_key(pkey_.get(), bytes.data(), &length), 1);
    return {reinterpret_cast<const char*>(bytes.data()), length};
  }

  // The members of its public JWK that say which key it is, without braces.
  std::string members() const {
    if (EVP_PKEY_is_a(pkey_.get(), "RSA") == 1) {
      return R"("kty":"RSA","n":")" + base64url(number(OSSL_PKEY_PARAM_RSA_N)) + R"(","e":")" +
             base64url(number(OSSL_PKEY_PARAM_RSA_E)) + "\"";
    }
    if (EVP_PKEY_is_a(pkey_.get(), "ED25519") == 1) {
      return R"("kty":"OKP","crv":"Ed25519","x":")" + base64url(raw_public_key()) + "\"";
    }
    const Curve& curve = this->curve();
    const int length = static_cast<int>(curve.field_bytes);
    return R"("kty":"EC","crv":")" + std::string(curve.name) + R"(","x":")" +
           base64url(number(OSSL_PKEY_PARAM_EC_PUB_X, length)) + R"(","y":")" +
           base64url(number(OSSL_PKEY_PARAM_EC_PUB_Y, length)) + "\"";
  }

  // Its public JWK, with further members.
  std::string jwk(std::string_view more = {}) const {
    return "{" + members() + (more.empty() ? "" : ",") + std::string(more) + "}";
  }

  const Curve& curve() const {
    for (const Curve& curve : ecdsa_curves) {
      if (static_cast<int>(curve.field_bytes) == (EVP_PKEY_get_bits(pkey_.get()) + 7) / 8) {
        return curve;
      }
    }
    ADD_FAILURE() << "no curve";
    return ecdsa_curves[0];
  }

  // As OpenSSL makes it: ECDSA in DER. The salt of a PSS signature has `salt` octets, or those of
  // the hash.
  std::string sign_der(Algorithm algorithm, std::string_view input,
                       int salt = RSA_PSS_SALTLEN_DIGEST) const {
    const std::string name(name_of(algorithm));
    const std::string hash = "SHA" + name.substr(2);
    const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* way = nullptr;
    const bool is_eddsa = algorithm == Algorithm::eddsa;
    EXPECT_EQ(EVP_DigestSignInit_ex(context.get(), &way, is_eddsa ? nullptr : hash.c_str(), nullptr,
                                    nullptr, pkey_.get(), nullptr),
              1);
    if (name.starts_with("PS")) {
      EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(way, RSA_PKCS1_PSS_PADDING), 1);
      EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(way, salt), 1);
    }
    std::string signature(1024, '\0');
    std::size_t length = signature.size();
    EXPECT_EQ(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                             &length, openssl::octets(input), input.size()),
              1);
    signature.resize(length);
    return signature;
  }

  // As JWS wants it.
  std::string sign(Algorithm algorithm, std::string_view input) const {
    const std::string der = sign_der(algorithm, input);
    if (!name_of(algorithm).starts_with("ES")) {
      return der;
    }
    const unsigned char* in = openssl::octets(der);
    const Handle<ECDSA_SIG, ECDSA_SIG_free> pair(
        d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
    const int length = static_cast<int>(curve().field_bytes);
    return big_endian(ECDSA_SIG_get0_r(pair.get()), length) +
           big_endian(ECDSA_SIG_get0_s(pair.get()), length);
  }

  std::string token(Algorithm algorithm, std::string_view header, std::string_view claims) const {
    const std::string input = base64url(header) + "." + base64url(claims);
    return input + "." + base64url(sign(algorithm, input));
  }

 private:
  explicit SigningKey(EVP_PKEY* pkey) : pkey_(pkey) { EXPECT_NE(pkey, nullptr); }
  Handle<EVP_PKEY, EVP_PKEY_free> pkey_;
};

// RSA keys are made once a process: it takes long.
inline const SigningKey& rsa_key() {
  static const SigningKey key = SigningKey::rsa(2048);
  return key;
}
inline const SigningKey& other_rsa_key() {
  static const SigningKey key = SigningKey::rsa(2048);
  return key;
}
inline const SigningKey& p256_key() {
  static const SigningKey key = SigningKey::ec(ecdsa_curves[0]);
  return key;
}
inline const SigningKey& p384_key() {
  static const SigningKey key = SigningKey::ec(ecdsa_curves[1]);
  return key;
}
inline const SigningKey& p521_key() {
  static const SigningKey key = SigningKey::ec(ecdsa_curves[2]);
  return key;
}
inline const SigningKey& ed25519_key() {
  static const SigningKey key = SigningKey::ed25519();
  return key;
}

// A key that signs with `algorithm`.
inline const SigningKey& key_for(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::es256: return p256_key();
    case Algorithm::es384: return p384_key();
    case Algorithm::es512: return p521_key();
    case Algorithm::eddsa: return ed25519_key();
    default: return rsa_key();
  }
}

inline std::vector<Algorithm> signature_algorithms() {
  std::vector<Algorithm> algorithms;
  for (const Algorithm algorithm : all_algorithms) {
    if (!mac_algorithms.contains(algorithm)) {
      algorithms.push_back(algorithm);
    }
  }
  return algorithms;
}

// The text of a JWK set.
inline std::string jwk_set(const std::vector<std::string>& jwks) {
  std::string text = R"({"keys":[)";
  for (const std::string& jwk : jwks) {
    text += (text.ends_with('[') ? "" : ",") + jwk;
  }
  return text + "]}";
}

inline std::string oct_jwk(std::string_view secret, std::string_view more = {}) {
  return R"({"kty":"oct","k":")" + base64url(secret) + "\"" + (more.empty() ? "" : ",") +
         std::string(more) + "}";
}

}  // namespace ringbook::test
