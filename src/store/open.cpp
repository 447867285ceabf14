#include "store/open.h"

#include "base/limits.h"
#include "store/draft_file.h"
#include "store/memory/memory_store.h"
#include "store/mongo/database_reader.h"
#include "store/mongo/database_writer.h"
#include "store/mongo/inspect.h"
#include "store/mongo/keeper.h"
#include "store/mongo/open.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/files.h"
#include "store/sqlite/folder_writer.h"
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
                            metrics, log, std::move(on_failure));
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
    return fail(Errc::usage, "a database of MongoDB is no folder");
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

namespace {

// Needs that nobody writes meanwhile.
Result<BackupSummary> copy_folder(const SqliteSettings& from, DirectoryWriter& to,
                                  const Upkeep& upkeep) {
  auto done = sqlite::read_changes(from, [&](RecordedChange change) {
    upkeep.step({.phase = "copying changes", .unit = "changes", .done = change.change.sequence});
    return to.add(std::move(change));
  });
  if (!done) {
    return std::unexpected(std::move(done.error()));
  }
  std::uint64_t people = 0;
  const auto last = read_sqlite_snapshot(from, [&](const User& user) {
    upkeep.step({.phase = "copying people", .unit = "people", .done = ++people});
    return to.describe(user.id, PackedProfile(user.profile));
  });
  return last ? to.finish(upkeep.clock.now()) : std::unexpected(last.error());
}

// A connection of one's own to a database.
struct OwnConnection {
  explicit OwnConnection(const mongo::Settings& settings, const Clock& clock)
      : clients(*mongo::parse_url(settings.url)),
        connection(clients, mongo::database_of(settings), clock) {}
  mongo::Clients clients;
  mongo::Connection connection;
};

Result<BackupSummary> copy_to_folder(const mongo::Settings& from, const SqliteSettings& to,
                                     const Upkeep& upkeep) {
  if (auto checked = mongo::check_settings(from); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  OwnConnection own(from, upkeep.clock);
  auto writer = sqlite::FolderWriter::begin(to);
  return writer ? mongo::copy_database(own.connection, from, upkeep.clock, upkeep.log, **writer,
                                       upkeep.step)
                : std::unexpected(std::move(writer.error()));
}

// As doctor does, while no server takes the database yet. What loses nothing, such as an index that
// is missing, is no fault of the copy.
Result<void> verify_copy(const mongo::Settings& copy, const BackupSummary& summary,
                         const Upkeep& upkeep) {
  std::string damage;
  const auto inspection = mongo::inspect(
      copy, upkeep.clock,
      [&](const Finding& finding) {
        if (finding.weight == Finding::Weight::damage) {
          damage += "\n" + finding.where + ": " + finding.what;
        }
      },
      upkeep.step);
  if (!inspection) {
    return std::unexpected(inspection.error());
  }
  const bool is_same = inspection->last_change == summary.last_change &&
                       inspection->users == summary.users &&
                       inspection->extensions == summary.extensions;
  return is_same && damage.empty()
             ? Result<void>()
             : fail(Errc::damaged,
                    "what was copied is not what it was made of, and no server takes "
                    "it; " +
                        mongo::how_to_copy_again(copy) + damage);
}

Result<BackupSummary> copy_to_database(const SqliteSettings& from, const mongo::Settings& to,
                                       const Upkeep& upkeep) {
  if (auto checked = mongo::check_settings(to); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const auto lock = sqlite::FolderLock::take(from.folder);
  if (!lock) {
    return std::unexpected(lock.error());
  }
  OwnConnection own(to, upkeep.clock);
  auto writer = mongo::DatabaseWriter::begin(own.connection, to, upkeep.clock, upkeep.log);
  auto summary =
      writer ? copy_folder(from, **writer, upkeep) : std::unexpected(std::move(writer.error()));
  if (!summary) {
    return summary;
  }
  if (auto verified = verify_copy(to, *summary, upkeep); !verified) {
    return std::unexpected(std::move(verified.error()));
  }
  own.connection.set_deadline(upkeep.clock.tick() + limits::mongo_open_time);
  auto opened = mongo::change_keeper(own.connection, mongo::Keeper::own);
  return opened ? summary : std::unexpected(std::move(opened.error()));
}

}  // namespace

Result<BackupSummary> copy_directory(const StoreSettings& from, const StoreSettings& to,
                                     const Upkeep& upkeep) {
  const bool from_database = is_database_url(from.url);
  if (from_database == is_database_url(to.url)) {
    return fail(Errc::usage,
                from_database ? "both are databases; their own tools copy one into the other"
                              : "both are folders; `ringbook backup` and `ringbook restore` copy "
                                "one into the other");
  }
  if (auto folder = store_folder(from_database ? to : from); !folder) {
    return std::unexpected(std::move(folder.error()));
  }
  return from_database ? copy_to_folder(mongo_settings(from), sqlite_settings(to), upkeep)
                       : copy_to_database(sqlite_settings(from), mongo_settings(to), upkeep);
}

Result<BackupSummary> back_up_store(const StoreSettings& settings, const std::filesystem::path& to,
                                    bool may_replace, const Upkeep& upkeep) {
  const bool is_database = is_database_url(settings.url);
  if (auto folder = store_folder(settings); !folder && !is_database) {
    return std::unexpected(std::move(folder.error()));
  }
  auto draft =
      DraftFile::make(to, may_replace ? DraftFile::Existing::replace : DraftFile::Existing::refuse);
  if (!draft) {
    return std::unexpected(std::move(draft.error()));
  }
  std::optional<sqlite::ScratchFolder> copy;
  if (is_database) {
    auto made = sqlite::ScratchFolder::make(upkeep.scratch);
    if (!made) {
      return std::unexpected(std::move(made.error()));
    }
    copy.emplace(*std::move(made));
    if (auto copied =
            copy_to_folder(mongo_settings(settings), {.folder = copy->path(), .vfs = ""}, upkeep);
        !copied) {
      return copied;
    }
  }
  auto summary = back_up_sqlite(
      copy ? SqliteSettings{.folder = copy->path(), .vfs = ""} : sqlite_settings(settings),
      draft->path(), upkeep.clock, upkeep.step);
  if (!summary) {
    return summary;
  }
  if (auto published = draft->publish(); !published) {
    return std::unexpected(std::move(published.error()));
  }
  return summary;
}

Result<BackupSummary> restore_store(const StoreSettings& settings,
                                    const std::filesystem::path& backup, const Upkeep& upkeep) {
  if (!is_database_url(settings.url)) {
    const auto folder = store_folder(settings);
    return folder ? restore_sqlite(backup, sqlite_settings(settings), upkeep.step)
                  : std::unexpected(folder.error());
  }
  const auto copy = sqlite::ScratchFolder::make(upkeep.scratch);
  if (!copy) {
    return std::unexpected(copy.error());
  }
  const SqliteSettings restored{.folder = copy->path(), .vfs = ""};
  auto summary = restore_sqlite(backup, restored, upkeep.step);
  if (!summary) {
    return summary;
  }
  const auto copied = copy_to_database(restored, mongo_settings(settings), upkeep);
  return copied ? summary : copied;
}

}  // namespace ringbook
