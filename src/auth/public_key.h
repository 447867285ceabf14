// Verifies with somebody's public key. See: RFC 7518 §3.3 to §3.5, RFC 8037 §3.1.
//
// Threads: made on any thread, then used by one at a time; every call uses the contexts.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/algorithm.h"
#include "auth/hash.h"
#include "auth/openssl.h"
#include "auth/verifying_key.h"
#include "base/error.h"

namespace ringbook {

// A curve of ECDSA, the one algorithm it is for, and the octets of a coordinate on it.
struct Curve {
  std::string_view name;  // As in a JWK.
  const char* openssl_name;
  Algorithm algorithm;
  std::size_t field_bytes;
};

inline constexpr std::array ecdsa_curves{Curve{"P-256", "prime256v1", Algorithm::es256, 32},
                                         Curve{"P-384", "secp384r1", Algorithm::es384, 48},
                                         Curve{"P-521", "secp521r1", Algorithm::es512, 66}};

class PublicKey final : public VerifyingKey {
 public:
  // A key for those of the `wanted` algorithms that its type is for; at least one is.
  // Errors: invalid (weak or malformed; the detail says how), internal (OpenSSL).
  static Result<std::shared_ptr<PublicKey>> rsa(std::string_view modulus, std::string_view exponent,
                                                AlgorithmSet wanted);
  static Result<std::shared_ptr<PublicKey>> ec(const Curve& curve, std::string_view x,
                                               std::string_view y);
  static Result<std::shared_ptr<PublicKey>> ed25519(std::string_view bytes);

  AlgorithmSet algorithms() const override { return algorithms_; }
  bool verifies(Algorithm algorithm, std::string_view input, std::string_view signature) override;

 private:
  using Pkey = Handle<EVP_PKEY, EVP_PKEY_free>;
  using Context = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
  // How one algorithm is verified, prepared once: preparing costs as much as an RSA signature.
  struct Way {
    Algorithm algorithm{};
    Hash hash;
    Context context;
  };

  explicit PublicKey(Pkey pkey) : pkey_(std::move(pkey)) {}
  static Result<std::shared_ptr<PublicKey>> make(Pkey pkey, AlgorithmSet algorithms);
  bool prepare(Algorithm algorithm);
  bool verifies_ed25519(std::string_view input, std::string_view signature);

  AlgorithmSet algorithms_;
  Pkey pkey_;
  std::vector<Way> ways_;
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> ed25519_;
};

}  // namespace ringbook
