// What the process says to the shell when it ends.
#pragma once

#include "base/error.h"

namespace ringbook {

enum class ExitCode : int {
  done = 0,
  refused = 1,      // Something was refused or found; each was printed.
  usage = 2,        // A command, an argument or a setting is wrong.
  unavailable = 3,  // Not reachable, locked, or the outcome is unknown.
  damaged = 4,      // Stored data contradicts itself.
  bug = 70,         // Ours (EX_SOFTWARE of sysexits.h).
};

ExitCode exit_code_of(Errc code);

}  // namespace ringbook
