// What a shell offers when somebody asks it to complete a command line of ringbook.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace ringbook {

// What can stand in place of the last of `words`, which may be unfinished: one a line. Where that
// is a path the only line is ":files BEGINNING" or ":folders BEGINNING", and the shell offers what
// there is in its file system after that beginning, which may be empty: "--config=".
std::string completions_of(const CLI::App& program, std::span<const std::string> words);

}  // namespace ringbook
