// The change journal: append-only, the truth of which everything else is a fold.
//
// Invariants: 1. `append` is one transaction, synced before it returns. 2. Sequences are stored
// without gaps. 3. Of profile edits it keeps who, when and which fields; the values only until
// `forget_profiles`. 4. Nothing is indexed but the sequence, since changes name their predecessors,
// and, for moments, one change of a number in limits::milestone_distance.
// Threads: the loop's, but for the constructor of a reader's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "directory/batch.h"
#include "store/embedded/history.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"

namespace ringbook::sqlite {

extern const Schema journal_schema;

// The queries of ChangeReader: a change, and the first milestone of a user and of a number behind
// an instant.
extern const std::string select_change;
extern const std::string select_milestone_of_user;
extern const std::string select_milestone_of_number;

// Reads changes, without their profiles, on a connection of its own or on the journal's.
class ChangeReader final : public JournalView {
 public:
  static Result<ChangeReader> prepare(Connection& connection);
  Result<RecordedChange> read(std::uint64_t sequence) override;
  Result<std::uint64_t> find_after(UserId user, Instant at) override;
  Result<std::uint64_t> find_after(Extension extension, Instant at) override;

 private:
  static Result<std::uint64_t> first_sequence(Statement& select);

  Statement select_;
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
  // Moves the log into the file when it has grown enough. Errors: what a failed sync means.
  Result<void> checkpoint_if_due();
  // Erases the profiles of changes up to `sequence`, at most limits::forget_step of them; says
  // whether more are left.
  Result<bool> forget_profiles(std::uint64_t sequence);

  Connection& connection() { return *connection_; }
  std::uint64_t last_sequence() const { return last_sequence_; }
  Instant last_at() const { return last_at_; }

 private:
  explicit Journal(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  Result<void> prepare();
  Result<std::int64_t> actor(const std::string& issuer, const std::string& subject);
  Result<void> append_set(const Batch::Set& set, std::span<const Change> changes,
                          std::int64_t actor);
  Result<void> append_change(const Change& change, std::int64_t actor,
                             const std::string& request_id);

  std::unique_ptr<Connection> connection_;
  Statement insert_change_;
  Statement insert_profile_;
  Statement insert_actor_;
  Statement find_actor_;
  Statement delete_profiles_;
  Statement first_profile_;
  std::map<std::pair<std::string, std::string>, std::int64_t, std::less<>> actors_;
  std::uint64_t last_sequence_ = 0;
  Instant last_at_;
};

// The first columns of a query of `changes`, and the change in a row that begins with them (without
// its profile). Errors: damaged.
extern const std::string_view change_columns;
Result<Change> change_of(const Statement& row);

// Calls `visit` with every change above `after` in order, profiles included where still kept.
Result<void> read_changes(Connection& connection, std::uint64_t after,
                          std::move_only_function<Result<void>(Change)> visit);

}  // namespace ringbook::sqlite
