// The change journal: append-only, the truth of which everything else is a fold.
//
// Invariants: 1. `append` is one transaction, synced before it returns. 2. Sequences are stored
// without gaps, in rows of up to limits::turn_changes. 3. Of profile edits it keeps who, when and
// which fields; the values only until `forget_profiles`. 4. Nothing is indexed but the first
// sequence of each row, since changes name their predecessors, and, for moments, one change of a
// number in limits::milestone_distance.
// Threads: the loop's, but for the constructor of a reader's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "directory/batch.h"
#include "directory/history.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"
#include "store/sqlite/turns.h"

namespace ringbook::sqlite {

extern const Schema journal_schema;

// The queries of ChangeReader: the turn that holds a change, and the first milestone of a user and
// of a number behind an instant.
extern const std::string_view select_turn;
extern const std::string_view select_milestone_of_user;
extern const std::string_view select_milestone_of_number;

// Reads changes, without their profiles, on a connection of its own or on the journal's. Keeps the
// turn that it read last: what a turn holds never changes.
class ChangeReader final : public JournalView {
 public:
  static Result<ChangeReader> prepare(Connection& connection);
  Result<RecordedChange> read(std::uint64_t sequence) override;
  Result<std::uint64_t> find_after(UserId user, Instant at) override;
  Result<std::uint64_t> find_after(Extension extension, Instant at) override;
  // When the change was made; nothing when there is none. Errors: damaged, and those of SQLite.
  Result<std::optional<Instant>> time_of(std::uint64_t sequence);

 private:
  static Result<std::uint64_t> first_sequence(Statement& select);
  // The turn that holds the change, at the change; nothing when there is none.
  Result<std::optional<TurnCursor>> find(std::uint64_t sequence);
  Result<std::optional<TurnCursor>> find_in_turn(std::uint64_t sequence) const;
  Result<void> load_turn(std::uint64_t sequence);

  Statement select_;
  std::uint64_t first_ = 0;  // Of the turn that was read last; 0 for none.
  std::string record_;
  Statement milestone_of_user_;
  Statement milestone_of_number_;
};

class Journal {
 public:
  // As `open_file`.
  static Result<std::unique_ptr<Journal>> open(const FileSettings& settings);

  // Durability: on success all of it survives power loss; on no_space none of it was kept; after
  // any other error it is unknown.
  Result<void> append(const Batch& batch);
  // How large its log is.
  int log_pages() const { return connection_->wal_pages(); }
  // Moves the log into the file, as far as readers allow. Errors: what a failed sync means;
  // no_space, and then the log simply stays.
  Result<void> checkpoint() { return connection_->checkpoint(); }
  // Erases the profiles of changes up to `sequence`, at most limits::forget_step of them; says
  // whether more are left.
  Result<bool> forget_profiles(std::uint64_t sequence);

  Connection& connection() { return *connection_; }
  std::uint64_t last_sequence() const { return last_sequence_; }

 private:
  explicit Journal(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  Result<void> prepare();
  Result<void> append_profiles(std::span<const Change> changes);

  std::unique_ptr<Connection> connection_;
  TurnWriter turns_;
  Statement insert_profile_;
  Statement delete_profiles_;
  Statement first_profile_;
  std::uint64_t last_sequence_ = 0;
};

// Calls `visit` with every change above `after` in order, profiles included where still kept.
Result<void> read_changes(Connection& connection, std::uint64_t after,
                          std::move_only_function<Result<void>(Change)> visit);

}  // namespace ringbook::sqlite
