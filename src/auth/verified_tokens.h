// Remembers tokens whose signature was verified, so that one that is sent again is recognised by
// its hash.
//
// Invariants: 1. A token is recognised by all of its octets: the key is a full SHA-256. 2. At most
// limits::verified_tokens are remembered; the oldest makes room. 3. None is recognised
// when its claims would not be believed, nor after `forget_all`.
// Threads: one at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/claims.h"
#include "auth/hash.h"
#include "base/clock.h"

namespace ringbook {

using TokenDigest = std::array<char, 32>;

class VerifiedTokens {
 public:
  VerifiedTokens();

  TokenDigest digest_of(std::string_view token);

  // What was judged of the token; null when it is not remembered, or would not be believed now.
  // Lifetime: until the next call.
  const JudgedClaims* find(const TokenDigest& digest, Instant now) const;
  void remember(const TokenDigest& digest, JudgedClaims claims);
  void forget_all();

 private:
  struct Entry {
    TokenDigest digest;
    JudgedClaims claims;
  };
  // The digest is as good as random already.
  struct TakeFirstBytes {
    std::size_t operator()(const TokenDigest& digest) const;
  };

  Hash sha256_;
  std::vector<Entry> entries_;  // A ring once it is full.
  std::size_t oldest_ = 0;
  std::unordered_map<TokenDigest, std::size_t, TakeFirstBytes> places_;
};

}  // namespace ringbook
