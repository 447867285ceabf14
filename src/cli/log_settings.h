// The log's form as the settings leave it.
#pragma once

#include <unistd.h>

#include "cli/settings.h"

namespace ringbook {

// The configured form, else text for a person at a terminal and JSON for a program.
inline LogFormat log_format_of(const Settings& settings) {
  return settings.log_format.value_or(isatty(STDERR_FILENO) != 0 ? LogFormat::text
                                                                 : LogFormat::json);
}

}  // namespace ringbook
