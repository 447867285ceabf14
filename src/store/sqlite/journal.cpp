#include "store/sqlite/journal.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "store/sqlite/older_journal.h"
#include "store/sqlite/tables.h"

namespace ringbook::sqlite {
namespace {

// Appends touch only the last pages.
constexpr int journal_cache_kib = 2048;

constexpr std::string_view own_table = R"(
  CREATE TABLE folder(id INTEGER NOT NULL) STRICT;
)";
constexpr std::string_view profiles_table = R"(
  CREATE TABLE profiles(sequence INTEGER PRIMARY KEY, profile BLOB NOT NULL) STRICT;
)";
constexpr std::string_view older_actors = R"(
  CREATE TABLE actors(
    id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE(issuer, subject)
  ) STRICT;
)";
constexpr const char* older_milestones = R"(
  CREATE INDEX milestones_of_users ON changes(user, at)
    WHERE kind & 8 <> 0 AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0;
  CREATE INDEX milestones_of_numbers ON changes(to_extension, at)
    WHERE to_extension IS NOT NULL AND kind & 8 <> 0
      AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0;
)";
constexpr std::string_view drop_older_milestones = R"(
  DROP INDEX milestones_of_users;
  DROP INDEX milestones_of_numbers;
)";
constexpr std::string_view milestone_tables = R"(
  CREATE TABLE milestones_of_users(
    user BLOB NOT NULL, at INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY(user, at, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE milestones_of_numbers(
    extension INTEGER NOT NULL, at INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY(extension, at, sequence)
  ) STRICT, WITHOUT ROWID;
)";

constexpr std::array<const char*, 3> journal_steps{
    joined<own_table, sql_of_changes, profiles_table, older_actors>.data(), older_milestones,
    joined<drop_older_milestones, sql_of_turns, milestone_tables>.data()};
constexpr std::array<Conversion, 1> journal_conversions{
    Conversion{older_journal_version + 1, convert_journal}};

// Gives `visit` the turn's changes above `after`, with their profiles where they are kept.
Result<void> read_turn(TurnCursor& turn, std::uint64_t after, KeptProfiles& profiles,
                       std::move_only_function<Result<void>(Change)>& visit) {
  while (true) {
    const auto more = turn.next();
    if (!more) {
      return std::unexpected(damaged_turn(turn.first(), more.error()));
    }
    if (!*more) {
      return {};
    }
    Change change = turn.change();
    if (change.sequence <= after) {
      continue;
    }
    auto kept = profiles.next_up_to(change.sequence);
    for (; kept && *kept; kept = profiles.next_up_to(change.sequence)) {
      if (profiles.sequence() != change.sequence) {
        continue;
      }
      auto profile = PackedProfile::from_bytes(profiles.bytes());
      if (!profile || problem_of(profile->unpack())) {
        return fail(Errc::damaged,
                    "the profile of change " + std::to_string(change.sequence) + " is damaged");
      }
      change.profile = std::move(*profile);
    }
    if (!kept) {
      return std::unexpected(kept.error());
    }
    if (auto visited = visit(std::move(change)); !visited) {
      return visited;
    }
  }
}

// Tells whoever waits for a set how much of it is written.
void tell_written(const Batch& batch, std::size_t begin, std::size_t end) {
  auto set = std::ranges::partition_point(
      batch.sets, [begin](const Batch::Set& earlier) { return earlier.end <= begin; });
  for (; set != batch.sets.end() && set->begin < end; ++set) {
    if (set->on_written) {
      set->on_written(std::min(set->end, end) - set->begin);
    }
  }
}

}  // namespace

const Schema journal_schema{
    0x52424A31, journal_steps, journal_conversions,  // "RBJ1"
    joined<own_table, profiles_table, sql_of_turns, milestone_tables>.data()};

// --- reading -------------------------------------------------------------------------------------

const std::string_view select_turn =
    "SELECT first, record FROM turns WHERE first <= ?1 ORDER BY first DESC LIMIT 1";
