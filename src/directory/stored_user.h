// A user as an engine stores it; deleted ones stay because history goes on across both lives.
#pragma once

#include <cstdint>
#include <optional>

#include "directory/packed_profile.h"
#include "directory/user.h"

namespace ringbook {

// Everything but the profile.
struct StoredState {
  UserId id;
  bool is_present = false;
  std::optional<Extension> extension;
  std::uint64_t number_sequence = 0;  // The last change of the number; 0 when there was none.
  Instant since;                      // When the present number was given.
  Version version = 0;
  Instant updated_at;
};

struct StoredUser : StoredState {
  PackedProfile profile;  // Only of present users.
};

}  // namespace ringbook
