#include "store/sqlite/turns.h"

#include <limits>
#include <utility>

#include "base/limits.h"
#include "store/sqlite/tables.h"

namespace ringbook::sqlite {

// Picked by bits of the sequence that multiplication has mixed, so that no rhythm of changes always
// misses them.
bool is_milestone(const Change& change) {
  constexpr std::uint64_t mixed_bits = 0xFF'FFFF;
  constexpr std::uint64_t mixer = 2'654'435'761;
  static_assert((limits::milestone_distance & (limits::milestone_distance - 1)) == 0);
  return (change.kind & Change::number) != 0 &&
         ((change.sequence & mixed_bits) * mixer >> 24) % limits::milestone_distance == 0;
}

Result<MilestoneWriter> MilestoneWriter::prepare(Connection& connection) {
  auto of_user = connection.prepare("INSERT INTO milestones_of_users VALUES(?1, ?2, ?3)");
  auto of_number = connection.prepare("INSERT INTO milestones_of_numbers VALUES(?1, ?2, ?3)");
  if (!of_user || !of_number) {
    return std::unexpected(of_user ? of_number.error() : of_user.error());
  }
  MilestoneWriter writer;
  writer.of_user_ = std::move(*of_user);
  writer.of_number_ = std::move(*of_number);
  return writer;
}

Result<void> MilestoneWriter::write(const Change& change) {
  if (!is_milestone(change)) {
    return {};
  }
  bind_user_id(of_user_, 1, change.user);
  of_user_.bind(2, change.at.ms);
  of_user_.bind(3, change.sequence);
  auto written = of_user_.run();
  if (!written || !change.to) {
    return written;
  }
  of_number_.bind(1, change.to->packed());
  of_number_.bind(2, change.at.ms);
  of_number_.bind(3, change.sequence);
  return of_number_.run();
}

Result<TurnWriter> TurnWriter::prepare(Connection& connection) {
  auto insert = connection.prepare("INSERT INTO turns VALUES(?1, ?2)");
  auto milestones = MilestoneWriter::prepare(connection);
  if (!insert || !milestones) {
    return std::unexpected(insert ? milestones.error() : insert.error());
  }
  TurnWriter writer;
  writer.insert_ = std::move(*insert);
  writer.milestones_ = std::move(*milestones);
  return writer;
}

Result<void> TurnWriter::write(const Batch& batch, std::size_t begin, std::size_t end) {
  record_.clear();
  append_turn_record(batch, begin, end, record_);
  insert_.bind(1, batch.changes[begin].sequence);
  insert_.bind_blob(2, record_);
  auto written = insert_.run();
  for (std::size_t i = begin; written && i < end; ++i) {
    written = milestones_.write(batch.changes[i]);
  }
  return written;
}

Error damaged_turn(std::uint64_t first, const Error& problem) {
  return {Errc::damaged, "the turn that begins with change " + std::to_string(first) +
                             " is damaged: " + problem.detail};
}

Result<TurnCursor> open_turn(std::uint64_t first, std::string_view record) {
  auto cursor = TurnCursor::begin(record);
  if (!cursor) {
    return std::unexpected(damaged_turn(first, cursor.error()));
  }
  if (cursor->first() != first) {
    return std::unexpected(
        damaged_turn(first, {Errc::damaged, "it says of itself that it begins with change " +
                                                std::to_string(cursor->first())}));
  }
  return cursor;
}

Result<TurnRows> TurnRows::all(Connection& connection) {
  auto select = connection.prepare("SELECT first, record FROM turns ORDER BY first");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  TurnRows rows;
  rows.select_ = std::move(*select);
  return rows;
}

Result<TurnRows> TurnRows::from(Connection& connection, std::uint64_t sequence) {
  auto select = connection.prepare(
      "SELECT first, record FROM turns WHERE first >= "
      "coalesce((SELECT max(first) FROM turns WHERE first <= ?1), ?1) ORDER BY first");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  select->bind(1, sequence);
  TurnRows rows;
  rows.select_ = std::move(*select);
  return rows;
}

Result<std::uint64_t> last_change_in(Connection& connection) {
  auto select = connection.prepare("SELECT first, record FROM turns ORDER BY first DESC LIMIT 1");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  const auto row = select->step();
  if (!row) {
    return std::unexpected(row.error());
  }
  if (!*row) {
    return 0;
  }
  const auto turn = open_turn(static_cast<std::uint64_t>(select->integer(0)), select->bytes(1));
  return turn ? Result<std::uint64_t>(turn->last()) : std::unexpected(turn.error());
}

Result<KeptProfiles> KeptProfiles::above(Connection& connection, std::uint64_t after) {
  auto select = connection.prepare(
      "SELECT sequence, profile FROM profiles WHERE sequence > ?1 ORDER BY sequence");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  select->bind(1, after);
  KeptProfiles profiles;
  profiles.select_ = std::move(*select);
  return profiles;
}

Result<KeptProfiles> KeptProfiles::all(Connection& connection) {
  return above(connection, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min()));
}

// Compares as SQLite does: what stands below the first change comes first, too.
Result<bool> KeptProfiles::next_up_to(std::uint64_t sequence) {
  if (row_ == Row::taken) {
    const auto row = select_.step();
    if (!row) {
      return row;
    }
    row_ = *row ? Row::waiting : Row::none;
  }
  if (row_ == Row::none || select_.integer(0) > static_cast<std::int64_t>(sequence)) {
    return false;
  }
  row_ = Row::taken;
  return true;
}

}  // namespace ringbook::sqlite
