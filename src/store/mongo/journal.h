// The shared journal in collections of MongoDB: a batch is a document whose _id is its number, so
// that the insert of a document is what decides who has the number.
#pragma once

#include <memory>

#include "directory/shared_journal.h"
#include "store/mongo/pool.h"
#include "store/mongo/server.h"

namespace ringbook::mongo {

// Lifetime: both outlive it.
std::unique_ptr<SharedJournal> make_journal(Pool& pool, Server& server);

}  // namespace ringbook::mongo
