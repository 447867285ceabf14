// What one turn decided, in order: what an engine makes durable together.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "directory/change.h"

namespace ringbook {

struct Batch {
  struct Set {
    std::string issuer;
    std::string subject;
    std::string request_id;
    std::size_t begin = 0;  // Its changes are [begin, end) of `changes`.
    std::size_t end = 0;
    OnWritten on_written = {};
  };
  std::vector<Set> sets;
  std::vector<Change> changes;
};

}  // namespace ringbook
