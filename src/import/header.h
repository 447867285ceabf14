// The header line of a CSV file: whose list it is, and what each column means. Ringbook's own
// columns are all known; of other lists those are read that Ringbook keeps, and the others are left
// out by name.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "import/csv.h"
#include "import/known_lists.h"

namespace ringbook {

struct ImportHeader {
  const KnownList* list = nullptr;
  // For each cell of a row; null for what is left out.
  std::vector<const KnownColumn*> columns;
  std::vector<std::string> names;           // Of all columns, as they stand; "" for one without.
  bool is_in_the_order_of_exports = false;  // Exactly the columns of `ringbook export`.
};

// Whether the record is the header line of a list that is known.
bool is_known_header(const CsvRecord& record);

// Errors: invalid: no list is known by these columns; a column of Ringbook's own list is unknown,
// or one of any list stands there twice; what says whom a row is about, or the number, is missing.
Result<ImportHeader> read_import_header(const CsvRecord& record);

}  // namespace ringbook
