// From a JSON Web Key to a key that verifies. See: RFC 7517 §4, RFC 7518 §6, RFC 8037 §2.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "auth/algorithm.h"
#include "auth/key_set.h"
#include "base/json.h"

namespace ringbook {

struct ReadKey {
  Key key;
  // The same for two keys exactly when their numbers are; tells nothing of a secret.
  std::string thumbprint;
  // What is written otherwise than the RFCs say, and can be meant in one way only.
  std::vector<std::string> oddities;
};

// A key that is weak, malformed, or contradicts itself.
struct UnfitKey {
  std::string why;
  // Those of the `allowed` algorithms that it would be for, as far as it tells.
  AlgorithmSet algorithms;
};

// The key; nothing when it is meant for something else than verifying tokens with one of the
// `allowed` algorithms. Members that only a signer needs are not looked at. Harmless are: null for
// a member that is left out, base64 with padding or in the alphabet that is not for URLs, and zero
// octets at the front of a number that are too many or too few.
std::expected<std::optional<ReadKey>, UnfitKey> read_jwk(const JsonDocument::Value& jwk,
                                                         AlgorithmSet allowed);

}  // namespace ringbook
