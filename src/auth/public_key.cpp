#include "auth/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "auth/key_strength.h"

namespace ringbook {
namespace {

using openssl::octets;
using Number = Handle<BIGNUM, BN_free>;
using ParameterBuilder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;

// An ECDSA signature in DER: two numbers of at most 66 octets with their signs and headers.
constexpr std::size_t longest_der = 2 * (66 + 3) + 3;

bool is_pss(Algorithm algorithm) {
  return AlgorithmSet{Algorithm::ps256, Algorithm::ps384, Algorithm::ps512}.contains(algorithm);
}

const Curve* curve_of(Algorithm algorithm) {
  const auto* found = std::ranges::find(ecdsa_curves, algorithm, &Curve::algorithm);
  return found == ecdsa_curves.end() ? nullptr : found;
}

// RSASSA-PSS with a salt as long as the hash, and MGF1 with the same hash.
bool set_padding(EVP_PKEY_CTX* context, Algorithm algorithm, const EVP_MD* hash) {
  if (!is_pss(algorithm)) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  }
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1;
}

Handle<EVP_PKEY, EVP_PKEY_free> pkey_from(const char* type, OSSL_PARAM_BLD* builder) {
  const Handle<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* pkey = nullptr;
  if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &pkey, EVP_PKEY_PUBLIC_KEY, parameters.get());
  }
  return Handle<EVP_PKEY, EVP_PKEY_free>(pkey);
}

// JWS has r and s one after the other, OpenSSL wants them as DER; the length, or 0 when it fails.
std::size_t write_der(std::string_view signature, std::array<unsigned char, longest_der>& der) {
  const std::size_t half = signature.size() / 2;
  const auto number_of = [](std::string_view bytes) {
    return Number(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
  };
  Number r = number_of(signature.substr(0, half));
  Number s = number_of(signature.substr(half));
  const Handle<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
    return 0;
  }
  // Both belong to the pair now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* out = der.data();
  const int length = i2d_ECDSA_SIG(pair.get(), &out);
  return length > 0 ? static_cast<std::size_t>(length) : 0;
}

}  // namespace

Result<std::shared_ptr<PublicKey>> PublicKey::rsa(std::string_view modulus,
                                                  std::string_view exponent, AlgorithmSet wanted) {
  const openssl::QuietErrors quiet;
  if (auto fault = fault_of_rsa(modulus, exponent)) {
    return fail(Errc::invalid, *std::move(fault));
  }
  const Number n(BN_bin2bn(octets(modulus), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(octets(exponent), static_cast<int>(exponent.size()), nullptr));
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return fail(Errc::internal, "OpenSSL takes no RSA key");
  }
  return make(pkey_from("RSA", builder.get()), wanted & rsa_algorithms);
}

Result<std::shared_ptr<PublicKey>> PublicKey::ec(const Curve& curve, std::string_view x,
                                                 std::string_view y) {
  const openssl::QuietErrors quiet;
  if (x.size() != curve.field_bytes || y.size() != curve.field_bytes) {
    return fail(Errc::invalid, "a coordinate on " + std::string(curve.name) + " has " +
                                   std::to_string(curve.field_bytes) + " bytes");
  }
  // OpenSSL refuses an uncompressed point that is not on the curve; the curves have no others.
  const std::string point = '\x04' + std::string(x) + std::string(y);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl_name,
                                      0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return fail(Errc::internal, "OpenSSL takes no EC key");
  }
  Pkey pkey = pkey_from("EC", builder.get());
  if (!pkey) {
    return fail(Errc::invalid, "the point is not on " + std::string(curve.name));
  }
  return make(std::move(pkey), AlgorithmSet{curve.algorithm});
}

Result<std::shared_ptr<PublicKey>> PublicKey::ed25519(std::string_view bytes) {
  const openssl::QuietErrors quiet;
  if (auto fault = fault_of_ed25519(bytes)) {
    return fail(Errc::invalid, *std::move(fault));
  }
  return make(Pkey(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, octets(bytes),
                                                  bytes.size())),
              AlgorithmSet{Algorithm::eddsa});
}

Result<std::shared_ptr<PublicKey>> PublicKey::make(Pkey pkey, AlgorithmSet algorithms) {
  std::shared_ptr<PublicKey> key(new PublicKey(std::move(pkey)));
  for (const Algorithm algorithm : all_algorithms) {
    if (algorithms.contains(algorithm) && (!key->pkey_ || !key->prepare(algorithm))) {
      return fail(Errc::internal, "OpenSSL takes no key for " + std::string(name_of(algorithm)));
    }
  }
  key->algorithms_ = algorithms;
  return key;
}

bool PublicKey::prepare(Algorithm algorithm) {
  if (algorithm == Algorithm::eddsa) {
    ed25519_.reset(EVP_MD_CTX_new());
    return ed25519_ != nullptr;
  }
  auto hash = Hash::make(hash_of(algorithm));
  Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey_.get(), nullptr));
  if (!hash || !context || EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), hash->function()) != 1) {
    return false;
  }
  if (rsa_algorithms.contains(algorithm) &&
      !set_padding(context.get(), algorithm, hash->function())) {
    return false;
  }
  ways_.push_back({algorithm, *std::move(hash), std::move(context)});
  return true;
}

bool PublicKey::verifies(Algorithm algorithm, std::string_view input, std::string_view signature) {
  const openssl::QuietErrors quiet;
  if (algorithm == Algorithm::eddsa) {
    return verifies_ed25519(input, signature);
  }
  const auto way = std::ranges::find(ways_, algorithm, &Way::algorithm);
  if (way == ways_.end()) {
    return false;
  }
  std::array<unsigned char, longest_der> der;
  if (const Curve* curve = curve_of(algorithm)) {
    if (signature.size() != 2 * curve->field_bytes) {
      return false;
    }
    signature = {reinterpret_cast<const char*>(der.data()), write_der(signature, der)};
  }
  const std::string_view digest = way->hash.of(input);
  return EVP_PKEY_verify(way->context.get(), octets(signature), signature.size(), octets(digest),
                         digest.size()) == 1;
}

bool PublicKey::verifies_ed25519(std::string_view input, std::string_view signature) {
  return ed25519_ &&
         EVP_DigestVerifyInit_ex(ed25519_.get(), nullptr, nullptr, nullptr, nullptr, pkey_.get(),
                                 nullptr) == 1 &&
         EVP_DigestVerify(ed25519_.get(), octets(signature), signature.size(), octets(input),
                          input.size()) == 1;
}

}  // namespace ringbook
