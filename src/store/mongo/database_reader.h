// A whole directory of own people with its history, read from a database for another engine, also
// while instances use it.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "directory/directory_writer.h"
#include "store/mongo/driver.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// Hands everything of one moment to `to`, and finishes it: what was acknowledged before this was
// called is in it. Errors: usage (people whom another program keeps), damaged (the journal),
// unavailable, and those of `to`.
Result<BackupSummary> copy_database(Connection& connection, const Settings& settings,
                                    const Clock& clock, Log& log, DirectoryWriter& to,
                                    const OnUpkeepStep& step);

}  // namespace ringbook::mongo
