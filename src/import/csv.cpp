#include "import/csv.h"

#include <algorithm>

#include "base/limits.h"

namespace ringbook {
namespace {

// Every byte of UTF-8 does but a continuation.
constexpr bool begins_code_point(int byte) {
  return (byte & 0xC0) != 0x80;
}

}  // namespace

std::string_view CsvRecord::cell(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : cells_[index - 1].end;
  return std::string_view(text_).substr(begin, cells_[index].end - begin);
}

Result<bool> CsvReader::next(CsvRecord& record) {
  while (source_.peek() == '\n' || source_.peek() == '\r') {
    if (const auto skipped = read_separator(); !skipped) {
      return skipped;
    }
  }
  if (source_.has_failed()) {
    return fail(Errc::unavailable, "the file cannot be read on");
  }
  if (source_.peek() == ByteSource::end) {
    return false;
  }
  record.text_.clear();
  record.cells_.clear();
  record.fault_.reset();
  record.line_ = next_.line;
  for (bool more = true; more;) {
    const FilePlace place = next_;
    if (const auto read = read_cell(record); !read) {
      return std::unexpected(read.error());
    }
    record.cells_.push_back({record.text_.size(), place});
    if (const auto fits = check_size(record); !fits) {
      return std::unexpected(fits.error());
    }
    const auto goes_on = read_separator();
    if (!goes_on) {
      return goes_on;
    }
    more = *goes_on;
  }
  if (separator_ == undecided) {
    separator_ = ',';
  }
  return true;
}

// A cell begins with a quote, or with the formula that stands for a text, or is plain.
Result<void> CsvReader::read_cell(CsvRecord& record) {
  if (source_.peek() == '"') {
    return read_quoted(record);
  }
  if (source_.peek() != '=') {
    return read_plain(record);
  }
  take_plain("=", record);
  if (source_.peek() != '"') {
    return read_plain(record);
  }
  record.text_ += '"';
  auto read = read_quoted(record);
  record.text_ += '"';
  return read;
}

int CsvReader::take() {
  const int byte = source_.take();
  if (byte == '\n') {
    ++next_.line;
    next_.column = 1;
  } else if (begins_code_point(byte)) {
    ++next_.column;
  }
  return byte;
}

Result<void> CsvReader::read_quoted(CsvRecord& record) {
  const FilePlace opened = next_;
  take();
  for (;;) {
    const int byte = take();
    if (byte == ByteSource::end) {
      next_ = opened;
      return fail_here("the quote that opens this cell is never closed");
    }
    if (byte == '"') {
      if (source_.peek() != '"') {
        break;
      }
      take();
    }
    record.text_ += static_cast<char>(byte);
    if (const auto fits = check_size(record); !fits) {
      return fits;
    }
  }
  if (!ends_cell(source_.peek())) {
    pass_over_cell(record, "text after a closing quote; a quote inside quotes is written twice");
  }
  return {};
}

// One odd cell costs its record, and no other: the cells behind it are read as ever, since a line
// end inside quotes ends no record.
void CsvReader::pass_over_cell(CsvRecord& record, std::string_view what) {
  if (!record.fault_) {
    record.fault_ = CsvRecord::Fault{next_, std::string(what)};
  }
  while (!ends_cell(source_.peek())) {
    take();
  }
}

Result<void> CsvReader::read_plain(CsvRecord& record) {
  // As much at once as the buffer has of the cell: most bytes of most files come this way.
  for (;;) {
    const std::string_view ahead = source_.ahead();
    // Unsigned, so that no byte is taken for the end.
    const auto stop =
        std::ranges::find_if(ahead, [this](unsigned char c) { return c == '"' || ends_cell(c); });
    take_plain(std::string_view(ahead.begin(), stop), record);
    if (const auto fits = check_size(record); !fits) {
      return fits;
    }
    if (ends_cell(source_.peek())) {
      return {};
    }
    if (source_.peek() == '"') {
      pass_over_cell(record, "a quote in a cell that does not begin with one");
    }
  }
}

void CsvReader::take_plain(std::string_view text, CsvRecord& record) {
  record.text_ += text;
  next_.column += static_cast<std::uint32_t>(std::ranges::count_if(text, begins_code_point));
  source_.skip(text.size());
}

Result<bool> CsvReader::read_separator() {
  const int byte = take();
  if (byte == '\r' && take() != '\n') {
    return fail_here(
        "a carriage return without a line feed: save the file with line ends of Windows or Unix");
  }
  if (!is_separator(byte)) {
    return false;
  }
  separator_ = static_cast<char>(byte);
  return true;
}

Result<void> CsvReader::check_size(const CsvRecord& record) const {
  if (record.text_.size() <= limits::import_record_bytes &&
      record.cells_.size() <= limits::import_record_bytes) {
    return {};
  }
  return fail_here("a record longer than " + std::to_string(limits::import_record_bytes) +
                   " bytes");
}

std::unexpected<Error> CsvReader::fail_here(std::string_view what) const {
  return fail(Errc::invalid, next_.text() + ": " + std::string(what));
}

}  // namespace ringbook
