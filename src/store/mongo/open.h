// From a URL of MongoDB to a store.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/log.h"
#include "base/metrics.h"
#include "directory/shared_store.h"
#include "store/mongo/settings.h"

namespace ringbook {

// Waits for the database, and then folds its journal while the loop runs: what is asked meanwhile
// waits. The instance is given its name here, and `people` are settled with the database, see
// mongo::settle_keeper. Lifetime: what is given outlives the store. Errors: usage, unavailable.
// `on_failure` is called once, on the loop, when the store can promise nothing any more (the
// journal is damaged).
Result<std::unique_ptr<Store>> open_mongo_store(const mongo::Settings& settings,
                                                SharedSettings shared, std::optional<People> people,
                                                Loop& loop, const Clock& clock, Metrics& metrics,
                                                Log& log,
                                                std::move_only_function<void(Error)> on_failure);

}  // namespace ringbook
