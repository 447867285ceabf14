// What somebody may have meant whose command line cannot be read.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace ringbook {

// Which word it is that `program`, which has read `words`, has no use for; and, where that is
// clear, what was meant: a flag behind the command instead of before it, with the line that is
// right, or another word that is much like it. `can_read` says whether words are right.
std::string what_was_unexpected(
    const CLI::App& program, const std::vector<std::string>& words,
    const std::function<bool(const std::vector<std::string>& words)>& can_read);

// "; did you mean --data?": the flag of `command`, or the command inside it, that `word` is near
// to; "" when there is none.
std::string did_you_mean(const CLI::App& command, const std::string& word);

}  // namespace ringbook
