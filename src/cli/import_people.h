// Whom the rows of another program's file are about. Such a file has no ids: a row names a person
// by e-mail address, or, without one, by the number and the name that the person has now.
#pragma once

#include "cli/import_plan.h"

namespace ringbook {

// Gives every row its user. Refused are: an address that nobody has, unless `may_create` (then an
// id is made); one that several have, with their ids; a row without an address whose number is
// somebody else's, or nobody's unless `may_create`; a row that has neither. So a repeat finds
// everybody whom the first import made. Errors: those of `present`.
Result<void> find_people(ImportFile& file, bool may_create, Instant now, Present& present,
                         Refusals& refusals, const std::function<void(std::uint64_t)>& progress);

}  // namespace ringbook
