// A fuzz target: one parser and the properties that it must keep, whatever it is given.
#pragma once

#include <string_view>

namespace ringbook::fuzz {

// Puts one input before the parser; each target defines it. A property that does not hold ends the
// process through `check`.
void run(std::string_view input);

}  // namespace ringbook::fuzz
