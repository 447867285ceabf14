// Brings `directory.db` from one change of the journal to a later one.
//
// Invariants: 1. Of each user and each number a slice writes the last state, once. 2. A slice and
// the sequence that the file includes are one transaction. Threads: whoever owns the connection.
#pragma once

#include <functional>
#include <span>

#include "directory/change.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

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
