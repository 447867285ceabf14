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
constexpr std::string_view journal_tables = R"(
  CREATE TABLE kept_profiles(sequence INTEGER PRIMARY KEY, profile BLOB NOT NULL) STRICT;
  CREATE TABLE actors(id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL) STRICT;
)";
constexpr std::array<const char*, 1> backup_steps{
    joined<backup_tables, sql_of_changes, journal_tables, sql_of_people>.data()};

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

const Schema backup_schema{0x52424231, backup_steps};  // "RBB1"

void TableDigest::add(const Statement& row) {
  enum : std::uint8_t { nothing, number, text };
  for (int column = 0; column < row.columns(); ++column) {
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

Result<void> copy_rows(Connection& from, const char* from_table, Connection& to,
                       const char* to_table, const KeyRange& range, TableDigest& digest,
                       const std::function<void(std::uint64_t)>& copied) {
  auto select = from.prepare("SELECT * FROM " + std::string(from_table) +
                             " WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid LIMIT ?3");
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
  select->bind(2, range.last);
  select->bind(3, range.most);
  while (true) {
    auto row = select->step();
    if (!row) {
      return std::unexpected(std::move(row.error()));
    }
    if (!*row) {
      return {};
    }
    for (int column = 0; column < select->columns(); ++column) {
      insert->bind_value(column + 1, *select, column);
    }
    if (auto done = insert->run(); !done) {
      return done;
    }
    digest.add(*select);
    copied(digest.rows);
  }
}

}  // namespace ringbook::sqlite
