// What a backup is: one SQLite file with the rows of both databases at one change, and a manifest
// that says which moment it is and, for each table, how many rows it has and their digest, so that
// a restore can tell that nothing is missing or changed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>

#include "directory/upkeep.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

extern const Schema backup_schema;

// A table of a backup, and the one of a source that has the same columns.
struct CopiedTable {
  const char* in_backup;
  const char* in_source;
};
inline constexpr CopiedTable changes_table{"changes", "changes"};
inline constexpr CopiedTable actors_table{"actors", "actors"};
// Of the changes that are not folded, and of those whose profiles the journal did not forget yet.
inline constexpr CopiedTable kept_profiles_table{"kept_profiles", "profiles"};
inline constexpr std::array people_tables{CopiedTable{"users", "users"},
                                          CopiedTable{"profiles", "profiles"},
                                          CopiedTable{"released", "released"}};

// What was copied of one table, in ascending order of its key.
struct TableDigest {
  std::uint64_t rows = 0;
  std::int64_t last = -1;                              // The key of the last row.
  std::uint64_t digest = 14'695'981'039'346'656'037U;  // FNV-1a: against accidents, not forgery.
  void add(const Statement& row);
};

// Of a table with an integer key.
struct KeyRange {
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = -1;  // Rows; -1 for all.
};

// Copies the rows of `from_table` above `digest.last` to `to_table`, adding them to `digest`, and
// tells `copied` how many there are so far. Errors: those of SQLite.
Result<void> copy_rows(Connection& from, const char* from_table, Connection& to,
                       const char* to_table, const KeyRange& range, TableDigest& digest,
                       const std::function<void(std::uint64_t)>& copied);

}  // namespace ringbook::sqlite
