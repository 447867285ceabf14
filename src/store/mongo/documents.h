// The documents of users in a collection of MongoDB.
#pragma once

#include <memory>

#include "directory/documents.h"
#include "store/mongo/pool.h"
#include "store/mongo/server.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

// Lifetime: pool and server outlive it.
std::unique_ptr<Documents> make_documents(Pool& pool, Server& server, Settings settings);

}  // namespace ringbook::mongo
