// What the operator should know of a key in a JWK set.
#pragma once

#include <string>

#include "base/log.h"

namespace ringbook {

// The text holds nothing of the key but its `kid`.
struct KeyWarning {
  bool is_left_out = true;  // Else the key is used all the same.
  std::string text;

  bool operator==(const KeyWarning&) const = default;
};

// A line of the log.
void tell(Log& log, const KeyWarning& warning);

}  // namespace ringbook
