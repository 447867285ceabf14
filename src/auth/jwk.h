// From a JSON Web Key to a key that verifies. See: RFC 7517 §4, RFC 7518 §6, RFC 8037 §2.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "auth/algorithm.h"
#include "auth/key_set.h"
#include "base/json.h"

namespace ringbook {

// The key; nothing when it is meant for something else than verifying tokens with one of the
// `allowed` algorithms. The error says what makes the key unfit: it is weak, malformed, or
// contradicts itself. Members that only a signer needs are not looked at.
std::expected<std::optional<Key>, std::string> read_jwk(const JsonDocument::Value& jwk,
                                                        AlgorithmSet allowed);

}  // namespace ringbook
