// The files of the engine, and a marker beside them that says that they exist and belong together:
// with it a missing, emptied or foreign database is damage, not a new folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "directory/upkeep.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

struct Files {
  std::filesystem::path journal;
  std::filesystem::path people;
  std::filesystem::path marker;
};
Files files_in(const std::filesystem::path& folder);

// Keeps a second engine, of this process or of any other, away from the files: their locks of
// SQLite would let both write, and each would believe its own registry.
class FolderLock {
 public:
  // Errors: locked, unavailable.
  static Result<FolderLock> take(const std::filesystem::path& folder);

 private:
  File folder_;
};

struct FileSettings {
  std::filesystem::path file;
  std::string vfs;  // "" for that of all our databases.
  bool must_exist = false;
  // Is told how far an upgrade is.
  OnUpkeepStep on_upgrade = {};
};

// Opens or creates a file for writing, at the newest schema. What a crash left in its log is synced
// before this returns, so that nobody sees what could still be lost. Errors: unavailable (a
// symbolic link), and those of Connection::open and migrate.
Result<std::unique_ptr<Connection>> open_file(const FileSettings& settings, const Schema& schema,
                                              int cache_kib);

// The number that all files of one folder carry; each has it in its table `folder`.
using FolderId = std::int64_t;

// The one that this database carries; 0 for none yet.
Result<FolderId> id_in(Connection& database);
// Nothing for a folder without a marker. Errors: damaged, naming the file that is missing or empty
// although the marker is there.
Result<std::optional<FolderId>> read_marker(const std::filesystem::path& folder);
// Gives a folder without databases a new id, and its marker: until both databases carry the id, the
// folder is damaged and no engine takes it. Durability and Errors: as `agree`.
Result<FolderId> mark(const std::filesystem::path& folder);
// Makes sure that both databases carry the marker's id, or, in a new folder, gives them one and
// writes the marker. Durability: it survives power loss. Errors: damaged (a file is another
// folder's), no_space, unavailable.
Result<void> agree(Connection& journal, Connection& people, const std::filesystem::path& folder,
                   std::optional<FolderId> marker);

}  // namespace ringbook::sqlite
