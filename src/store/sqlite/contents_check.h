// What two readable databases say: the journal against itself, `directory.db` against the journal.
#pragma once

#include "base/error.h"
#include "directory/upkeep.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

// Replays the whole journal, tells what contradicts, and compares `people` (null: not readable)
// with where the journal was at the change that it includes. Errors: those of SQLite.
Result<Inspection> check_contents(Connection& journal, Connection* people, const OnFinding& found,
                                  const OnUpkeepStep& step);

}  // namespace ringbook::sqlite
