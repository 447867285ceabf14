// From the bytes of an import file to rows: CSV with a header line, or JSON Lines.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "import/byte_source.h"
#include "import/known_lists.h"
#include "import/refusals.h"
#include "import/row.h"

namespace ringbook {

struct ImportFile {
  std::vector<ImportRow> rows;  // In order of lines; refused ones are left out.
  std::uint64_t records = 0;    // All rows, refused or not.
  const KnownList* list = &own_list();
  std::vector<std::string> ignored_columns;
  bool is_csv = false;
  // Whether an empty text cannot be told from an absent one, as in Ringbook's own CSV.
  bool merges_empty_and_absent = false;
  // Whether the columns are those of an export and `active` is written as there: a spreadsheet that
  // had saved the file would have written it in capitals.
  bool is_as_exported = false;
};

// Called after each row: how many there are, and the share of the file that was read.
using ReadingProgress = std::function<void(std::uint64_t, std::optional<double>)>;

// Reads everything. What begins with { or [ is JSON, other text CSV. Rows that break a rule, and
// the later of two for one user or one number, go to `refusals`; what is worth knowing of a file
// that is read all the same goes to `warnings`. In lists of other programs an empty cell says
// nothing; where they name people by e-mail nobody has an id yet, and an address that stands in
// rows under several names is of nobody (`shares_address`). Errors: invalid, when the file is
// empty, of another kind, or a list that is not known, when what follows cannot be told apart, or
// there are too many rows; unavailable.
Result<ImportFile> read_import_file(ByteSource& source, Refusals& refusals, Refusals& warnings,
                                    const ReadingProgress& progress);

// Refuses the later of two rows for one user.
void refuse_repeated_users(ImportFile& file, Refusals& refusals);

}  // namespace ringbook
