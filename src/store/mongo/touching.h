// What the histories of a user or a number read: the batches that touch it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "directory/shared_journal.h"
#include "store/mongo/driver.h"

namespace ringbook::mongo {

// Which batches, beside what they touch.
struct Span {
  Touched touched;
  std::string_view field;  // "s" or "at".
  Bson bound;              // What the field must be.
  std::int32_t order = 1;
  std::size_t limit = 0;
};

// The batches of the span, in its order; of a large set with those parts alone that touch it.
// Errors: unavailable, damaged.
Result<std::vector<SharedBatch>> read_touching(Connection& connection, const Span& span);

}  // namespace ringbook::mongo
