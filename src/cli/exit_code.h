// What the process says to the shell when it ends.
#pragma once

#include <array>
#include <string>
#include <string_view>

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

inline constexpr std::array all_exit_codes{ExitCode::done,    ExitCode::refused,
                                           ExitCode::usage,   ExitCode::unavailable,
                                           ExitCode::damaged, ExitCode::bug};

ExitCode exit_code_of(Errc code);

// What it tells people.
std::string_view meaning_of(ExitCode code);
// All of them for the help, one a line: "  0   done".
std::string exit_code_lines();

}  // namespace ringbook
