// What is wrong with a directory in a database, and with the people whom another program keeps
// there: read, never written.
#pragma once

#include "base/clock.h"
#include "directory/upkeep.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// Reads the whole journal and every user's document. `found` is told each kind of fault once, with
// how many there are and the first of them. Errors: usage (the settings), unavailable.
Result<Inspection> inspect(const Settings& settings, const Clock& clock, const OnFinding& found,
                           const OnUpkeepStep& step);

}  // namespace ringbook::mongo
