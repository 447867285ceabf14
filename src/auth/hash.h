// One hash function, ready to be used again and again.
//
// Threads: one at a time; every call uses the context.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "auth/algorithm.h"
#include "auth/openssl.h"

namespace ringbook {

// What OpenSSL calls the hash of an algorithm: "SHA256"; "" for one that hashes by itself.
const char* hash_of(Algorithm algorithm);

class Hash {
 public:
  // Nothing when OpenSSL does not have it. `name` is OpenSSL's.
  static std::optional<Hash> make(const char* name);

  // Empty when OpenSSL fails. Lifetime: until the next call. Cost: no allocation; looking the
  // function up anew for every call would take longer than hashing a token.
  std::string_view of(std::string_view bytes);

  const EVP_MD* function() const { return function_.get(); }

 private:
  Hash() = default;

  Handle<EVP_MD, EVP_MD_free> function_;
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> context_;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest_{};
};

}  // namespace ringbook
