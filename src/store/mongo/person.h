// A user's document: what is read of it, and what is written to it.
#pragma once

#include <vector>

#include "directory/documents.h"
#include "store/mongo/bson.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// What the document shows. A text of a profile that is none here (of another type, too long, with
// control characters) counts as absent. Needs an _id that is an ObjectId.
SeenUser to_seen(const Bson& document, const Settings& settings);

// The fields that `to_seen` reads, as a projection.
Bson fields_of_person(const Settings& settings);

// The statements of an update that do it, in order, of which one finds the document unless it has
// the version or a higher one; a `leave` without number and profile finds it even then, and changes
// nothing.
// Needs another kind than `remove`.
std::vector<Bson> to_statements(const Publication& publication, const Settings& settings);

// The statement that makes the document of somebody who has none, as `show` says.
Bson to_new_person(const Publication& publication, const Settings& settings);

// What finds the document unless it has the version or a higher one.
Bson guard_of(const Publication& publication, const Settings& settings);

}  // namespace ringbook::mongo
