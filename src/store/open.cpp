#include "store/open.h"

#include "store/draft_file.h"
#include "store/memory/memory_store.h"
#include "store/mongo/inspect.h"
#include "store/mongo/open.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/sqlite_store.h"

namespace ringbook {
namespace {

std::unexpected<Error> unknown(const std::string& url) {
  // Not shown whole: one of a database may have a password.
  return fail(Errc::usage, "unknown store '" + url.substr(0, url.find(':') + 1) +
                               "'; allowed are sqlite:, sqlite:PATH, memory:, mongodb://… and "
                               "mongodb+srv://…");
}

SqliteSettings sqlite_settings(const StoreSettings& settings) {
  const std::string path = settings.url.substr(sqlite_scheme.size());
  return {.folder = path.empty() ? settings.data : std::filesystem::path(path),
          .vfs = "",
          .is_alone = settings.is_alone};
}

mongo::Settings mongo_settings(const StoreSettings& settings) {
  mongo::Settings out = settings.mongo;
  out.url = settings.url;
  return out;
}

}  // namespace

bool is_store_url(std::string_view url) {
  return url == memory_scheme || url.starts_with(sqlite_scheme) || is_database_url(url);
}

bool is_database_url(std::string_view url) {
  return url.starts_with(mongo_scheme) || url.starts_with(mongo_srv_scheme);
}

Result<std::unique_ptr<Store>> open_store(const StoreSettings& settings, Loop& loop,
                                          const Clock& clock, Metrics& metrics, Log& log,
                                          std::move_only_function<void(Error)> on_failure) {
  if (settings.url == memory_scheme) {
    return make_memory_store(loop, clock);
  }
  if (is_database_url(settings.url)) {
    return open_mongo_store(mongo_settings(settings), settings.shared, settings.people, loop, clock,
                            log, std::move(on_failure));
  }
  if (!settings.url.starts_with(sqlite_scheme)) {
    return unknown(settings.url);
  }
  return open_sqlite_store(sqlite_settings(settings), loop, clock, metrics, log,
                           std::move(on_failure));
}

Result<std::uint64_t> read_snapshot(const StoreSettings& settings,
                                    std::move_only_function<Result<void>(const User&)> each) {
  if (is_database_url(settings.url)) {
    return fail(Errc::usage, "a database is read through a server of it; name one with --server");
  }
  if (!settings.url.starts_with(sqlite_scheme)) {
    return unknown(settings.url);
  }
  return read_sqlite_snapshot(sqlite_settings(settings), std::move(each));
}

Result<std::filesystem::path> store_folder(const StoreSettings& settings) {
  if (settings.url == memory_scheme) {
    return fail(Errc::usage, "memory: keeps no files");
  }
  if (is_database_url(settings.url)) {
    return fail(Errc::usage, "a database of MongoDB is no folder; its own tools copy it");
  }
  if (!settings.url.starts_with(sqlite_scheme)) {
    return unknown(settings.url);
  }
  return sqlite_settings(settings).folder;
}

Result<Inspection> inspect_store(const StoreSettings& settings,
                                 const std::filesystem::path& scratch, const OnFinding& found,
                                 const OnUpkeepStep& step) {
  if (is_database_url(settings.url)) {
    const SystemClock clock;
    return mongo::inspect(mongo_settings(settings), clock, found, step);
  }
  const auto folder = store_folder(settings);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  return inspect_sqlite(*folder, scratch, found, step);
}

Result<Adoption> adopt_people(const StoreSettings& settings, bool only_plans, const Clock& clock,
                              Log& log, const OnUpkeepStep& step) {
  if (!is_database_url(settings.url)) {
    return fail(Errc::usage,
                "only people in a database can be adopted: name one with --store mongodb://…");
  }
  return mongo::adopt(mongo_settings(settings), only_plans, clock, log, step);
}

Result<StoreCopy> copy_store(const StoreSettings& settings, const std::filesystem::path& scratch,
                             const OnUpkeepStep& step) {
  const auto folder = store_folder(settings);
  return folder ? StoreCopy::make(*folder, scratch, step) : std::unexpected(folder.error());
}

Result<BackupSummary> back_up_store(const StoreSettings& settings, const std::filesystem::path& to,
                                    bool may_replace, const Clock& clock,
                                    const OnUpkeepStep& step) {
  if (const auto folder = store_folder(settings); !folder) {
    return std::unexpected(folder.error());
  }
  auto draft =
      DraftFile::make(to, may_replace ? DraftFile::Existing::replace : DraftFile::Existing::refuse);
  if (!draft) {
    return std::unexpected(std::move(draft.error()));
  }
  auto summary = back_up_sqlite(sqlite_settings(settings), draft->path(), clock, step);
  if (!summary) {
    return summary;
  }
  if (auto published = draft->publish(); !published) {
    return std::unexpected(std::move(published.error()));
  }
  return summary;
}

Result<BackupSummary> restore_store(const StoreSettings& settings,
                                    const std::filesystem::path& backup, const OnUpkeepStep& step) {
  const auto folder = store_folder(settings);
  if (!folder) {
    return std::unexpected(folder.error());
  }
  return restore_sqlite(backup, sqlite_settings(settings), step);
}

}  // namespace ringbook
