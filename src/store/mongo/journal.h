// The shared journal in collections of MongoDB: a batch is a document whose _id is its number, so
// that the insert of a document is what decides who has the number.
#pragma once

#include <memory>

#include "directory/shared_journal.h"
#include "store/mongo/pool.h"
#include "store/mongo/server.h"

namespace ringbook::mongo {

// A part of a large set or a checkpoint. Errors: not_found, damaged, unavailable.
Result<Part> find_part(Connection& connection, const PartName& name);

// Lifetime: both outlive it.
std::unique_ptr<SharedJournal> make_journal(Pool& pool, Server& server);

}  // namespace ringbook::mongo