const std::string_view select_milestone_of_user =
    "SELECT sequence FROM milestones_of_users WHERE user = ?1 AND at > ?2 ORDER BY at LIMIT 1";
const std::string_view select_milestone_of_number =
    "SELECT sequence FROM milestones_of_numbers WHERE extension = ?1 AND at > ?2 "
    "ORDER BY at LIMIT 1";

Result<ChangeReader> ChangeReader::prepare(Connection& connection) {
  ChangeReader reader;
  for (const auto& [statement, sql] :
       {std::pair(&reader.select_, select_turn),
        std::pair(&reader.milestone_of_user_, select_milestone_of_user),
        std::pair(&reader.milestone_of_number_, select_milestone_of_number)}) {
    auto prepared = connection.prepare(sql);
    if (!prepared) {
      return std::unexpected(std::move(prepared.error()));
    }
    *statement = std::move(*prepared);
  }
  return reader;
}

Result<std::uint64_t> ChangeReader::find_after(UserId user, Instant at) {
  bind_user_id(milestone_of_user_, 1, user);
  milestone_of_user_.bind(2, at.ms);
  return first_sequence(milestone_of_user_);
}

Result<std::uint64_t> ChangeReader::find_after(Extension extension, Instant at) {
  milestone_of_number_.bind(1, extension.packed());
  milestone_of_number_.bind(2, at.ms);
  return first_sequence(milestone_of_number_);
}

Result<std::uint64_t> ChangeReader::first_sequence(Statement& select) {
  const auto row = select.step();
  if (!row) {
    return std::unexpected(row.error());
  }
  const auto sequence = *row ? static_cast<std::uint64_t>(select.integer(0)) : 0;
  select.reset();
  return sequence;
}

// Keeps none when no turn begins so early.
Result<void> ChangeReader::load_turn(std::uint64_t sequence) {
  first_ = 0;
  select_.bind(1, sequence);
  const auto row = select_.step();
  if (!row) {
    return std::unexpected(row.error());
  }
  if (*row) {
    first_ = static_cast<std::uint64_t>(select_.integer(0));
    record_ = select_.bytes(1);
    select_.reset();
  }
  return {};
}

Result<std::optional<TurnCursor>> ChangeReader::find_in_turn(std::uint64_t sequence) const {
  if (first_ == 0 || sequence < first_) {
    return std::nullopt;
  }
  auto turn = open_turn(first_, record_);
  if (!turn) {
    return std::unexpected(std::move(turn.error()));
  }
  if (sequence > turn->last()) {
    return std::nullopt;
  }
  if (const auto found = turn->seek(sequence); !found) {
    return std::unexpected(damaged_turn(first_, found.error()));
  }
  return std::move(*turn);
}

Result<std::optional<TurnCursor>> ChangeReader::find(std::uint64_t sequence) {
  if (auto found = find_in_turn(sequence); found && *found) {
    return found;
  }
  if (auto loaded = load_turn(sequence); !loaded) {
    return std::unexpected(std::move(loaded.error()));
  }
  return find_in_turn(sequence);
}

Result<RecordedChange> ChangeReader::read(std::uint64_t sequence) {
  auto found = find(sequence);
  if (!found) {
    return std::unexpected(std::move(found.error()));
  }
  if (!*found) {
    return fail(Errc::damaged, "the journal lacks change " + std::to_string(sequence));
  }
  const TurnCursor& turn = **found;
  return RecordedChange{turn.change(), std::string(turn.issuer()), std::string(turn.subject()),
                        std::string(turn.request_id())};
}

Result<std::optional<Instant>> ChangeReader::time_of(std::uint64_t sequence) {
  const auto found = find(sequence);
  if (!found) {
    return std::unexpected(found.error());
  }
  return *found ? std::optional((*found)->change().at) : std::nullopt;
}

