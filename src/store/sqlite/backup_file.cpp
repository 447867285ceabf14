#include "store/sqlite/backup_file.h"

#include <string>

#include "store/sqlite/tables.h"

namespace ringbook::sqlite {
namespace {

// `contents` and `manifest` are written last.
constexpr std::string_view backup_tables = R"(
  CREATE TABLE manifest(
    one INTEGER PRIMARY KEY CHECK(one = 1),
    taken_at INTEGER NOT NULL,
    last_change INTEGER NOT NULL,
    included INTEGER NOT NULL,
    users INTEGER NOT NULL,
    extensions INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE contents(
    table_name TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest INTEGER NOT NULL
  ) STRICT;
)";
constexpr std::string_view kept_profiles = R"(
  CREATE TABLE kept_profiles(sequence INTEGER PRIMARY KEY, profile BLOB NOT NULL) STRICT;
)";
constexpr std::string_view older_actors_of_backup = R"(
  CREATE TABLE actors(id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL) STRICT;
)";
constexpr std::string_view drop_changes = R"(
  DROP TABLE changes;
  DROP TABLE actors;
)";
constexpr std::array<const char*, 2> backup_steps{
    joined<backup_tables, sql_of_changes, kept_profiles, older_actors_of_backup, sql_of_people>.data(),
    joined<drop_changes, sql_of_turns>.data()};

void add_byte(std::uint64_t& digest, std::uint8_t byte) {
  constexpr std::uint64_t prime = 1'099'511'628'211U;
  digest = (digest ^ byte) * prime;
}

void add_number(std::uint64_t& digest, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) {
    add_byte(digest, static_cast<std::uint8_t>(number >> shift));
  }
}

}  // namespace

const Schema backup_schema{
    0x52424231,  // "RBB1"
    backup_steps,
    {},
    joined<backup_tables, sql_of_turns, kept_profiles, sql_of_people>.data()};

void TableDigest::add(const Statement& row, int columns) {
  enum : std::uint8_t { nothing, number, text };
  for (int column = 0; column < columns; ++column) {
    if (row.is_null(column)) {
      add_byte(digest, nothing);
    } else if (row.is_integer(column)) {
      add_byte(digest, number);
      add_number(digest, static_cast<std::uint64_t>(row.integer(column)));
    } else {
      const std::string_view bytes = row.bytes(column);
      add_byte(digest, text);
      add_number(digest, bytes.size());
      for (const char byte : bytes) {
        add_byte(digest, static_cast<std::uint8_t>(byte));
      }
    }
  }
  ++rows;
  last = row.integer(0);
}

Result<bool> copy_rows(Connection& from, const char* from_table, Connection& to,
                       const char* to_table, TableDigest& digest, const OnCopied& copied) {
  auto select =
      from.prepare("SELECT * FROM " + std::string(from_table) + " WHERE rowid > ?1 ORDER BY rowid");
  if (!select) {
    return std::unexpected(std::move(select.error()));
  }
  std::string insert_sql = "INSERT INTO " + std::string(to_table) + " VALUES(?1";
  for (int column = 2; column <= select->columns(); ++column) {
    insert_sql += ",?" + std::to_string(column);
  }
  auto insert = to.prepare(insert_sql + ")");
  if (!insert) {
    return std::unexpected(std::move(insert.error()));
  }
  select->bind(1, digest.last);
  while (true) {
    const auto row = select->step();
    if (!row) {
      return row;
    }
    if (!*row) {
      return true;
    }
    for (int column = 0; column < select->columns(); ++column) {
      insert->bind_value(column + 1, *select, column);
    }
    if (auto done = insert->run(); !done) {
      return std::unexpected(std::move(done.error()));
    }
    digest.add(*select);
    if (auto goes_on = copied(*select); !goes_on || !*goes_on) {
      return goes_on;
    }
  }
}

}  // namespace ringbook::sqlite
