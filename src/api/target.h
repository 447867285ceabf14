// Whom or what a request under /v1 is about, as its head says.
#pragma once

#include <optional>

#include "api/exchange.h"
#include "directory/change.h"

namespace ringbook {

// Nothing, and a problem, when the path's parameter is malformed.
std::optional<UserId> read_target_user(const Exchange& exchange, Problems& problems);
std::optional<Extension> read_target_extension(const Exchange& exchange, Problems& problems);

// One user, and what must hold of them.
struct UserTarget {
  UserId user;
  Precondition condition;
};

// For a request without parameters in its query. Means nothing when it reports a problem.
UserTarget read_user_target(const Exchange& exchange, Problems& problems);

}  // namespace ringbook
