// Where a command speaks: results on standard output, everything else on standard error.
//
// Invariants: 1. What goes to standard error or to a terminal, and every cell of a table, is
// printable but for our own line ends, whatever a file or a server put into it. 2. Colours and
// rewritten lines only on a terminal, and not where NO_COLOR asks for none.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/wording.h"

namespace ringbook {

class Console {
 public:
  Console(std::FILE* out, std::FILE* err, bool no_color);

  // Standard output, as it is; on a terminal made printable, so whole characters then.
  void print(std::string_view text);
  // Standard output: the line that heads a table.
  void print_heading(std::string_view line);
  // Standard error: one or more whole lines.
  void note(std::string_view text);
  // The same for what went wrong: "ringbook: …".
  void complain(std::string_view text);

  bool out_is_terminal() const { return out_is_terminal_; }
  // Whether a line of standard error can be rewritten: on a terminal that may be steered.
  bool can_rewrite() const { return can_rewrite_; }
  // Rewrites the last line of standard error; only where `can_rewrite`.
  void rewrite_line(std::string_view text);

  // Errors: unavailable, when standard output took not everything (a closed pipe, a full disk).
  Result<void> finish();

 private:
  void write_out(std::string_view bytes);

  std::FILE* out_;
  std::FILE* err_;
  bool out_is_terminal_;
  bool can_rewrite_;
  bool colors_;
  bool out_failed_ = false;
};

// Rows under headings, columns aligned by code points, two spaces between them, the last one
// ragged.
class Table {
 public:
  explicit Table(std::vector<std::string> headings);
  void add(std::vector<std::string> cells);
  // Prints the rows so far and forgets them; the headings only the first time. Widths only grow, so
  // a long list can be printed page by page.
  void flush(Console& console);

 private:
  std::string line(const std::vector<std::string>& cells) const;
  std::vector<std::string> headings_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
  bool headings_printed_ = false;
};

}  // namespace ringbook
