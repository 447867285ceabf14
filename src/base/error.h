// Errors are values. `Errc` is closed and speaks of what happened, never of a protocol: one switch
// in api/problem.cpp turns it into HTTP, one in cli/exit_code.cpp into an exit code.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace ringbook {

enum class Errc {
  invalid,          // What was given breaks a documented rule.
  not_found,        // What was named does not exist.
  unauthenticated,  // No acceptable proof of who is asking.
  not_permitted,    // Known, but not allowed to do this.
  read_only,        // What was named belongs to another program. Nothing was changed.
  overloaded,       // A bound is reached; later it may go through. Nothing was changed.
  unavailable,      // The outcome is unknown, or the service cannot be reached.
  no_space,         // The volume is full. Nothing was changed.
  locked,           // Another process has the data folder.
  damaged,          // Stored data contradicts itself or cannot be read.
  newer,            // Stored data was written by a newer program.
  usage,            // A setting or an argument is wrong.
  internal,         // A bug of ours.
};

// `detail` is for the operator (log, command line); it never reaches an HTTP client.
struct Error {
  Errc code = Errc::internal;
  std::string detail;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string detail = {}) {
  return std::unexpected(Error{code, std::move(detail)});
}

// The stable name of a code, for logs.
std::string_view name_of(Errc code);

}  // namespace ringbook
