#include "store/sqlite/files.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <random>

#include "store/sqlite/file_check.h"

namespace ringbook::sqlite {
namespace {

FolderId new_id() {
  std::random_device random;
  return 1 + FolderId{random()} * 0x4000'0000 + (random() >> 2);
}

// In two steps, so that a kill leaves no marker or a whole one. The databases' own entries in the
// folder are synced with it, before anything is acknowledged.
Result<void> write_marker(const std::filesystem::path& folder, FolderId id) {
  const auto marker = files_in(folder).marker;
  auto draft = marker;
  draft += ".new";
  const auto file = File::open_inside(draft, O_CREAT | O_WRONLY | O_TRUNC);
  if (!file) {
    return std::unexpected(file.error());
  }
  if (auto written = file->write(std::to_string(id) + "\n"); !written) {
    return written;
  }
  if (auto synced = file->sync(); !synced) {
    return synced;
  }
  if (::rename(draft.c_str(), marker.c_str()) != 0) {
    return system_error(marker);
  }
  return sync_folder(folder);
}

// SQLite follows a link, with which the owner of a folder would have root write elsewhere. It gives
// what it makes beside a file to the owner of that file, but the file to nobody.
Result<void> keep_inside(const std::filesystem::path& file) {
  struct stat status{};
  if (::lstat(file.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) {
    return fail(Errc::unavailable, file.string() +
                                       " is a symbolic link; move the file there, or make a link "
                                       "of the whole folder");
  }
  if (::geteuid() == 0) {
    // One that is there is not opened: closing it would drop the locks that SQLite has on it.
    static_cast<void>(File::open_inside(file, O_RDWR | O_CREAT | O_EXCL));
  }
  return {};
}

}  // namespace

Files files_in(const std::filesystem::path& folder) {
  return {folder / "journal.db", folder / "directory.db", folder / "ringbook-data"};
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  auto opened = File::open(folder, O_RDONLY | O_DIRECTORY);
  if (!opened) {
    return std::unexpected(std::move(opened.error()));
  }
  if (::flock(opened->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return system_error(folder);
    }
    return fail(Errc::locked, "another process has the databases in " + folder.string());
  }
  FolderLock lock;
  lock.folder_ = std::move(*opened);
  return lock;
}

Result<std::unique_ptr<Connection>> open_file(const FileSettings& settings, const Schema& schema,
                                              int cache_kib) {
  if (auto kept = keep_inside(settings.file); !kept) {
    return std::unexpected(std::move(kept.error()));
  }
  if (auto known = refuse_unknown_versions(settings.file); !known) {
    return std::unexpected(std::move(known.error()));
  }
  auto connection = Connection::open(settings.file, {.vfs = settings.vfs,
                                                     .cache_kib = cache_kib,
                                                     .schema = &schema,
                                                     .must_exist = settings.must_exist});
  if (!connection) {
    return connection;
  }
  if (auto synced = (*connection)->checkpoint_all(); !synced) {
    return std::unexpected(std::move(synced.error()));
  }
  if (auto migrated = migrate(**connection, schema, settings.on_upgrade); !migrated) {
    return std::unexpected(std::move(migrated.error()));
  }
  // An upgrade may have left a log that no commit should have to move. Without room it stays.
  if (auto moved = (*connection)->checkpoint_all();
      !moved && moved.error().code != Errc::no_space) {
    return std::unexpected(std::move(moved.error()));
  }
  return connection;
}

Result<FolderId> id_in(Connection& database) {
  return database.query_integer("SELECT coalesce(max(id), 0) FROM folder");
}

Result<std::optional<FolderId>> read_marker(const std::filesystem::path& folder) {
  const Files files = files_in(folder);
  std::error_code ignored;
  if (!std::filesystem::exists(files.marker, ignored)) {
    return std::nullopt;
  }
  for (const auto& file : {files.journal, files.people}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error || size == 0) {
      return fail(Errc::damaged, file.string() + (error ? " is missing" : " is empty") +
                                     "; restore the folder from a backup");
    }
  }
  std::ifstream stream(files.marker);
  FolderId id = 0;
  if (!(stream >> id) || id == 0) {
    return fail(Errc::damaged, files.marker.string() + " does not hold the folder's number");
  }
  return id;
}

Result<FolderId> mark(const std::filesystem::path& folder) {
  const FolderId id = new_id();
  if (auto written = write_marker(folder, id); !written) {
    return std::unexpected(std::move(written.error()));
  }
  return id;
}

Result<void> agree(Connection& journal, Connection& people, const std::filesystem::path& folder,
                   std::optional<FolderId> marker) {
  const auto in_journal = id_in(journal);
  const auto in_people = id_in(people);
  if (!in_journal || !in_people) {
    return std::unexpected(in_journal ? in_people.error() : in_journal.error());
  }
  FolderId id = marker.value_or(*in_journal != 0 ? *in_journal : *in_people);
  if (id == 0) {
    id = new_id();
  }
  const std::pair<Connection*, FolderId> databases[] = {{&journal, *in_journal},
                                                        {&people, *in_people}};
  for (const auto& [database, found] : databases) {
    if (found != id && (marker || found != 0)) {
      return fail(Errc::damaged, "the files of " + folder.string() +
                                     " come from different folders; restore them from one backup");
    }
    if (found == id) {
      continue;
    }
    if (auto set = database->run(("INSERT INTO folder VALUES(" + std::to_string(id) + ")").c_str());
        !set) {
      return set;
    }
  }
  return marker ? Result<void>{} : write_marker(folder, id);
}

}  // namespace ringbook::sqlite
