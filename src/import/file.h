// From the bytes of an import file to rows: CSV with a header line, or JSON Lines.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "import/byte_source.h"
#include "import/header.h"
#include "import/refusals.h"
#include "import/row.h"

namespace ringbook {

struct ImportFile {
  std::vector<ImportRow> rows;  // In order of lines; refused ones are left out.
  std::uint64_t records = 0;    // All rows, refused or not.
  ImportFormat format = ImportFormat::ringbook;
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

// Reads everything. A file whose first character is { is JSON Lines. Rows that break a rule, and
// the later of two for one user or one number, go to `refusals`. In files of other programs nobody
// has an id yet, and an empty cell says nothing. Errors: invalid, when what follows cannot be told
// apart (a header or quotes that are wrong) or there are too many rows; unavailable.
Result<ImportFile> read_import_file(ByteSource& source, Refusals& refusals,
                                    const ReadingProgress& progress);

// Refuses the later of two rows for one user.
void refuse_repeated_users(ImportFile& file, Refusals& refusals);

}  // namespace ringbook
