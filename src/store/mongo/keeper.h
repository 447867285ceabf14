// Who makes and removes the people of a database, as it was said when it was first used: an
// instance that believes otherwise would do harm.
#pragma once

#include <optional>

#include "directory/shared_fold.h"
#include "store/mongo/driver.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// What the database says; nothing when nobody has said it yet.
Answer<std::optional<People>> keeper_in(Connection& connection);
// Says it, unless it was said before.
Answer<void> say_keeper(Connection& connection, People people);

// Whose people they are, with what the settings say of it; a database without people and journal is
// taken for ours, which is then said there. Errors: usage (nobody can tell, or settings and
// database contradict each other, or adopted people were not yet adopted: the detail says what to
// do), unavailable.
Result<People> settle_keeper(Connection& connection, const Settings& settings,
                             std::optional<People> wanted);

}  // namespace ringbook::mongo
