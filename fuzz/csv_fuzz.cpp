// CSV: what is written is read back with its lines, a record is the same wherever reading begins,
// and no exported cell is a formula to a spreadsheet.
#include "import/csv.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "cli/client.h"
#include "cli/export_format.h"
#include "fuzz/target.h"
#include "import/row.h"

namespace ringbook::fuzz {
namespace {

using Cells = std::vector<std::string>;
struct Row {
  std::uint32_t line = 0;
  Cells cells;
  bool operator==(const Row&) const = default;
};

Cells split(std::string_view text, char separator) {
  Cells parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

struct Table {
  std::vector<Row> rows;
  bool is_whole = false;  // Whether reading came to the end.
  char separator = CsvReader::undecided;
};

Table read(std::string text, std::size_t most = SIZE_MAX, char separator = CsvReader::undecided) {
  ByteSource source = ByteSource::of_text(std::move(text));
  CsvReader reader(source, separator);
  CsvRecord record;
  Table table;
  while (table.rows.size() < most) {
    const auto has_record = reader.next(record);
    if (!has_record || !*has_record) {
      table.is_whole = has_record.has_value();
      break;
    }
    Row& row = table.rows.emplace_back();
    row.line = record.line();
    check(record.size() > 0 && record.place(0).line == record.line(), "a record has cells");
    for (std::size_t i = 0; i < record.size(); ++i) {
      row.cells.emplace_back(record.cell(i));
    }
  }
  table.separator = reader.separator();
  return table;
}

// Whatever the bytes are: each record is the first one of the text from its line on.
void check_reading(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const Table table = read(std::string(text));
  std::uint32_t line = 1;
  for (const Row& row : table.rows) {
    for (; line < row.line; ++line) {
      const std::size_t end = text.find('\n');
      check(end != text.npos, "a line is one of the text's");
      text.remove_prefix(end + 1);
    }
    if (line == 1 || !text.starts_with(byte_order_mark)) {
      const Table from_here = read(std::string(text), 1, table.separator);
      check(from_here.rows == std::vector<Row>{{1, row.cells}}, "a record begins in its line");
    }
    line = row.line;
  }
}

// Every cell in quotes, which any reader takes, whatever separates them.
void check_quoted(std::string_view input, char separator) {
  std::string text;
  std::vector<Row> rows;
  for (const std::string& line : split(input, '\x1E')) {
    const auto lines_before = static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
    const Row& row = rows.emplace_back(lines_before + 1, split(line, '\x1F'));
    for (const std::string& cell : row.cells) {
      text += '"';
      for (const char c : cell) {
        text.append(c == '"' ? 2 : 1, c);
      }
      text += '"';
      text += separator;
    }
    text.back() = '\n';
  }
  // A first record of one cell does not say what separates the others.
  const char known = rows.front().cells.size() > 1 ? CsvReader::undecided : separator;
  const Table table = read(std::move(text), SIZE_MAX, known);
  check(table.is_whole && table.rows == rows, "quoted cells come back");
}

bool is_formula(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos;
}

void check_exported(std::string_view input) {
  Cells cells = split(input, '\x1F');
  cells.resize(6);
  const UserView user{.id = cells[0],
                      .name = cells[1],
                      .email = cells[2],
                      .department = cells[3],
                      .role = cells[4],
                      .active = true,
                      .extension = cells[5],
                      .updated_at = {}};
  cells.insert(cells.begin() + 5, "true");
  std::string text;
  append_export_header(text, ExportFormat::csv);
  append_export_row(text, ExportFormat::csv, user);
  const Table table = read(std::move(text));
  check(table.is_whole && table.rows.size() == 2 && table.rows[1].line == 2, "a row is a record");
  check(table.rows[1].cells.size() == column_names.size(), "a row has all columns");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string& cell = table.rows[1].cells[i];
    check(cell == cells[i] || cell == "'" + cells[i], "a cell comes back");
    check(!is_formula(cell), "no cell is a formula");
  }
}

void run(std::string_view text) {
  check_reading(text);
  for (const char separator : {',', ';', '\t'}) {
    check_quoted(text, separator);
  }
  check_exported(text);
}

const Target target("csv", run);

}  // namespace
}  // namespace ringbook::fuzz
