#include "cli/exit_code.h"

#include <utility>

namespace ringbook {

ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::invalid: return ExitCode::refused;
    case Errc::not_found: return ExitCode::refused;
    case Errc::unauthenticated: return ExitCode::refused;
    case Errc::not_permitted: return ExitCode::refused;
    case Errc::read_only: return ExitCode::refused;
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

std::string_view meaning_of(ExitCode code) {
  switch (code) {
    case ExitCode::done: return "done";
    case ExitCode::refused:
      return "refused, each reason printed; of doctor: findings that lose nothing";
    case ExitCode::usage: return "wrong usage or settings";
    case ExitCode::unavailable: return "not reachable, locked or unavailable";
    case ExitCode::damaged: return "damaged data; of doctor: at least one finding is damage";
    case ExitCode::bug: break;
  }
  return "a bug of ours";
}

std::string exit_code_lines() {
  std::string out;
  for (const ExitCode code : all_exit_codes) {
    std::string number = std::to_string(std::to_underlying(code));
    number.resize(4, ' ');
    out += (out.empty() ? "  " : "\n  ") + number + std::string(meaning_of(code));
  }
  return out;
}

}  // namespace ringbook
