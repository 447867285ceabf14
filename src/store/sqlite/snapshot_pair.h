// Both databases at moments that fit together, read beside a running server.
//
// The journal's snapshot is taken first, the fold's second: the profiles that the journal's
// snapshot no longer has were folded before it was taken, so the fold's has them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "store/sqlite/database.h"
#include "store/sqlite/sqlite_store.h"

namespace ringbook::sqlite {

class SnapshotPair {
 public:
  // Opens both files for reading only. Errors: damaged, newer, unavailable (only a start brings an
  // older journal to the present form), and those of SQLite.
  static Result<std::unique_ptr<SnapshotPair>> open(const SqliteSettings& settings);

  // Takes the two snapshots and gives the last change of the journal's. While they are held the
  // server's logs grow. Errors: unavailable (it changes too fast), and those of SQLite.
  Result<std::uint64_t> begin();
  // Let go of one; after that each statement sees the present.
  void end_journal() { journal_snapshot_.reset(); }
  void end_people() { people_snapshot_.reset(); }

  Connection& journal() { return *journal_; }
  Connection& people() { return *people_; }

 private:
  SnapshotPair() = default;

  std::unique_ptr<Connection> journal_;
  std::unique_ptr<Connection> people_;
  std::optional<Transaction> journal_snapshot_;
  std::optional<Transaction> people_snapshot_;
};

}  // namespace ringbook::sqlite
