// A broken invariant is a bug: `check` aborts, in every build, naming the place.
#pragma once

#include <source_location>

namespace ringbook {

[[noreturn]] void check_failed(const char* what, std::source_location where);

inline void check(bool holds, const char* what,
                  std::source_location where = std::source_location::current()) {
  if (!holds) [[unlikely]] {
    check_failed(what, where);
  }
}

}  // namespace ringbook
