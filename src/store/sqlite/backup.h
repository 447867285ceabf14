// Backups of a folder of this engine, taken beside a running server, and folders made from them.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/error.h"
#include "directory/upkeep.h"
#include "store/sqlite/sqlite_store.h"

namespace ringbook {

// Writes everything of one moment to the new file `to`: what was acknowledged before this was
// called is in it. Of the server's files only short snapshots are held, so that its logs do not
// grow. Durability: the file survives power loss once this returns. Errors: damaged, newer,
// no_space, unavailable; then `to` may be there and is of no use.
Result<BackupSummary> back_up_sqlite(const SqliteSettings& source, const std::filesystem::path& to,
                                     const Clock& clock, const OnUpkeepStep& step);

// Makes the databases of a backup in the folder of `target`, which has none; a kill leaves a folder
// that no engine takes. Every row is compared with the digests of the manifest. Durability: it
// survives power loss once this returns. Errors: damaged (the backup), newer, no_space,
// unavailable.
Result<BackupSummary> restore_sqlite(const std::filesystem::path& backup,
                                     const SqliteSettings& target, const OnUpkeepStep& step);

}  // namespace ringbook
