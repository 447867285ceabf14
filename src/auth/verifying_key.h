// Something that tells whether a signature is genuine: a shared secret or somebody's public key.
#pragma once

#include <string_view>

#include "auth/algorithm.h"

namespace ringbook {

// Threads: one at a time. A secret is used on the loop, a public key on the verifier's thread.
class VerifyingKey {
 public:
  virtual ~VerifyingKey() = default;

  // What this key is for; never empty.
  virtual AlgorithmSet algorithms() const = 0;

  // Whether `signature` is the one of `input`; never for an algorithm that the key is not for.
  virtual bool verifies(Algorithm algorithm, std::string_view input,
                        std::string_view signature) = 0;
};

}  // namespace ringbook
