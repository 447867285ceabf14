// Whom the rows of another program's file are about. Such a file has no ids: a row names a person
// by e-mail address, or, where that tells nobody, by the number that the person has now under the
// same name.
#pragma once

#include "cli/import_plan.h"

namespace ringbook {

// Gives every row its user, who is in this order: the only one who has its address; of several, or
// where rows of other people have it too, the only one of the same name; the holder of its number,
// if the name is the same (is_same_name). What names the person changes nothing; an address that
// others have is left out. Whoever is nobody is refused, with what is known; `may_create` makes an
// id instead, but for a row without an address of its own that has no number or no word for a name,
// or whose number somebody holds, or whose name somebody has: that may be the same person. So a
// repeat finds everybody whom the first import made. Errors: those of `present`.
Result<void> find_people(ImportFile& file, bool may_create, Instant now, Present& present,
                         Refusals& refusals, const std::function<void(std::uint64_t)>& progress);

}  // namespace ringbook
