// The Authorization that a connection sent last, and whom it named, so that one that is sent again
// costs a comparison.
//
// Invariants: 1. It is recognised by all of its octets. 2. Only what was accepted is remembered,
// and it is recognised only while the keys that accepted it are in use and its times hold.
// 3. At most limits::last_authorization_bytes are kept. Threads: one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "auth/claims.h"
#include "base/clock.h"
#include "directory/principal.h"

namespace ringbook {

class LastAuthorization {
 public:
  // Whom it names; null when it is not the one that is remembered, or not as good as it was.
  // `version` is that of the keys in use. Lifetime: until the next `remember`.
  const Principal* find(std::string_view authorization, std::uint64_t version, Instant now) const;
  // Takes the place of what was remembered. One that is too long is not remembered.
  void remember(std::string_view authorization, std::uint64_t version, const JudgedClaims& claims);

 private:
  std::string octets_;  // "" when none is remembered.
  std::uint64_t version_ = 0;
  JudgedClaims claims_;
};

}  // namespace ringbook
