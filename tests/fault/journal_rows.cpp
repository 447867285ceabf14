#include "fault/journal_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "directory/turn_record.h"
#include "store/sqlite/backup_file.h"
#include "store/sqlite/database.h"
#include "store/sqlite/tables.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;
using sqlite::Statement;

// What schema version 1 of a journal was, but for the application id and the version.
constexpr const char* older_tables = R"(
  CREATE TABLE folder(id INTEGER NOT NULL) STRICT;

  CREATE TABLE changes(
    sequence INTEGER PRIMARY KEY,
    change_set INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user BLOB NOT NULL,
    kind INTEGER NOT NULL,
    fields INTEGER NOT NULL,
    from_extension INTEGER,
    to_extension INTEGER,
    previous_of_user INTEGER NOT NULL,
    previous_of_number INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    request_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE profiles(sequence INTEGER PRIMARY KEY, profile BLOB NOT NULL) STRICT;
  CREATE TABLE actors(
    id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE(issuer, subject)
  ) STRICT;
)";
// What version 2 added.
constexpr const char* older_indexes = R"(
  CREATE INDEX milestones_of_users ON changes(user, at)
    WHERE kind & 8 <> 0 AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0;
  CREATE INDEX milestones_of_numbers ON changes(to_extension, at)
    WHERE to_extension IS NOT NULL AND kind & 8 <> 0
      AND ((sequence & 16777215) * 2654435761 >> 24 & 63) = 0;
)";
// The tables of a backup of version 1 that the next one has no more.
constexpr const char* older_tables_of_backup = R"(
  CREATE TABLE changes(
    sequence INTEGER PRIMARY KEY,
    change_set INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user BLOB NOT NULL,
    kind INTEGER NOT NULL,
    fields INTEGER NOT NULL,
    from_extension INTEGER,
    to_extension INTEGER,
    previous_of_user INTEGER NOT NULL,
    previous_of_number INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    request_id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE actors(id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL) STRICT;
)";

std::unique_ptr<Connection> open(const fs::path& database) {
  auto connection = Connection::open(database, {});
  EXPECT_TRUE(connection) << connection.error().detail;
  return connection ? std::move(*connection) : nullptr;
}

Statement prepare(Connection& connection, const std::string& sql) {
  auto statement = connection.prepare(sql);
  EXPECT_TRUE(statement) << statement.error().detail;
  return statement ? std::move(*statement) : Statement();
}

void run(Connection& connection, const std::string& sql) {
  const auto done = connection.run(sql.c_str());
  EXPECT_TRUE(done) << done.error().detail;
}

void run(Statement& statement) {
  const auto done = statement.run();
  EXPECT_TRUE(done) << done.error().detail;
}

std::vector<RecordedChange> changes_in(Connection& connection) {
  auto rows = connection.prepare("SELECT record FROM turns ORDER BY first");
  EXPECT_TRUE(rows) << rows.error().detail;
  std::vector<RecordedChange> changes;
  for (auto row = rows ? rows->step() : false; row && *row; row = rows->step()) {
    auto turn = TurnCursor::begin(rows->bytes(0));
    EXPECT_TRUE(turn);
    for (auto more = turn->next(); more && *more; more = turn->next()) {
      changes.push_back({turn->change(), std::string(turn->issuer()), std::string(turn->subject()),
                         std::string(turn->request_id())});
    }
  }
  return changes;
}

// As the older program did: whoever is new is recorded before the first change that they made.
void insert_older(Connection& connection, const std::vector<RecordedChange>& changes) {
  Statement insert_actor =
      prepare(connection, "INSERT INTO actors(issuer, subject) VALUES(?1, ?2) RETURNING id");
  Statement insert = prepare(
      connection, "INSERT INTO changes VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
  std::map<std::pair<std::string, std::string>, std::int64_t> actors;
  for (const RecordedChange& record : changes) {
    std::int64_t& actor = actors[{record.issuer, record.subject}];
    if (actor == 0) {
      insert_actor.bind_text(1, std::string_view(record.issuer));
      insert_actor.bind_text(2, std::string_view(record.subject));
      EXPECT_TRUE(insert_actor.step().value_or(false));
      actor = insert_actor.integer(0);
      insert_actor.reset();
    }
    const Change& change = record.change;
    insert.bind(1, change.sequence);
    insert.bind(2, change.set);
    insert.bind(3, change.at.ms);
    sqlite::bind_user_id(insert, 4, change.user);
    insert.bind(5, std::int64_t{change.kind});
    insert.bind(6, std::int64_t{change.fields});
    sqlite::bind_extension(insert, 7, change.from);
    sqlite::bind_extension(insert, 8, change.to);
    insert.bind(9, change.previous_of_user);
    insert.bind(10, change.previous_of_number);
    insert.bind(11, actor);
    insert.bind_text(12, std::string_view(record.request_id));
    run(insert);
  }
}

// Copies the rows of a table that both have.
void copy_table(Connection& from, Connection& to, const std::string& table, int columns) {
  Statement rows = prepare(from, "SELECT * FROM " + table);
  Statement insert =
      prepare(to, "INSERT INTO " + table + (columns == 1 ? " VALUES(?1)" : " VALUES(?1, ?2)"));
  for (auto row = rows.step(); row && *row; row = rows.step()) {
    for (int column = 0; column < columns; ++column) {
      insert.bind_value(column + 1, rows, column);
    }
    run(insert);
  }
}

}  // namespace

