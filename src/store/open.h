// From `--store` to a Store.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "directory/shared_store.h"
#include "directory/store.h"
#include "directory/upkeep.h"
#include "store/mongo/adopt.h"
#include "store/mongo/settings.h"
#include "store/sqlite/scratch_copy.h"

namespace ringbook {

// How the URLs of stores begin. The embedded one is in the folder that follows, in the data folder
// when none does; nothing follows the one that forgets.
inline constexpr std::string_view sqlite_scheme = "sqlite:";
inline constexpr std::string_view memory_scheme = "memory:";
// A database that others share follows; its address is looked up in the second one's domain.
inline constexpr std::string_view mongo_scheme = "mongodb://";
inline constexpr std::string_view mongo_srv_scheme = "mongodb+srv://";
// The store of those who name none.
inline constexpr std::string_view default_store = sqlite_scheme;

// Whether there is a store with this URL.
bool is_store_url(std::string_view url);
// Whether it is one in a database that others share, and not in files of this machine.
bool is_database_url(std::string_view url);

struct StoreSettings {
  std::string url{default_store};
  std::filesystem::path data;  // The data folder.
  bool is_alone = false;       // Nobody waits for answers while something large is written.
  // Where a database of MongoDB has its people; its `url` is the one above.
  mongo::Settings mongo = {};
  SharedSettings shared = {};
  // Who makes and removes the people there; nothing: as the database says.
  std::optional<People> people = std::nullopt;
};

// Lifetime: what is given outlives the store. Errors: usage (unknown URL), damaged, newer,
// no_space, unavailable. `on_failure` is called once, on the loop, when the store can promise
// nothing any more (a failed sync): the process should say so and exit 3.
Result<std::unique_ptr<Store>> open_store(const StoreSettings& settings, Loop& loop,
                                          const Clock& clock, Metrics& metrics, Log& log,
                                          std::move_only_function<void(Error)> on_failure);

// The whole directory as one snapshot at one change, also while a server has the folder: users in
// order of id. For exports. Errors: those of open_store; `each` may end it with an error.
Result<std::uint64_t> read_snapshot(const StoreSettings& settings,
                                    std::move_only_function<Result<void>(const User&)> each);

// --- upkeep --------------------------------------------------------------------------------------

// Where a store has its files. Errors: usage (memory:, unknown URL).
Result<std::filesystem::path> store_folder(const StoreSettings& settings);

// Checks every invariant of the store and changes nothing of it; of files it needs room for a copy
// in `scratch`. Errors: usage, locked (a process has them), no_space, unavailable.
Result<Inspection> inspect_store(const StoreSettings& settings,
                                 const std::filesystem::path& scratch, const OnFinding& found,
                                 const OnUpkeepStep& step);

// A private copy of a store's files, gone with its owner: a store of its own in the folder
// `path()`.
using StoreCopy = sqlite::ScratchCopy;
// Needs the store to be used by nobody. Errors: usage; those of StoreCopy::make.
Result<StoreCopy> copy_store(const StoreSettings& settings, const std::filesystem::path& scratch,
                             const OnUpkeepStep& step);

using mongo::Adoption;
// See mongo::adopt. Errors also: usage (a store that is no database).
Result<Adoption> adopt_people(const StoreSettings& settings, bool only_plans, const Clock& clock,
                              Log& log, const OnUpkeepStep& step);

// What long upkeep is given beside its stores: a clock, a log, where it may have room for a while,
// and who is told how far it is.
struct Upkeep {
  const Clock& clock;
  Log& log;
  const std::filesystem::path& scratch;
  const OnUpkeepStep& step;
};

// Writes everything of one moment to the file `to`, also while servers use the store. `to` is there
// whole or not at all. A database needs room for its directory in `scratch`. Durability: it
// survives power loss once this returns. Errors: those of open_store; invalid (`to` is there and
// may not be replaced).
Result<BackupSummary> back_up_store(const StoreSettings& settings, const std::filesystem::path& to,
                                    bool may_replace, const Upkeep& upkeep);

// Makes the store's files from a backup in a folder that has none, or fills a new database. Errors:
// usage (a database that is not new), damaged (the backup), newer, no_space, unavailable.
Result<BackupSummary> restore_store(const StoreSettings& settings,
                                    const std::filesystem::path& backup, const Upkeep& upkeep);

// Everything of one store with its whole history, into another that is new: a folder without files,
// or a database without people. A folder must be used by nobody meanwhile. Until it is whole no
// server takes what was made; a database is checked before that, as doctor would. Durability: it
// survives power loss once this returns. Errors: usage (memory:, two of one kind, a database that
// is not new, people whom another program keeps), locked (a server has the folder), damaged, newer,
// no_space, unavailable.
Result<BackupSummary> copy_directory(const StoreSettings& from, const StoreSettings& to,
                                     const Upkeep& upkeep);

}  // namespace ringbook
