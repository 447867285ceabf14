// Variables of the environment that look like settings and are none.
#pragma once

#include <string_view>

#include "cli/settings.h"

namespace ringbook {

// Whether Kubernetes, or a link between containers, makes this variable of the environment for a
// service whose name begins with "ringbook": by the form of the name and of the value, so that a
// misspelt setting is not taken for one.
// See: Kubernetes, "Discovering services"; Docker, "Legacy container links".
bool is_made_by_surroundings(std::string_view variable, std::string_view value,
                             const NamesAndValues& environment);

}  // namespace ringbook
