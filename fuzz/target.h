// A fuzz target: one parser and the properties that it must keep, whatever it is given.
#pragma once

#include <map>
#include <string_view>

namespace ringbook::fuzz {

// Puts one input before the parser. A property that does not hold ends the process through `check`.
using Run = void (*)(std::string_view input);

// Adds a target to those of the program. Each file of a target has one, outside all functions.
class Target {
 public:
  Target(std::string_view name, Run run);
};

// The targets that this program is made of, by name: one under libFuzzer, all where seeds are
// replayed.
const std::map<std::string_view, Run>& targets();

}  // namespace ringbook::fuzz