std::vector<RecordedChange> changes_in(const fs::path& database) {
  const auto connection = open(database);
  return connection != nullptr ? changes_in(*connection) : std::vector<RecordedChange>{};
}

void put_changes(const fs::path& database, const std::vector<RecordedChange>& changes) {
  const auto connection = open(database);
  ASSERT_TRUE(connection);
  run(*connection, "BEGIN; DELETE FROM turns");
  Statement insert = prepare(*connection, "INSERT INTO turns VALUES(?1, ?2)");
  for (const RecordedChange& record : changes) {
    Batch batch;
    batch.sets.push_back({record.issuer, record.subject, record.request_id, 0, 1});
    batch.changes.push_back(record.change);
    std::string octets;
    append_turn_record(batch, 0, 1, octets);
    insert.bind(1, record.change.sequence);
    insert.bind_blob(2, octets);
    run(insert);
  }
  run(*connection, "COMMIT");
}

void edit_record(const fs::path& database, std::uint64_t first,
                 const std::function<void(std::string&)>& edit) {
  const auto connection = open(database);
  ASSERT_TRUE(connection);
  Statement row = prepare(*connection, "SELECT record FROM turns WHERE first = ?1");
  row.bind(1, first);
  ASSERT_TRUE(row.step().value_or(false));
  const std::string before(row.bytes(0));
  row.reset();
  std::string record = before;
  edit(record);
  ASSERT_NE(record, before);
  Statement update = prepare(*connection, "UPDATE turns SET record = ?2 WHERE first = ?1");
  update.bind(1, first);
  update.bind_blob(2, record);
  run(update);
}

void make_older_journal(const fs::path& folder, int version) {
  const fs::path file = folder / "journal.db";
  const fs::path older = folder / "older.db";
  {
    const auto from = open(file);
    const auto to = open(older);
    ASSERT_TRUE(from && to);
    run(*to, "BEGIN");
    run(*to, older_tables);
    if (version == 2) {
      run(*to, older_indexes);
    }
    run(*to, "PRAGMA application_id=" + std::to_string(0x52424A31) +
                 "; PRAGMA user_version=" + std::to_string(version));
    copy_table(*from, *to, "folder", 1);
    copy_table(*from, *to, "profiles", 2);
    insert_older(*to, changes_in(*from));
    run(*to, "COMMIT");
  }
  // The last of its connections has moved the log into each file.
  fs::rename(older, file);
  ASSERT_FALSE(fs::exists(folder / "journal.db-wal"));
}

void make_older_backup(const fs::path& backup) {
  const auto connection = open(backup);
  ASSERT_TRUE(connection);
  const std::vector<RecordedChange> changes = changes_in(*connection);
  run(*connection, "BEGIN");
  run(*connection, older_tables_of_backup);
  insert_older(*connection, changes);
  run(*connection, "DROP TABLE turns; DELETE FROM contents WHERE table_name = 'turns'");
  for (const std::string table : {"changes", "actors"}) {
    sqlite::TableDigest digest;
    Statement rows = prepare(*connection, "SELECT * FROM " + table + " ORDER BY rowid");
    for (auto row = rows.step(); row && *row; row = rows.step()) {
      digest.add(rows);
    }
    Statement insert = prepare(*connection, "INSERT INTO contents VALUES(?1, ?2, ?3)");
    insert.bind_text(1, std::string_view(table));
    insert.bind(2, digest.rows);
    insert.bind(3, digest.digest);
    run(insert);
  }
  run(*connection, "PRAGMA user_version=1; COMMIT");
}

}  // namespace ringbook::test
