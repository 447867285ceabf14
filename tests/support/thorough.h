// How often tests repeat what chance decides: some rounds as a rule, many where RINGBOOK_THOROUGH
// is set, as `script/ci --nightly` does.
#pragma once

#include <cstdlib>

namespace ringbook::test {

inline bool is_thorough() {
  return std::getenv("RINGBOOK_THOROUGH") != nullptr;
}

inline int rounds(int as_a_rule, int thorough) {
  return is_thorough() ? thorough : as_a_rule;
}

}  // namespace ringbook::test
