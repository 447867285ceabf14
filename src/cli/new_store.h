// Stores that commands make as a whole, verified before anything is said of them.
#pragma once

#include <functional>
#include <string>

#include "cli/commands.h"
#include "store/open.h"

namespace ringbook {

// Has `make` fill the store, which is a folder that is not there or empty, or a new database. A
// folder is checked then as doctor would; with a fault it is gone again. Errors: those of `make`;
// invalid (the folder is not empty), damaged (what was made is not as it must be).
Result<BackupSummary> make_store(const Context& context, const StoreSettings& store,
                                 const std::function<Result<BackupSummary>(const Upkeep&)>& make);

// The folder of a store; of a database its URL without what may be a secret.
std::string place_of(const StoreSettings& store);

}  // namespace ringbook
