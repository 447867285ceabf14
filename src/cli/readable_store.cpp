#include "cli/readable_store.h"

#include <unistd.h>

#include <string>

#include "cli/upkeep_report.h"

namespace ringbook {

Result<ReadableStore> ReadableStore::open(const Settings& settings, const OnUpkeepStep& step) {
  ReadableStore store(settings.store_settings());
  const auto folder = store_folder(store.settings_);
  if (!folder || ::access(folder->c_str(), W_OK) == 0) {
    return store;
  }
  // Whoever writes there from elsewhere has what SQLite needs.
  const auto kept = DataFolder::keep_free(settings.data);
  if (!kept) {
    return store;
  }
  const auto scratch = scratch_folder();
  if (!scratch) {
    return std::unexpected(scratch.error());
  }
  auto copy = copy_store(store.settings_, *scratch, step);
  if (!copy) {
    return std::unexpected(std::move(copy.error()));
  }
  store.settings_.url = std::string(sqlite_scheme) + copy->path().string();
  store.copy_.emplace(*std::move(copy));
  return store;
}

}  // namespace ringbook
