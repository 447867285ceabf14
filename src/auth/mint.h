// Makes the tokens that `ringbook token` prints and that commands send to a running server.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/secret.h"
#include "auth/token_rules.h"
#include "base/clock.h"
#include "base/error.h"

namespace ringbook {

struct TokenOrder {
  std::string subject;
  // What stands at the configured administrator claim; nothing: the configured administrator value.
  std::optional<std::string> role;
  std::chrono::seconds lifetime = std::chrono::hours{12};
  // Further claims, as strings.
  std::vector<std::pair<std::string, std::string>> claims;
};

struct MintedToken {
  std::string token;
  Instant expires_at;
};

// A token that a server with the same rules and secret accepts, signed with HS256 unless the rules
// exclude it. The issuer is the configured one, else "ringbook"; there is an audience if one is
// configured, in the first of the claims that may tell it.
// Errors: usage (a lifetime that is not positive or above limits::token_lifetime, a claim given
// twice or one the rules would refuse, a token that grows too long, a secret too short for every
// allowed algorithm), internal.
Result<MintedToken> mint_token(const TokenRules& rules, const Secret& secret,
                               const TokenOrder& order, Instant now);

}  // namespace ringbook