Result<void> read_changes(Connection& connection, std::uint64_t after,
                          std::move_only_function<Result<void>(Change)> visit) {
  auto rows = TurnRows::from(connection, after);
  auto profiles = KeptProfiles::above(connection, after);
  if (!rows || !profiles) {
    return std::unexpected(rows ? profiles.error() : rows.error());
  }
  while (true) {
    const auto row = rows->next();
    if (!row) {
      return std::unexpected(row.error());
    }
    if (!*row) {
      return {};
    }
    auto turn = open_turn(rows->first(), rows->record());
    if (!turn) {
      return std::unexpected(std::move(turn.error()));
    }
    if (auto read = read_turn(*turn, after, *profiles, visit); !read) {
      return read;
    }
  }
}

// --- writing -------------------------------------------------------------------------------------

Result<std::unique_ptr<Journal>> Journal::open(const FileSettings& settings) {
  auto connection = open_file(settings, journal_schema, journal_cache_kib);
  if (!connection) {
    return std::unexpected(std::move(connection.error()));
  }
  std::unique_ptr<Journal> journal(new Journal(std::move(*connection)));
  if (auto prepared = journal->prepare(); !prepared) {
    return std::unexpected(std::move(prepared.error()));
  }
  return journal;
}

Result<void> Journal::prepare() {
  auto turns = TurnWriter::prepare(*connection_);
  if (!turns) {
    return std::unexpected(std::move(turns.error()));
  }
  turns_ = std::move(*turns);
  const std::pair<Statement*, const char*> statements[] = {
      {&insert_profile_, "INSERT INTO profiles VALUES(?1, ?2)"},
      {&delete_profiles_, "DELETE FROM profiles WHERE sequence <= ?1"},
      {&first_profile_, "SELECT coalesce(min(sequence), 0) FROM profiles"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = connection_->prepare(sql);
    if (!prepared) {
      return std::unexpected(std::move(prepared.error()));
    }
    *statement = std::move(*prepared);
  }
  const auto last = last_change_in(*connection_);
  if (!last) {
    return std::unexpected(last.error());
  }
  last_sequence_ = *last;
  return {};
}

Result<void> Journal::append(const Batch& batch) {
  Transaction transaction(*connection_);
  if (auto begun = transaction.begin(); !begun) {
    return begun;
  }
  const std::size_t count = batch.changes.size();
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < count; begin = end) {
    end = std::min(begin + limits::turn_changes, count);
    auto written = turns_.write(batch, begin, end);
    if (written) {
      written = append_profiles(std::span(batch.changes).subspan(begin, end - begin));
    }
    if (!written) {
      return written;
    }
    tell_written(batch, begin, end);
  }
  if (auto committed = transaction.commit(); !committed) {
    return committed;
  }
  last_sequence_ = batch.changes.back().sequence;
  return {};
}

Result<void> Journal::append_profiles(std::span<const Change> changes) {
  for (const Change& change : changes) {
    if (!change.profile) {
      continue;
    }
    insert_profile_.bind(1, change.sequence);
    insert_profile_.bind_blob(2, change.profile.bytes());
    if (auto inserted = insert_profile_.run(); !inserted) {
      return inserted;
    }
  }
  return {};
}

Result<bool> Journal::forget_profiles(std::uint64_t sequence) {
  Transaction transaction(*connection_);
  if (auto begun = transaction.begin(); !begun) {
    return std::unexpected(std::move(begun.error()));
  }
  auto first = first_profile_.step();
  if (!first) {
    return std::unexpected(std::move(first.error()));
  }
  const auto oldest = static_cast<std::uint64_t>(first_profile_.integer(0));
  first_profile_.reset();
  if (oldest == 0 || oldest > sequence) {
    return false;
  }
  const std::uint64_t last = std::min(sequence, oldest + limits::forget_step - 1);
  delete_profiles_.bind(1, last);
  if (auto deleted = delete_profiles_.run(); !deleted) {
    return std::unexpected(std::move(deleted.error()));
  }
  if (auto committed = transaction.commit(); !committed) {
    return std::unexpected(std::move(committed.error()));
  }
  return last < sequence;
}

}  // namespace ringbook::sqlite
