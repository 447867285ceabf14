// The grammar of the command line, as CLI11 reads it: the one place that knows that library.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "cli/commands.h"
#include "cli/settings.h"

namespace ringbook {

// A command with its arguments, ready to run, and the settings given as flags.
struct ChosenCommand {
  std::function<CommandResult(const Context&)> run;
  NamesAndValues flags;
  bool print_config = false;  // The settings are to be shown instead.
};

// A text to print instead of running anything: help, the overview, or what a shell asks for to
// complete the words that follow `ringbook complete`.
struct HelpText {
  std::string text;
};

// Errors: usage, with where help is found.
Result<std::variant<ChosenCommand, HelpText>> parse_command_line(
    const std::vector<std::string>& words);

}  // namespace ringbook
