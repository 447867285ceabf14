// From the payload of a verified token to the principal it speaks for. See: RFC 7519 §4, §7.2.
#pragma once

#include <expected>
#include <string_view>
#include <utility>

#include "auth/refusal_reason.h"
#include "auth/token_rules.h"
#include "base/clock.h"
#include "base/json.h"
#include "directory/principal.h"

namespace ringbook {

// A date of claims, in seconds since 1970-01-01T00:00:00Z, with fractions.
using NumericDate = double;

struct JudgedClaims {
  // Whom they name. Whether that is an administrator is no reason to refuse: it is written into it.
  Principal principal;
  // They are believed from `begin` on and until `end`: what they say themselves, and what clocks
  // may differ.
  NumericDate begin = 0;
  NumericDate end = 0;
};
// Whether claims that were judged once would be believed at that moment too.
bool hold(const JudgedClaims& claims, Instant now);

// Judges claims one after another, reusing its memory. Threads: one at a time.
class ClaimsJudge {
 public:
  explicit ClaimsJudge(TokenRules rules) : rules_(std::move(rules)) {}

  std::expected<JudgedClaims, TokenFault> judge(std::string_view payload, Instant now);

 private:
  TokenRules rules_;
  JsonDocument document_;
};

}  // namespace ringbook
