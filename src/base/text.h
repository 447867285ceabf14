// Facts about UTF-8 text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// Takes the first code point off `text`; nothing, and one byte taken off, where `text` does not
// begin with a valid one. Needs a text that is not empty. See: RFC 3629 §4.
std::optional<char32_t> take_code_point(std::string_view& text);
// Takes it off as the bytes that it is: at least one, whatever they are.
std::string_view take_character(std::string_view& text);
// Whether it is a control character (C0, DEL, C1), one of the line ends U+2028 and U+2029, or one
// of the characters that reverse what is written (U+202A to U+202E, U+2066 to U+2069): what could
// break a line of a log, steer a terminal, or show a text as another one.
bool is_control_or_separator(char32_t point);
// The number of code points, or nothing when `text` is not valid UTF-8 (RFC 3629).
std::optional<std::size_t> count_code_points(std::string_view text);
// Whether it holds a control character (C0, DEL, C1). Needs valid UTF-8.
bool has_control_characters(std::string_view text);
bool is_ascii(std::string_view text);
// Lower case in ASCII only; other bytes stay.
std::string ascii_lower(std::string_view text);
bool equals_ignoring_ascii_case(std::string_view a, std::string_view b);
// Without what cannot be seen (blanks of every script, marks of no width) at its edges. Invalid
// UTF-8 counts as seen.
std::string_view trimmed(std::string_view text);
// The first character that cannot be seen, other than a space.
std::optional<char32_t> find_unseen(std::string_view text);
// "U+00A0", for messages.
std::string code_point_name(char32_t point);
// Composed (NFC), so that two ways to write one text are the same. Invalid UTF-8 gives the bytes as
// they are.
std::string composed(std::string_view text);
// For keys that people type: composed and in lower case, without what cannot be seen at the edges
// and without marks of no width anywhere. Invalid UTF-8 gives the bytes as they are.
std::string fold_for_keys(std::string_view text);
// For searching: case folded, marks (diacritics) and what has no width removed, and blanks, dashes
// and apostrophes of every kind as those of ASCII; "Ærø Çelik" gives "ærø celik".
// Invalid UTF-8 gives the bytes as they are.
std::string fold_for_search(std::string_view text);

}  // namespace ringbook
