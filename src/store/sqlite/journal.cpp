#include "store/sqlite/journal.h"

#include <array>

#include "base/limits.h"
#include "store/sqlite/tables.h"

namespace ringbook::sqlite {
namespace {

// Appends touch only the last pages.
constexpr int journal_cache_kib = 2048;
// Changes between two words to whoever waits for a large set.
constexpr std::uint64_t tell_every = 1024;

constexpr std::string_view own_table = R"(
  CREATE TABLE folder(id INTEGER NOT NULL) STRICT;
)";
constexpr std::string_view further_tables = R"(
  CREATE TABLE profiles(sequence INTEGER PRIMARY KEY, profile BLOB NOT NULL) STRICT;
  CREATE TABLE actors(
    id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE(issuer, subject)
  ) STRICT;
)";
// One in 64 of the changes of a number (kind 8), picked by bits of the sequence that multiplication
// has mixed, so that no rhythm of changes always misses them.
constexpr const char* milestones = R"(
  CREATE INDEX milestones_of_users ON changes(user, at)
    WHERE kind & 8 <> 0 AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0;
  CREATE INDEX milestones_of_numbers ON changes(to_extension, at)
    WHERE to_extension IS NOT NULL AND kind & 8 <> 0
      AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0;
)";
static_assert(limits::milestone_distance == 64);

constexpr std::array<const char*, 2> journal_steps{
    joined<own_table, sql_of_changes, further_tables>.data(), milestones};

Result<std::optional<Extension>> extension_of(const Statement& row, int column) {
  if (row.is_null(column)) {
    return std::nullopt;
  }
  auto extension = Extension::from_packed(static_cast<std::uint64_t>(row.integer(column)));
  if (!extension) {
    return fail(Errc::damaged, "the journal holds a number that is no extension");
  }
  return extension;
}

}  // namespace

const Schema journal_schema{0x52424A31, journal_steps};  // "RBJ1"

const std::string_view change_columns =
    "sequence, change_set, at, user, kind, fields, from_extension, to_extension, previous_of_user, "
    "previous_of_number";

Result<Change> change_of(const Statement& row) {
  Change change;
  change.sequence = static_cast<std::uint64_t>(row.integer(0));
  change.set = static_cast<std::uint64_t>(row.integer(1));
  change.at = Instant{row.integer(2)};
  const auto user = user_id_of(row, 3);
  if (!user) {
    return fail(Errc::damaged, "change " + std::to_string(change.sequence) + " names no user");
  }
  change.user = *user;
  change.kind = static_cast<std::uint8_t>(row.integer(4));
  change.fields = static_cast<std::uint8_t>(row.integer(5));
  auto from = extension_of(row, 6);
  auto to = extension_of(row, 7);
  if (!from || !to) {
    return std::unexpected(from ? to.error() : from.error());
  }
  change.from = *from;
  change.to = *to;
  change.previous_of_user = static_cast<std::uint64_t>(row.integer(8));
  change.previous_of_number = static_cast<std::uint64_t>(row.integer(9));
  return change;
}

const std::string select_change =
    "SELECT " + std::string(change_columns) +
    ", issuer, subject, request_id FROM changes JOIN actors ON actors.id = actor "
    "WHERE sequence = ?1";

// SQLite uses an index to some rows only where the query repeats which they are.
const std::string select_milestone_of_user =
    "SELECT sequence FROM changes WHERE user = ?1 AND at > ?2 AND kind & 8 <> 0 "
    "AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0 ORDER BY at LIMIT 1";
const std::string select_milestone_of_number =
    "SELECT sequence FROM changes WHERE to_extension = ?1 AND at > ?2 AND kind & 8 <> 0 "
    "AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0 ORDER BY at LIMIT 1";

