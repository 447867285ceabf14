// The shared journal in collections of MongoDB: a batch is a document whose _id is its number, so
// that the insert of a document is what decides who has the number.
#pragma once

#include <memory>
#include <vector>

#include "directory/shared_journal.h"
#include "store/mongo/pool.h"
#include "store/mongo/server.h"

namespace ringbook::mongo {

// The _id of a part.
std::string id_of(const PartName& name);
// A part of a large set or a checkpoint. Errors: not_found, damaged, unavailable.
Result<Part> find_part(Connection& connection, const PartName& name);

// The batch with what of it stands in parts. Sets the connection's deadline.
Result<SharedBatch> with_parts(Connection& connection, const Clock& clock, SharedBatch batch);
// As SharedJournal::confirm.
Result<std::vector<SharedBatch>> read_from(Connection& connection, Server& server,
                                           std::uint64_t next);
// Says that every batch up to this one is published.
Result<void> set_published(Connection& connection, std::uint64_t batch);

// Lifetime: what is given outlives it.
std::unique_ptr<SharedJournal> make_journal(Pool& pool, Server& server, Metrics& metrics);

}  // namespace ringbook::mongo
