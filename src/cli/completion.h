// What a shell offers when somebody asks it to complete a command line of ringbook.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace ringbook {

// What can stand in place of the last of `words`, which may be unfinished: one a line.
std::string completions_of(const CLI::App& program, std::span<const std::string> words);

}  // namespace ringbook
