// From the words of a command line to a command, its settings, and an exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/settings.h"

namespace ringbook {

// Runs the program. `words` are the arguments without the program's name.
ExitCode run_program(const std::vector<std::string>& words, const NamesAndValues& environment,
                     Console& console);

}  // namespace ringbook
