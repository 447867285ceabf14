// The environment that tests give to programs: their own without what begins with RINGBOOK_. There
// the program under test looks for its settings, and the tests for how they are to run.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

namespace ringbook::test {

inline std::vector<std::string> environment_without_settings() {
  std::vector<std::string> out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("RINGBOOK_")) {
      out.emplace_back(*variable);
    }
  }
  return out;
}

// As the functions that run programs take them. Lifetime: that of `words`, unchanged.
inline std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) {
    out.push_back(word.data());
  }
  out.push_back(nullptr);
  return out;
}

}  // namespace ringbook::test
