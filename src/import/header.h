// The header line of a CSV file: whose format it is, and what each column means. Ringbook's own
// columns are all known; of FreePBX's and RingCentral's those that Ringbook keeps are read, and the
// others are left out by name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "import/csv.h"

namespace ringbook {

enum class ImportFormat : std::uint8_t { ringbook, freepbx, ringcentral };

// For messages: "FreePBX".
std::string_view name_of(ImportFormat format);

enum class CsvField : std::uint8_t {
  user_id,
  name,
  email,
  department,
  role,
  active,
  extension,
  first_name,
  last_name,
  status,  // RingCentral's word for whether somebody is active.
  ignored,
};

struct ImportHeader {
  ImportFormat format = ImportFormat::ringbook;
  std::vector<CsvField> fields;             // For each cell of a row.
  std::vector<std::string> ignored;         // Names of the columns that are left out.
  bool is_in_the_order_of_exports = false;  // Exactly the columns of `ringbook export`.
};

// A line with `userId` is Ringbook's; one with `extension`, `name` and `tech` FreePBX's; one with a
// first name, a last name and an extension RingCentral's; any other is read as Ringbook's. Foreign
// names are compared without regard to case. Errors: invalid, naming each column that is unknown
// (Ringbook's own format only) or stands there twice, or that userId is missing.
Result<ImportHeader> read_import_header(const CsvRecord& record);

}  // namespace ringbook
