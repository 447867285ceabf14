// Takes the numbers that documents of another program's people show into the journal.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "directory/upkeep.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

struct Adoption {
  std::uint64_t people = 0;
  std::uint64_t adopted = 0;     // Numbers that are in the journal now and were not before.
  std::uint64_t already = 0;     // Numbers that were there before.
  std::uint64_t left_alone = 0;  // Of documents whose number is none, or is shown by several.
};

// Counts what there is to adopt and, unless `only_plans`, does it, and says in the database that
// its people are adopted: before that no server takes it. Of documents only Ringbook's field is
// written, so that whatever their program writes meanwhile stays. May be ended at any moment and be
// repeated. Errors: usage (settings; people who are ours; a field of another journal), unavailable.
Result<Adoption> adopt(const Settings& settings, bool only_plans, const Clock& clock, Log& log,
                       const OnUpkeepStep& step);

}  // namespace ringbook::mongo