Result<ChangeReader> ChangeReader::prepare(Connection& connection) {
  ChangeReader reader;
  for (const auto& [statement, sql] :
       {std::pair(&reader.select_, &select_change),
        std::pair(&reader.milestone_of_user_, &select_milestone_of_user),
        std::pair(&reader.milestone_of_number_, &select_milestone_of_number)}) {
    auto prepared = connection.prepare(*sql);
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

Result<RecordedChange> ChangeReader::read(std::uint64_t sequence) {
  select_.bind(1, sequence);
  auto row = select_.step();
  if (!row) {
    return std::unexpected(std::move(row.error()));
  }
  if (!*row) {
    return fail(Errc::damaged, "the journal lacks change " + std::to_string(sequence));
  }
  auto change = change_of(select_);
  if (!change) {
    select_.reset();
    return std::unexpected(std::move(change.error()));
  }
  RecordedChange record{std::move(*change), std::string(select_.bytes(10)),
                        std::string(select_.bytes(11)), std::string(select_.bytes(12))};
  select_.reset();
  return record;
}

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
  const std::pair<Statement*, const char*> statements[] = {
      {&insert_change_,
       "INSERT INTO changes VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"},
      {&insert_profile_, "INSERT INTO profiles VALUES(?1, ?2)"},
      {&insert_actor_, "INSERT INTO actors(issuer, subject) VALUES(?1, ?2) RETURNING id"},
      {&find_actor_, "SELECT id FROM actors WHERE issuer = ?1 AND subject = ?2"},
      {&delete_profiles_, "DELETE FROM profiles WHERE sequence <= ?1"},
      {&first_profile_, "SELECT coalesce(min(sequence), 0) FROM profiles"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = connection_->prepare(sql);
    if (!prepared) {
      return std::unexpected(std::move(prepared.error()));
    }
    *statement = std::move(*prepared);
  }
  auto last =
      connection_->prepare("SELECT sequence, at FROM changes ORDER BY sequence DESC LIMIT 1");
  if (!last) {
    return std::unexpected(std::move(last.error()));
  }
  auto row = last->step();
  if (!row) {
    return std::unexpected(std::move(row.error()));
  }
  if (*row) {
    last_sequence_ = static_cast<std::uint64_t>(last->integer(0));
    last_at_ = Instant{last->integer(1)};
  }
  return {};
}

Result<std::int64_t> Journal::actor(const std::string& issuer, const std::string& subject) {
  const auto key = std::pair(issuer, subject);
  if (const auto known = actors_.find(key); known != actors_.end()) {
    return known->second;
  }
  for (Statement* statement : {&find_actor_, &insert_actor_}) {
    statement->bind_text(1, std::string_view(issuer));
    statement->bind_text(2, std::string_view(subject));
    auto row = statement->step();
    if (!row) {
      return std::unexpected(std::move(row.error()));
    }
    if (*row) {
      const std::int64_t id = statement->integer(0);
      statement->reset();
      return id;
    }
  }
  return fail(Errc::internal, "an actor could not be recorded");
}

Result<void> Journal::append(const Batch& batch) {
  Transaction transaction(*connection_);
  if (auto begun = transaction.begin(); !begun) {
    return begun;
  }
  std::vector<std::pair<std::pair<std::string, std::string>, std::int64_t>> new_actors;
  for (const Batch::Set& set : batch.sets) {
    auto id = actor(set.issuer, set.subject);
    if (!id) {
      return std::unexpected(std::move(id.error()));
    }
    const auto changes = std::span(batch.changes).subspan(set.begin, set.end - set.begin);
    if (auto done = append_set(set, changes, *id); !done) {
      return done;
    }
    new_actors.emplace_back(std::pair(set.issuer, set.subject), *id);
  }
  if (auto committed = transaction.commit(); !committed) {
    return committed;
  }
  // Remembered only now: what was rolled back has no id.
  if (actors_.size() + new_actors.size() > limits::remembered_actors) {
    actors_.clear();
  }
  actors_.insert(new_actors.begin(), new_actors.end());
  last_sequence_ = batch.changes.back().sequence;
  last_at_ = batch.changes.back().at;
  return {};
}

Result<void> Journal::append_set(const Batch::Set& set, std::span<const Change> changes,
                                 std::int64_t actor) {
  std::uint64_t written = 0;
  for (const Change& change : changes) {
    if (auto done = append_change(change, actor, set.request_id); !done) {
      return done;
    }
    ++written;
    if (set.on_written && (written % tell_every == 0 || written == changes.size())) {
      set.on_written(written);
    }
  }
  return {};
}

Result<void> Journal::append_change(const Change& change, std::int64_t actor,
                                    const std::string& request_id) {
  insert_change_.bind(1, change.sequence);
  insert_change_.bind(2, change.set);
  insert_change_.bind(3, change.at.ms);
  bind_user_id(insert_change_, 4, change.user);
  insert_change_.bind(5, std::int64_t{change.kind});
  insert_change_.bind(6, std::int64_t{change.fields});
  bind_extension(insert_change_, 7, change.from);
  bind_extension(insert_change_, 8, change.to);
  insert_change_.bind(9, change.previous_of_user);
  insert_change_.bind(10, change.previous_of_number);
  insert_change_.bind(11, actor);
  insert_change_.bind_text(12, std::string_view(request_id));
  auto inserted = insert_change_.run();
  if (!inserted || !change.profile) {
    return inserted;
  }
  insert_profile_.bind(1, change.sequence);
  insert_profile_.bind_blob(2, change.profile.bytes());
  return insert_profile_.run();
}

Result<void> Journal::checkpoint_if_due() {
  if (connection_->wal_pages() < limits::checkpoint_pages) {
    return {};
  }
  auto done = connection_->checkpoint();
  // Without room the log simply stays; the next append will say that the disk is full.
  if (!done && done.error().code == Errc::no_space) {
    return {};
  }
  return done;
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

Result<void> read_changes(Connection& connection, std::uint64_t after,
                          std::move_only_function<Result<void>(Change)> visit) {
  auto select = connection.prepare("SELECT " + std::string(change_columns) +
                                   ", profile FROM changes LEFT JOIN profiles USING(sequence) "
                                   "WHERE sequence > ?1 ORDER BY sequence");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  select->bind(1, after);
  while (true) {
    auto row = select->step();
    if (!row) {
      return std::unexpected(std::move(row.error()));
    }
    if (!*row) {
      return {};
    }
    auto change = change_of(*select);
    if (!change) {
      return std::unexpected(std::move(change.error()));
    }
    if (!select->is_null(10)) {
      auto profile = PackedProfile::from_bytes(select->bytes(10));
      if (!profile || problem_of(profile->unpack())) {
        return fail(Errc::damaged,
                    "the profile of change " + std::to_string(change->sequence) + " is damaged");
      }
      change->profile = std::move(*profile);
    }
    if (auto visited = visit(std::move(*change)); !visited) {
      return visited;
    }
  }
}

}  // namespace ringbook::sqlite
