// CSV: from the lines before the header line to the last row.
#include <algorithm>
#include <span>

#include "base/limits.h"
#include "base/text.h"
#include "base/wording.h"
#include "import/csv.h"
#include "import/header.h"
#include "import/reading.h"

namespace ringbook {
namespace {

// Lines before the header line that programs write for programs.
struct Preamble {
  char separator = CsvReader::undecided;
  std::uint32_t lines = 0;
};

// "sep=;" tells Excel what separates cells; "#TYPE …" is of PowerShell's Export-Csv.
Preamble take_preamble(ByteSource& source) {
  constexpr std::string_view separator_mark = "sep=";
  constexpr std::string_view type_mark = "#type ";
  Preamble preamble;
  for (;;) {
    const std::string_view ahead = source.ahead();
    const std::size_t length = std::min(ahead.find('\n'), ahead.size());
    std::string line = ascii_lower(ahead.substr(0, length));
    std::erase_if(line, [](char c) { return c == '"' || c == '\r'; });
    if (line.starts_with(separator_mark) && line.size() == separator_mark.size() + 1) {
      preamble.separator = line.back();
    } else if (!line.starts_with(type_mark)) {
      return preamble;
    }
    source.skip(std::min(length + 1, ahead.size()));
    ++preamble.lines;
  }
}

// The first line of `text` that is a header line by itself, whatever separates its cells.
std::optional<std::size_t> header_line_in(std::string_view text) {
  for (std::size_t line = 0; line < limits::import_header_lines && !text.empty(); ++line) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    ByteSource source = ByteSource::of_text(std::string(text.substr(0, length)));
    CsvReader reader(source);
    CsvRecord record;
    if (const auto has_record = reader.next(record);
        has_record.value_or(false) && is_known_header(record)) {
      return line;
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return std::nullopt;
}

// Nothing when the file has no record. Errors also: invalid, naming lines that stand before the
// header line.
Result<std::optional<ImportHeader>> find_header(CsvReader& reader, ByteSource& source) {
  const std::string beginning(source.ahead().substr(0, limits::import_record_bytes));
  CsvRecord record;
  const auto has_first = reader.next(record);
  if (!has_first || !*has_first) {
    return has_first ? Result<std::optional<ImportHeader>>(std::nullopt)
                     : std::unexpected(has_first.error());
  }
  auto header = read_import_header(record);
  if (header) {
    return *std::move(header);
  }
  const auto line = is_known_header(record) ? std::nullopt : header_line_in(beginning);
  if (line == 0U) {
    return fail(Errc::invalid, at_line(record.line()) +
                                   ": the cells of this header line are separated otherwise than "
                                   "the line sep= says: mend that line or take it away");
  }
  return line ? fail(Errc::invalid, at_line(record.line()) + ": no header line; one stands " +
                                        counted(*line, "line", "lines") +
                                        " further down: take away what is before it")
              : std::unexpected(header.error());
}

// An export puts a quote mark before what a spreadsheet would take for a formula. A formula without
// one is a spreadsheet's: of a text alone (="0123") it is the usual way to keep zeros.
std::string text_of_cell(std::string_view cell, bool is_own) {
  constexpr std::string_view guarded_beginnings = "=+-@'\t\r";
  if (is_own && cell.size() >= 2 && cell[0] == '\'' && guarded_beginnings.contains(cell[1])) {
    return std::string(cell.substr(1));
  }
  if (cell.size() < 3 || !cell.starts_with("=\"") || !cell.ends_with('"')) {
    return std::string(cell);
  }
  std::string text(cell.substr(2, cell.size() - 3));
  for (std::size_t at = text.find("\"\""); at != std::string::npos;
       at = text.find("\"\"", at + 1)) {
    text.erase(at, 1);
  }
  return text;
}

// Makes rows of records, cell by cell as the header line says.
class CsvRows {
 public:
  CsvRows(const ImportHeader& header, const Reading& reading)
      : header_(header), reading_(reading), builder_(reading.refusals, header.list->rules) {}

  Result<void> build(const CsvRecord& record) {
    builder_.begin(record.line());
    if (const auto& fault = record.fault()) {
      builder_.refuse(fault->place, "", fault->what);
      put_address(record);
      return reading_.take_row(builder_);
    }
    const std::size_t columns = header_.columns.size();
    for (std::size_t i = 0; i < std::min(record.size(), columns); ++i) {
      put(i, record.cell(i), record.place(i));
    }
    const auto missing = std::span(header_.columns).subspan(std::min(record.size(), columns));
    if (std::ranges::any_of(missing, [](const KnownColumn* column) { return column != nullptr; })) {
      first_short_line_ = short_rows_++ == 0 ? record.line() : first_short_line_;
    }
    for (std::size_t i = columns; i < record.size(); ++i) {
      if (!trimmed(record.cell(i)).empty()) {
        builder_.refuse({.line = record.line()}, "",
                        "has " + std::to_string(record.size()) +
                            " cells, where the header line has " + std::to_string(columns));
        break;
      }
    }
    // No header line passes for a row: it has a word where the number stands.
    if (builder_.is_refused() && is_known_header(record)) {
      return fail(Errc::invalid, at_line(record.line()) +
                                     ": a second list begins here: put it into a file of its own");
    }
    return reading_.take_row(builder_);
  }

  // What is to be said of all rows. Errors: as look_for_addresses.
  Result<void> conclude() const {
    reading_.warn_of_foreign_text(builder_);
    if (short_rows_ > 0) {
      reading_.warnings.add(first_short_line_, {.line = first_short_line_}, "",
                            counted(short_rows_, "row has", "rows have") +
                                " fewer cells than the header line; what is missing says nothing");
    }
    return reading_.look_for_addresses(builder_);
  }

 private:
  // Of a row that is refused anyway: others may have the address, too.
  void put_address(const CsvRecord& record) {
    for (std::size_t i = 0; i < std::min(record.size(), header_.columns.size()); ++i) {
      if (header_.columns[i] != nullptr && header_.columns[i]->field == Field::email) {
        put(i, record.cell(i), record.place(i));
      }
    }
  }

  void put(std::size_t column, std::string_view cell, FilePlace place) {
    const KnownColumn* known = header_.columns[column];
    const bool is_own = header_.list->rules.is_own;
    if (known == nullptr) {
      put_ignored(column, trimmed(cell), place);
      return;
    }
    const Field field = known->field;
    std::string text = text_of_cell(cell, is_own);
    if (field == Field::extension && text.starts_with('\'')) {
      text.erase(0, 1);  // How a spreadsheet keeps a number as text.
    }
    if (field == Field::active && !text.empty()) {
      reading_.file.is_as_exported &= text == "true" || text == "false";
    }
    builder_.put(*known, text.empty() ? std::nullopt : std::optional<std::string_view>(text),
                 place);
  }

  void put_ignored(std::size_t column, std::string_view text, FilePlace place) {
    const bool is_own = header_.list->rules.is_own;
    if (is_own && !text.empty()) {
      builder_.refuse(place, text, in_quotes(text) + " stands in a column without a name");
    }
    builder_.pass_over(header_.names[column], text);
  }

  const ImportHeader& header_;
  const Reading& reading_;
  RowBuilder builder_;
  std::uint64_t short_rows_ = 0;
  std::uint32_t first_short_line_ = 0;
};

// Spreadsheets leave rows behind in which nothing stands.
bool is_blank(const CsvRecord& record) {
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (!trimmed(record.cell(i)).empty()) {
      return false;
    }
  }
  return !record.fault();
}

void describe(ImportFile& file, const ImportHeader& header, const Preamble& preamble,
              char separator) {
  file.is_csv = true;
  file.list = header.list;
  file.merges_empty_and_absent = header.list->rules.is_own;
  file.is_as_exported =
      header.is_in_the_order_of_exports && separator == ',' && preamble.lines == 0;
}

}  // namespace

Result<void> read_csv(const Reading& reading) {
  const Preamble preamble = take_preamble(reading.source);
  CsvReader reader(reading.source, preamble.separator, preamble.lines + 1);
  const auto header = find_header(reader, reading.source);
  if (!header) {
    return std::unexpected(header.error());
  }
  if (!*header) {
    return fail(Errc::invalid, "the file is empty: not even a header line stands in it");
  }
  describe(reading.file, **header, preamble, reader.separator());
  for (std::size_t i = 0; i < (*header)->columns.size(); ++i) {
    if ((*header)->columns[i] == nullptr) {
      reading.leave_out((*header)->names[i]);
    }
  }
  CsvRows rows(**header, reading);
  CsvRecord record;
  auto has_record = reader.next(record);
  for (; has_record && *has_record; has_record = reader.next(record)) {
    if (is_blank(record)) {
      continue;
    }
    if (auto taken = rows.build(record); !taken) {
      return taken;
    }
  }
  return has_record ? rows.conclude() : std::unexpected(has_record.error());
}

}  // namespace ringbook
