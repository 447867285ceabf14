#include "base/error.h"

#include <cstdio>
#include <cstdlib>

#include "base/check.h"

namespace ringbook {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::invalid: return "invalid";
    case Errc::not_found: return "not_found";
    case Errc::unauthenticated: return "unauthenticated";
    case Errc::not_permitted: return "not_permitted";
    case Errc::read_only: return "read_only";
    case Errc::overloaded: return "overloaded";
    case Errc::unavailable: return "unavailable";
    case Errc::no_space: return "no_space";
    case Errc::locked: return "locked";
    case Errc::damaged: return "damaged";
    case Errc::newer: return "newer";
    case Errc::usage: return "usage";
    case Errc::internal: return "internal";
  }
  return "internal";
}

void check_failed(const char* what, std::source_location where) {
  std::fprintf(stderr, "ringbook: broken invariant: %s (%s:%u)\n", what, where.file_name(),
               static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace ringbook
