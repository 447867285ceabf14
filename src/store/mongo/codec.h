// Batches, their parts and checkpoints as documents of the database. See docs/mongodb.md for the
// form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "directory/shared_batch.h"
#include "directory/shared_journal.h"
#include "store/mongo/bson.h"

namespace ringbook::mongo {

// The _id of the batch: 16 decimal digits, so that texts are in the order of numbers.
std::string key_of(std::uint64_t batch);
// The inverse; nothing for any other text.
std::optional<std::uint64_t> batch_of(std::string_view key);

Bson to_document(const SharedBatch& batch);
// Errors: damaged, naming the field.
Result<SharedBatch> to_batch(const Bson& document);

Result<std::vector<SharedBatch>> to_batches(const std::vector<Bson>& documents);

// With `id` as _id.
Bson to_part(const std::string& id, const Part& part);
// Errors: damaged.
Result<Part> from_part(PartName::Of of, const Bson& document);

// With `id` as _id.
Bson to_document(const std::string& id, const Checkpoint& checkpoint);
// Errors: damaged.
Result<Checkpoint> to_checkpoint(const Bson& document);

}  // namespace ringbook::mongo
