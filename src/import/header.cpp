#include "import/header.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "base/wording.h"
#include "import/row.h"

namespace ringbook {
namespace {

struct ForeignColumn {
  std::string_view name;
  CsvField field;
};

// Bulk Handler writes the address of a person only where voicemail is sent to it.
constexpr std::array freepbx_columns{
    ForeignColumn{"extension", CsvField::extension},
    ForeignColumn{"name", CsvField::name},
    ForeignColumn{"voicemail_email", CsvField::email},
};

// RingCentral publishes no list of its columns: these are the labels of its user list, its upload
// template and its help pages.
constexpr std::array ringcentral_columns{
    ForeignColumn{"first name", CsvField::first_name},
    ForeignColumn{"last name", CsvField::last_name},
    ForeignColumn{"email", CsvField::email},
    ForeignColumn{"email address", CsvField::email},
    ForeignColumn{"extension", CsvField::extension},
    ForeignColumn{"extension number", CsvField::extension},
    ForeignColumn{"ext", CsvField::extension},
    ForeignColumn{"ext.", CsvField::extension},
    ForeignColumn{"department", CsvField::department},
    ForeignColumn{"dept", CsvField::department},
    ForeignColumn{"role", CsvField::role},
    ForeignColumn{"status", CsvField::status},
};

bool has_cell(const CsvRecord& record, std::string_view name) {
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (equals_ignoring_ascii_case(record.cell(i), name)) {
      return true;
    }
  }
  return false;
}

bool has_field(const CsvRecord& record, std::span<const ForeignColumn> columns, CsvField field) {
  return std::ranges::any_of(columns, [&](const ForeignColumn& column) {
    return column.field == field && has_cell(record, column.name);
  });
}

ImportFormat format_of(const CsvRecord& record) {
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (column_named(record.cell(i)) == Column::user_id) {
      return ImportFormat::ringbook;
    }
  }
  if (has_cell(record, "extension") && has_cell(record, "name") && has_cell(record, "tech")) {
    return ImportFormat::freepbx;
  }
  const bool is_ringcentral = std::ranges::all_of(
      std::array{CsvField::first_name, CsvField::last_name, CsvField::extension},
      [&](CsvField field) { return has_field(record, ringcentral_columns, field); });
  return is_ringcentral ? ImportFormat::ringcentral : ImportFormat::ringbook;
}

// What a column means in `format`; nothing for one that Ringbook's own format does not have.
std::optional<CsvField> field_named(ImportFormat format, std::string_view name) {
  if (format == ImportFormat::ringbook) {
    const auto column = column_named(name);
    return column ? std::optional(static_cast<CsvField>(*column)) : std::nullopt;
  }
  const auto columns = format == ImportFormat::freepbx
                           ? std::span<const ForeignColumn>(freepbx_columns)
                           : std::span<const ForeignColumn>(ringcentral_columns);
  const auto found = std::ranges::find_if(columns, [&](const ForeignColumn& column) {
    return equals_ignoring_ascii_case(column.name, name);
  });
  return found == columns.end() ? CsvField::ignored : found->field;
}

bool is_in_the_order_of_exports(const std::vector<CsvField>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i] != static_cast<CsvField>(i)) {
      return false;
    }
  }
  return fields.size() == column_names.size();
}

}  // namespace

std::string_view name_of(ImportFormat format) {
  switch (format) {
    case ImportFormat::ringbook: return "Ringbook";
    case ImportFormat::freepbx: return "FreePBX";
    case ImportFormat::ringcentral: return "RingCentral";
  }
  return "";
}

Result<ImportHeader> read_import_header(const CsvRecord& record) {
  ImportHeader header{.format = format_of(record), .fields = {}, .ignored = {}};
  std::string problems;
  const auto complain = [&](std::size_t cell, const std::string& what) {
    problems += (problems.empty() ? "" : "\n") + record.place(cell).text() + ": " + what;
  };
  for (std::size_t i = 0; i < record.size(); ++i) {
    const auto field = field_named(header.format, record.cell(i));
    if (!field) {
      complain(i,
               "unknown column " + in_quotes(record.cell(i)) + "; known are " + all_column_names());
    } else if (field == CsvField::ignored) {
      // Spreadsheets leave columns without a name behind.
      if (!record.cell(i).empty()) {
        header.ignored.emplace_back(record.cell(i));
      }
    } else if (std::ranges::find(header.fields, *field) != header.fields.end()) {
      complain(i, "column " + in_quotes(record.cell(i)) + " stands here a second time");
    }
    header.fields.push_back(field.value_or(CsvField::ignored));
  }
  if (problems.empty() && header.format == ImportFormat::ringbook &&
      std::ranges::find(header.fields, CsvField::user_id) == header.fields.end()) {
    complain(0,
             "the header line has no column userId, which says whom a row is about; new people get "
             "their id from `ringbook user add`");
  }
  if (!problems.empty()) {
    return fail(Errc::invalid, problems);
  }
  header.is_in_the_order_of_exports = is_in_the_order_of_exports(header.fields);
  return header;
}

}  // namespace ringbook
