// What the readers of all forms of a list share while one of them reads it.
#pragma once

#include "import/byte_source.h"
#include "import/file.h"

namespace ringbook {

struct Reading {
  ByteSource& source;
  ImportFile& file;
  Refusals& refusals;
  Refusals& warnings;
  const ReadingProgress& progress;

  // Takes the row that `builder` has put together. Errors: invalid, over limits::change_set_edits.
  Result<void> take_row(RowBuilder& builder) const;
  // Names a column or member once as left out, up to limits::import_ignored_names of them.
  void leave_out(std::string_view name) const;
  // Warns of texts that are not UTF-8, once.
  void warn_of_foreign_text(const RowBuilder& builder) const;
  // Errors: invalid, when a row without an address has one in a column that is not read.
  Result<void> look_for_addresses(const RowBuilder& builder) const;
};

// CSV with a header line of a list that is known. Errors: as read_import_file.
Result<void> read_csv(const Reading& reading);
// Objects of JSON, one a line, or parted by what stands between those of an array. Errors: as
// read_import_file.
Result<void> read_json(const Reading& reading);

}  // namespace ringbook
