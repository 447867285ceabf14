// Signs and verifies with one secret. See: RFC 7518 §3.2.
//
// Threads: one at a time; every call uses the contexts.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "auth/algorithm.h"
#include "auth/openssl.h"
#include "auth/secret.h"
#include "auth/verifying_key.h"
#include "base/error.h"

namespace ringbook {

class HmacKey final : public VerifyingKey {
 public:
  // A key for those of the `allowed` algorithms whose hash is no longer than the secret.
  // Errors: usage (none of them is a MAC, or the secret is too short for each), internal (OpenSSL).
  static Result<HmacKey> make(const Secret& secret, AlgorithmSet allowed);

  AlgorithmSet algorithms() const override { return algorithms_; }

  // Empty when the key is not for `algorithm` or OpenSSL fails. Lifetime: until the next call.
  // Cost: no allocation, and the secret is hashed only once in the key's life.
  std::string_view sign(Algorithm algorithm, std::string_view input);

  // Compares in constant time.
  bool verifies(Algorithm algorithm, std::string_view input, std::string_view signature) override;

 private:
  using Context = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
  static constexpr std::size_t longest_mac = 64;

  HmacKey() = default;
  static Context keyed_context(const char* hash, const Secret& secret);

  AlgorithmSet algorithms_;
  // By algorithm; the MACs are the first of them.
  std::array<Context, std::to_underlying(Algorithm::hs512) + 1> contexts_;
  std::array<unsigned char, longest_mac> mac_{};
};

}  // namespace ringbook
