// From the settings to the sources of keys that a server checks tokens with.
#pragma once

#include <memory>
#include <vector>

#include "auth/key_source.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "cli/settings.h"
#include "store/data_folder.h"

namespace ringbook {

// The configured sources, else the secret that the data folder keeps, made when there is none.
// Errors: those of open_key_files, open_remote_source and ensure_secret_file_in. Lifetime:
// everything given but the settings and the folder outlives the sources.
Result<std::vector<std::unique_ptr<KeySource>>> open_key_sources(const Settings& settings,
                                                                 const DataFolder& folder,
                                                                 const Clock& clock, Loop& loop,
                                                                 Metrics& metrics, Log& log);

}  // namespace ringbook
