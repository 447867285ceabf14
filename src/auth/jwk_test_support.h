// What tests of keys and of sets of them share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "auth/jwk_set.h"
#include "auth/test_keys.h"

namespace ringbook::test {

inline Result<JwkSet> parse(std::string_view text, AlgorithmSet allowed = every_algorithm()) {
  return parse_jwk_set(text, allowed);
}

// How many keys of the set a token with that kid is tried against, and whether one of them is the
// owner of the signature.
struct Choice {
  std::size_t tried = 0;
  bool is_verified = false;
  bool operator==(const Choice&) const = default;
};
inline Choice choice_for(const Result<JwkSet>& set, const SigningKey& signer, Algorithm algorithm,
                         std::optional<std::string_view> kid = "k") {
  if (!set) {
    ADD_FAILURE() << set.error().detail;
    return {};
  }
  Candidates candidates;
  set->keys.select(algorithm, kid, candidates);
  const std::string signature = signer.sign(algorithm, "a.b");
  return {candidates.keys().size(), std::ranges::any_of(candidates.keys(), [&](const auto& key) {
            return key->verifies(algorithm, "a.b", signature);
          })};
}

}  // namespace ringbook::test
