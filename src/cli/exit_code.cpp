#include "cli/exit_code.h"

namespace ringbook {

ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::invalid: return ExitCode::refused;
    case Errc::not_found: return ExitCode::refused;
    case Errc::unauthenticated: return ExitCode::refused;
    case Errc::not_permitted: return ExitCode::refused;
    case Errc::overloaded: return ExitCode::unavailable;
    case Errc::unavailable: return ExitCode::unavailable;
    case Errc::no_space: return ExitCode::unavailable;
    case Errc::locked: return ExitCode::unavailable;
    case Errc::damaged: return ExitCode::damaged;
    case Errc::newer: return ExitCode::unavailable;
    case Errc::usage: return ExitCode::usage;
    case Errc::internal: return ExitCode::bug;
  }
  return ExitCode::bug;
}

}  // namespace ringbook
