// How messages show texts and counts: what a file or a server put into them steers no terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ringbook {

// `text` with what is_control_or_separator names, and what is not UTF-8, replaced by U+FFFD; LF
// stays on request.
std::string printable(std::string_view text, bool keep_line_ends = false);
// `text` with each byte of that, and each backslash, as "\x1b": no two texts look the same.
std::string escaped(std::string_view text);
// As much of `text` as a message shows of it.
std::string_view shortened(std::string_view text);
// `text` in quotes for a message, shortened when long.
std::string in_quotes(std::string_view text);
// 1234567 gives "1,234,567".
std::string with_thousands(std::uint64_t number);
// "1 row", "2,000 rows".
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

}  // namespace ringbook
