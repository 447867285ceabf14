#include "cli/console.h"

#include <unistd.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace ringbook {
namespace {

std::size_t width_of(std::string_view text) {
  return count_code_points(text).value_or(text.size());
}

}  // namespace

Console::Console(std::FILE* out, std::FILE* err, bool no_color)
    : out_(out),
      err_(err),
      out_is_terminal_(isatty(fileno(out)) != 0),
      can_rewrite_(isatty(fileno(err)) != 0 && !no_color),
      colors_(out_is_terminal_ && !no_color) {}

void Console::write_out(std::string_view bytes) {
  out_failed_ |= std::fwrite(bytes.data(), 1, bytes.size(), out_) != bytes.size();
}

void Console::print(std::string_view text) {
  if (out_is_terminal_) {
    write_out(printable(text, true));
  } else {
    write_out(text);
  }
}

void Console::print_heading(std::string_view line) {
  const std::string shown = printable(line);
  write_out((colors_ ? "\x1b[1m" + shown + "\x1b[0m" : shown) + "\n");
}

void Console::note(std::string_view text) {
  const std::string line = printable(text, true) + "\n";
  out_failed_ |= std::fflush(out_) != 0;
  std::fwrite(line.data(), 1, line.size(), err_);
  std::fflush(err_);
}

void Console::complain(std::string_view text) {
  note("ringbook: " + std::string(text));
}

void Console::rewrite_line(std::string_view text) {
  if (can_rewrite_) {
    const std::string line = "\r\x1b[K" + printable(text);
    std::fwrite(line.data(), 1, line.size(), err_);
    std::fflush(err_);
  }
}

Result<void> Console::finish() {
  if (std::fflush(out_) != 0 || out_failed_) {
    return fail(Errc::unavailable, "standard output did not take everything that was printed");
  }
  return {};
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {
  for (const auto& heading : headings_) {
    widths_.push_back(width_of(heading));
  }
}

void Table::add(std::vector<std::string> cells) {
  check(cells.size() == widths_.size(), "a row has a cell for each heading");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = printable(cells[i]);
    widths_[i] = std::max(widths_[i], width_of(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

std::string Table::line(const std::vector<std::string>& cells) const {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out += cells[i];
    if (i + 1 < cells.size()) {
      out.append(widths_[i] - width_of(cells[i]) + 2, ' ');
    }
  }
  const std::size_t last = out.find_last_not_of(' ');
  out.resize(last == std::string::npos ? 0 : last + 1);
  return out;
}

void Table::flush(Console& console) {
  if (!headings_printed_) {
    console.print_heading(line(headings_));
    headings_printed_ = true;
  }
  for (const auto& row : rows_) {
    console.print(line(row) + "\n");
  }
  rows_.clear();
}

}  // namespace ringbook
