// What a backup is: one SQLite file with the rows of both databases at one change, and a manifest
// that says which moment it is and, for each table, how many rows it has and their digest, so that
// a restore can tell that nothing is missing or changed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
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
inline constexpr CopiedTable turns_table{"turns", "turns"};
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
  // Its first columns, all of them if `columns` is not given.
  void add(const Statement& row) { add(row, row.columns()); }
  void add(const Statement& row, int columns);
};

// Is given each row that was copied, and says whether to go on. Errors end the copying.
using OnCopied = std::function<Result<bool>(const Statement& row)>;

// Copies the rows of `from_table` above `digest.last` to `to_table`, adding them to `digest`. True
// when none is left, false when `copied` ended it before. Both have integer keys. Errors: those of
// SQLite and of `copied`.
Result<bool> copy_rows(Connection& from, const char* from_table, Connection& to,
                       const char* to_table, TableDigest& digest, const OnCopied& copied);

}  // namespace ringbook::sqlite
