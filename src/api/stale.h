// What a write is told that came too late: whose change it would have overwritten, when that was
// made, and both values, as `error.details`.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>

#include "directory/change.h"

namespace ringbook {

// A request whose condition did not hold.
struct StaleRequest {
  UserId user;
  Precondition condition;
  std::optional<Edit> wanted;  // Nothing for a read.
  bool has_body = false;       // Whether members of its body can be named.
  // The version whose tag a proxy changed before it came back in If-Match; see EntityTags.
  std::optional<Version> altered = {};
};

// A JSON array. `current` is nothing when there is no such user, `last` when there never was one.
std::string stale_details(const StaleRequest& request, const std::optional<User>& current,
                          const std::optional<LastChanges>& last);

}  // namespace ringbook
