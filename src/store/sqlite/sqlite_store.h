// The embedded engine: the registry in memory, the journal on the loop, the fold behind it.
// The two files in its folder, `journal.db` and `directory.db`, belong to it alone while it lives.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "directory/store.h"

namespace ringbook {

struct SqliteSettings {
  std::filesystem::path folder;
  std::string
      vfs;  // The SQLite VFS to use, "" for that of all our databases; fault tests give their own.
  // Nobody waits for answers meanwhile: the fold may keep the disk to itself.
  bool is_alone = false;
  // How long few changes must have come before they are folded; tests give their own.
  std::chrono::milliseconds fold_delay = limits::fold_delay;
};

// Opens or makes the files, brings them to this program's schema, and replays what was not folded.
// Lifetime: what is given outlives the store. Errors: damaged, newer, no_space, unavailable.
// `on_failure`: see open_store.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteSettings& settings, Loop& loop,
                                                 const Clock& clock, Metrics& metrics, Log& log,
                                                 std::move_only_function<void(Error)> on_failure);

// See read_snapshot in store/open.h. Opens both files for reading only and leaves them as they
// were.
Result<std::uint64_t> read_sqlite_snapshot(const SqliteSettings& settings,
                                           std::move_only_function<Result<void>(const User&)> each);

}  // namespace ringbook
