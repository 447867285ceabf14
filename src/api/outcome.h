// From what came of a write under /v1 to its answer.
#pragma once

#include <cstdint>

#include "api/exchange.h"
#include "directory/change.h"

namespace ringbook {

// What a write that succeeded shows.
enum class Shows : std::uint8_t { nothing, user };

// A reply that answers what came of a write to `user`. With Shows::user the outcome carries it.
Reply<Outcome> reply_with_outcome(ExchangePtr exchange, UserId user, Shows shows);

// Answers that a condition did not hold, showing the user as it is, who changed it last, and what
// of it the write would have overwritten.
void respond_stale(ExchangePtr exchange, UserId user, std::optional<Edit> wanted = std::nullopt);

}  // namespace ringbook
