// The journal's rows: each holds the changes of one commit, or a part of a large one, as the record
// of directory/turn_record.h, and is found by its first change. Beside them stand the milestones:
// the one in limits::milestone_distance changes of a number from which the walk to a moment begins.
//
// Threads: whoever owns the connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "directory/batch.h"
#include "directory/turn_record.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

// Whether the change is one of those that milestones are kept of.
bool is_milestone(const Change& change);

// Writes the milestones of changes.
class MilestoneWriter {
 public:
  static Result<MilestoneWriter> prepare(Connection& connection);
  // Of a change that is none it writes nothing.
  Result<void> write(const Change& change);

 private:
  Statement of_user_;
  Statement of_number_;
};

class TurnWriter {
 public:
  static Result<TurnWriter> prepare(Connection& connection);
  // Writes the changes [begin, end) as one row, with their milestones: see append_turn_record.
  Result<void> write(const Batch& batch, std::size_t begin, std::size_t end);

 private:
  Statement insert_;
  MilestoneWriter milestones_;
  std::string record_;
};

// Begins to read the record of a row. Errors: damaged, naming the turn.
Result<TurnCursor> open_turn(std::uint64_t first, std::string_view record);
// What is wrong with the turn that begins with this change.
Error damaged_turn(std::uint64_t first, const Error& problem);

// Goes through the rows of a journal or a backup in order.
class TurnRows {
 public:
  static Result<TurnRows> all(Connection& connection);
  // Begins with the one that holds the change, or with the first behind it.
  static Result<TurnRows> from(Connection& connection, std::uint64_t sequence);
  // False behind the last.
  Result<bool> next() { return select_.step(); }
  // The present row; the record until the next call of `next`.
  std::uint64_t first() const { return static_cast<std::uint64_t>(select_.integer(0)); }
  std::string_view record() const { return select_.bytes(1); }

 private:
  Statement select_;
};

// The last change of a journal; 0 when it has none. Errors: damaged, and those of SQLite.
Result<std::uint64_t> last_change_in(Connection& connection);

// Goes through the profiles that a journal still keeps, beside its changes.
class KeptProfiles {
 public:
  // Of changes above `after`, or of all that there are.
  static Result<KeptProfiles> above(Connection& connection, std::uint64_t after);
  static Result<KeptProfiles> all(Connection& connection);
  // Goes to the next one of the changes up to `sequence`; false when no further one is there.
  Result<bool> next_up_to(std::uint64_t sequence);
  std::uint64_t sequence() const { return static_cast<std::uint64_t>(select_.integer(0)); }
  std::string_view bytes() const { return select_.bytes(1); }

 private:
  enum class Row : std::uint8_t { taken, waiting, none };

  Statement select_;
  Row row_ = Row::taken;
};

}  // namespace ringbook::sqlite
