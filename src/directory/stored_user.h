// A user as an engine keeps it; deleted ones stay because history goes on across both lives.
#pragma once

#include <cstdint>
#include <optional>

#include "directory/packed_profile.h"
#include "directory/user.h"

namespace ringbook {

struct StoredUser {
  UserId id;
  bool is_present = false;
  PackedProfile profile;  // Only of present users.
  std::optional<Extension> extension;
  std::uint64_t number_sequence = 0;  // The last change of the number; 0 when there was none.
  Instant since;                      // When the present number was given.
  Version version = 0;
  Instant updated_at;
};

// Needs a present user.
inline User to_user(const StoredUser& user) {
  return {user.id, user.profile.unpack(), user.extension, user.version, user.updated_at};
}

}  // namespace ringbook
