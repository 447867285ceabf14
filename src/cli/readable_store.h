// A store for commands that only read it, wherever its files lie.
#pragma once

#include <optional>
#include <utility>

#include "cli/settings.h"
#include "store/data_folder.h"
#include "store/open.h"

namespace ringbook {

// Threads: one at a time.
class ReadableStore {
 public:
  // The store itself; where nothing can be written beside its files, as SQLite must even to read, a
  // private copy of them, unless a server has the folder. Errors: those of copy_store.
  static Result<ReadableStore> open(const Settings& settings, const OnUpkeepStep& step);

  const StoreSettings& settings() const { return settings_; }

 private:
  explicit ReadableStore(StoreSettings settings) : settings_(std::move(settings)) {}

  StoreSettings settings_;
  std::optional<StoreCopy> copy_;
};

}  // namespace ringbook
