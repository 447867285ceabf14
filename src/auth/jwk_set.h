// From the text of a JWK set to the keys in it that verify tokens. See: RFC 7517 §5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/algorithm.h"
#include "auth/key_set.h"
#include "auth/key_warning.h"
#include "base/error.h"

namespace ringbook {

struct JwkSet {
  KeySet keys;  // Never empty.
  // Whether the keys are secrets; then none of them is a public key.
  bool holds_secrets = false;
  // The keys that were left out because they are weak, malformed or cannot be told apart, and those
  // that are odd; why, in their order.
  std::vector<KeyWarning> warnings;
  std::string text;  // What was parsed; "" when it holds secrets.
};

// The keys for the `allowed` algorithms. Keys for other purposes are passed over without a word.
// Keys that share a `kid` are all used where no algorithm has two of them; else those are left out
// (RFC 7517 §4.5). The same key given again counts once.
// Errors: invalid (no strict JSON, no set, more than limits::key_set_bytes or
// limits::keys_per_set, secrets beside public keys, or no usable key; the detail says which and
// repeats the warnings). No text holds anything of a key but its `kid`.
Result<JwkSet> parse_jwk_set(std::string_view text, AlgorithmSet allowed);

}  // namespace ringbook
