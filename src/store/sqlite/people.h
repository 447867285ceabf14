// `directory.db`: the fold of the journal up to one change; who is in the directory, in the order
// of their slots.
//
// Invariants: 1. `included` and the rows it stands for change in one transaction. 2. Slots are
// dense from 0. 3. Only the fold writes, so replaying the journal from `included` gives the
// present. Threads: whoever owns the connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "directory/change.h"
#include "directory/registry.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"

namespace ringbook::sqlite {

extern const Schema people_schema;

// As `open_file`.
Result<std::unique_ptr<Connection>> open_people(const FileSettings& settings);

// The last change the file includes.
Result<std::uint64_t> included_in(Connection& connection);

// Connections to read the file with at a start, while one that writes it stays open. Errors: those
// of Connection::open.
Result<std::vector<std::unique_ptr<Connection>>> open_readers(const FileSettings& settings);

// Puts everything the file holds into an empty registry, which then stands at the change
// `included`, made at `at`. All readers, one at least, see the same. Threads: each reader but the
// first is used on one of its own, which has ended when this returns. Errors: damaged, and those of
// SQLite.
Result<void> load_people(std::span<Connection* const> readers, Registry& registry,
                         std::uint64_t included, Instant at);

// A query of all users in the order of their slots, and the user of a row of it. Errors: damaged.
extern const std::string_view select_users;
Result<StoredUser> user_of(const Statement& row, std::int64_t slot);

// Writes slices of changes.
class PeopleWriter {
 public:
  static Result<PeopleWriter> prepare(Connection& connection);
  // Takes these changes, which follow those included, in one transaction; each user and each number
  // is written once, with its last state. Changes have their slots. `on_written` is told after each
  // user. Before the commit `may_commit` is asked; what it refuses is undone.
  Result<void> fold(Connection& connection, std::span<const Change> changes,
                    const OnWritten& on_written, const std::function<bool()>& may_commit);

 private:
  Result<void> write_users(std::span<const Change> changes, const OnWritten& on_written);
  Result<void> write_user(std::span<const Change* const> changes);
  Result<void> write_profile(const Change& change);
  Result<void> write_numbers(std::span<const Change> changes);

  Statement put_user_;
  Statement touch_user_;
  Statement put_profile_;
  Statement delete_profile_;
  Statement put_released_;
  Statement delete_released_;
  Statement set_included_;
};

}  // namespace ringbook::sqlite
