// Regular expressions (ECMAScript) for tests. <regex> takes seconds to compile; here it is compiled
// once.
#pragma once

#include <string>
#include <vector>

namespace ringbook::test {

// A match: the whole of it, then its groups, "" for those that took no part.
using Match = std::vector<std::string>;

// From the beginning of `text` to its end.
std::vector<Match> matches_in(const std::string& text, const std::string& pattern);
// The first one; empty when there is none.
Match match_in(const std::string& text, const std::string& pattern);
// The one that is all of `text`; empty when there is none.
Match match_of_all(const std::string& text, const std::string& pattern);
// `text` with `by` in place of every match.
std::string replaced(const std::string& text, const std::string& pattern, const std::string& by);

}  // namespace ringbook::test
