// The commands that write, and what finds documents, as documents.
#pragma once

#include <string_view>
#include <vector>

#include "store/mongo/bson.h"

namespace ringbook::mongo {

enum class Finds : std::uint8_t { one, one_or_makes_it, all };

// One statement of an update: which documents, and what is done to them.
Bson to_update(const Bson& filter, const Bson& change, Finds finds = Finds::one);

// Statements are done in order, up to the first that is refused.
Bson update_command(std::string_view collection, const std::vector<Bson>& statements);
Bson insert_command(std::string_view collection, const std::vector<Bson>& documents);
// Deletes all that the filter finds.
Bson delete_command(std::string_view collection, const Bson& filter);

// A filter: the document with this _id, and those whose _id begins with the prefix, which ends with
// '/'.
Bson by_id(std::string_view id);
Bson by_prefix(std::string_view prefix);
// Those whose _id is one of [first, end).
Bson by_range(std::string_view first, std::string_view end);
// An order, or a projection: one field, and 1 or -1.
Bson ordered_by(std::string_view field, std::int32_t order);

}  // namespace ringbook::mongo
