// What takes over a whole directory with its history from another engine, or from a backup.
//
// Nothing of it may be used before `finish` has returned: whatever ends the process before leaves
// something that no engine takes.
#pragma once

#include "directory/history.h"
#include "directory/packed_profile.h"
#include "directory/upkeep.h"

namespace ringbook {

class DirectoryWriter {
 public:
  virtual ~DirectoryWriter() = default;

  // The next change of the journal, in order from the first; its profile is left out of account.
  // Errors: damaged (it contradicts those before it), no_space, unavailable.
  virtual Result<void> add(RecordedChange change) = 0;
  // How somebody is who is there when all changes were added, each once. After the last change.
  virtual Result<void> describe(UserId user, const PackedProfile& profile) = 0;
  // Durability: all of it survives power loss once this returns.
  virtual Result<BackupSummary> finish(Instant taken_at) = 0;
};

}  // namespace ringbook
