// Comma-separated values as RFC 4180 writes them, strictly: LF or CRLF, cells in quotes where they
// need them, a quote doubled inside quotes. Lines without anything are skipped. Semicolons or tabs
// may stand for the commas: the first of the three outside quotes in the first record separates the
// cells of the whole file. Beyond that, a cell may be a text that is written as a formula
// (="0123").
//
// Encoding is not this file's concern: cells are bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/byte_source.h"
#include "import/file_place.h"

namespace ringbook {

// One record; reused from one to the next.
class CsvRecord {
 public:
  std::size_t size() const { return cells_.size(); }
  std::string_view cell(std::size_t index) const;
  FilePlace place(std::size_t index) const { return cells_[index].place; }
  std::uint32_t line() const { return line_; }

  // Why the record cannot be taken: its first odd cell. What is left of such a cell is passed over.
  struct Fault {
    FilePlace place;
    std::string what;
  };
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  friend class CsvReader;
  struct Cell {
    std::size_t end;  // In text_; a cell begins where the one before it ends.
    FilePlace place;
  };
  std::uint32_t line_ = 0;
  std::string text_;
  std::vector<Cell> cells_;
  std::optional<Fault> fault_;
};

class CsvReader {
 public:
  static constexpr char undecided = 0;
  // Lifetime: `source` outlives the reader.
  explicit CsvReader(ByteSource& source, char separator = undecided, std::uint32_t first_line = 1)
      : source_(source), separator_(separator), next_{.line = first_line, .column = 1} {}

  // Reads the next record; false at the end. A quote out of place is a fault of its record. Errors:
  // invalid (quotes that do not close, a CR without LF, a record over limits::import_record_bytes;
  // nothing can be read after it), unavailable (the file cannot be read on).
  Result<bool> next(CsvRecord& record);
  // What separates cells, once a record was read.
  char separator() const { return separator_; }

 private:
  bool is_separator(int byte) const {
    return separator_ == undecided ? byte == ',' || byte == ';' || byte == '\t'
                                   : byte == separator_;
  }
  bool ends_cell(int byte) const {
    return is_separator(byte) || byte == '\n' || byte == '\r' || byte == ByteSource::end;
  }
  int take();
  Result<void> read_cell(CsvRecord& record);
  Result<void> read_quoted(CsvRecord& record);
  Result<void> read_plain(CsvRecord& record);
  void take_plain(std::string_view text, CsvRecord& record);
  void pass_over_cell(CsvRecord& record, std::string_view what);
  // Whether the record goes on after a cell.
  Result<bool> read_separator();
  Result<void> check_size(const CsvRecord& record) const;
  std::unexpected<Error> fail_here(std::string_view what) const;

  ByteSource& source_;
  char separator_;
  FilePlace next_;
};

}  // namespace ringbook
