// The journal as programs kept it until schema version 2, in a row for each change: what it takes
// to bring one to the present form, to restore a backup of that time, and to check it as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "directory/batch.h"
#include "directory/upkeep.h"
#include "store/sqlite/database.h"
#include "store/sqlite/turns.h"

namespace ringbook::sqlite {

// The last schema version of a journal, and that of a backup, which had a row for each change.
inline constexpr std::int64_t older_journal_version = 2;
inline constexpr std::int64_t older_backup_version = 1;

// Goes through the rows of such a journal or backup in order.
class OlderChanges {
 public:
  static Result<OlderChanges> all(Connection& connection);
  // False behind the last.
  Result<bool> next() { return select_.step(); }

  // Of the present row; views until the next call of `next`.
  // Errors: damaged, saying of the change what is wrong with it.
  Result<Change> change() const;
  bool names_actor() const { return !select_.is_null(columns); }
  std::string_view issuer() const { return select_.bytes(columns); }
  std::string_view subject() const { return select_.bytes(columns + 1); }
  std::string_view request_id() const { return select_.bytes(columns - 1); }
  // Begins with the columns of the table `changes`.
  const Statement& row() const { return select_; }

  static constexpr int columns = 12;

 private:
  Statement select_;
};

// Writes changes of that form as turns, as many in each as there may be.
//
// Invariant: what is written is every change that was added, but for those since the last full
// turn, which `finish` writes.
class OlderConversion {
 public:
  // Lifetime: `writer` outlives this.
  explicit OlderConversion(TurnWriter& writer) : writer_(writer) {}
  // Takes the present row, which follows the one that was added before. Errors: damaged, when it
  // cannot: the message names the change; and those of SQLite.
  Result<void> add(const OlderChanges& row);
  Result<void> finish();
  std::uint64_t last() const { return last_; }

 private:
  TurnWriter& writer_;
  Batch batch_;
  std::uint64_t last_ = 0;
};

// Brings all changes of a journal into its turns, and drops what they were in. Within a
// transaction. Cost: memory for a turn. Errors: damaged, and those of SQLite.
Result<void> convert_journal(Connection& journal, const OnUpkeepStep& step);

}  // namespace ringbook::sqlite
