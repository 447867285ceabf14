// The documents of users in a collection of MongoDB.
#pragma once

#include <memory>
#include <vector>

#include "directory/documents.h"
#include "store/mongo/pool.h"
#include "store/mongo/server.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// Documents whose _id fits, in order of it, as a majority has them; of each what `to_seen` reads.
Answer<std::vector<Bson>> find_people(Connection& connection, const Settings& settings,
                                      const Bson& id, std::size_t limit);

// Lifetime: pool and server outlive it.
std::unique_ptr<Documents> make_documents(Pool& pool, Server& server, Settings settings);

}  // namespace ringbook::mongo
