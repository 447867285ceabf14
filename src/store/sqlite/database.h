// SQLite, as values and scope: a connection, a statement, a transaction. The only file of the
// engine that gives SQLite's result codes a meaning; they become `Errc` by number, never by text.
//
// Threads: a connection and its statements belong to one thread at a time (opened without mutexes).
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "directory/upkeep.h"

namespace ringbook::sqlite {

class Statement {
 public:
  // Parameters are numbered from 1, columns from 0. Text and blobs are not copied: they must live
  // until the statement is stepped.
  void bind(int index, std::int64_t value) { sqlite3_bind_int64(handle_.get(), index, value); }
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind_null(int index) { sqlite3_bind_null(handle_.get(), index); }
  void bind_text(int index, std::string_view text);
  void bind_text(int index, std::optional<std::string_view> text);
  void bind_blob(int index, std::string_view bytes);
  // The value of another statement's row, whatever its type.
  void bind_value(int index, const Statement& row, int column);

  // True with a row, false at the end (then reset and ready to be bound again). Errors reset it
  // too.
  Result<bool> step();
  // Runs a statement that gives no rows.
  Result<void> run();
  void reset() { sqlite3_reset(handle_.get()); }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  bool is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
  }
  bool is_integer(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_INTEGER;
  }
  int columns() const { return sqlite3_column_count(handle_.get()); }
  // Views until the next step or reset.
  std::string_view bytes(int column) const;

 private:
  friend class Connection;
  struct Finalise {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalise> handle_;
};

class Connection;

// What SQL alone cannot say of the step to a version; runs after its SQL. Errors end the step.
struct Conversion {
  std::int64_t version;
  Result<void> (*run)(Connection& connection, const OnUpkeepStep& step);
};

// What kind of file it is, and the SQL that brings it from each version to the next.
struct Schema {
  std::int64_t application_id;  // Tells this kind of file from any other.
  std::span<const char* const> steps;
  std::span<const Conversion> conversions = {};
  // Makes a new file, which then is as if all steps had been taken; null for taking them.
  const char* whole = nullptr;
};

class Connection {
 public:
  enum class Mode {
    read_write,
    read_only,
    // A file that nobody else knows yet, without a log: broken by a crash, durable only when its
    // maker syncs it.
    draft,
  };
  struct Settings {
    std::string vfs = {};  // "" for one that tells a full disk by each of its names.
    int cache_kib = 2048;
    Mode mode = Mode::read_write;
    // What the file must be, found out before a byte of it is changed.
    const Schema* schema = nullptr;
    bool must_exist = false;  // A file without any content is damaged, not new.
  };

  // Opens or creates the file with this engine's pragmas (WAL, synchronous=FULL, no automatic
  // checkpoint) and reads them back. Errors: as `error`; damaged and newer, as `version_of`;
  // unavailable when a pragma did not take.
  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file,
                                                  const Settings& settings);
  ~Connection();
  Connection(const Connection&) = delete;

  Result<Statement> prepare(std::string_view sql);
  Result<void> run(const char* sql);
  // The first column of the first row.
  Result<std::int64_t> query_integer(std::string_view sql);

  // Pages in the write-ahead log after the last commit.
  int wal_pages() const { return wal_pages_; }
  // Moves what the log holds into the file, as far as readers allow; nothing of it where another
  // connection does the same at this moment, or writes. Durability: both synced.
  Result<void> checkpoint();
  // The same, waiting for readers, and empties the log.
  Result<void> checkpoint_all();

  // Closing leaves the log as it is; SQLite would otherwise move it into the file.
  void leave_log();

  // What the last result code of this connection means.
  Error error(std::string_view doing) const;

 private:
  friend class Transaction;
  explicit Connection(std::filesystem::path file) : file_(std::move(file)) {}
  Result<void> commit();
  // Runs `sql`, which is always the same for `statement` and is prepared once.
  Result<void> run(Statement& statement, std::string_view sql);
  Result<void> identify(const Settings& settings);
  Result<void> set_pragmas(const Settings& settings);
  Result<void> checkpoint(int mode);

  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
  Statement begin_;  // Of every turn, and so is the other.
  Statement commit_;
  int wal_pages_ = 0;
};

// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  // To write.
  Result<void> begin();
  // As `sql` says.
  Result<void> begin(const char* sql);
  // Errors: no_space (nothing was kept), anything else (unknown).
  Result<void> commit();

 private:
  Connection& connection_;
  bool is_open_ = false;
};

// The version of a file's schema; 0 for a new file. Errors: newer (written by a newer program),
// damaged (not this kind of file), and those of SQLite.
Result<std::int64_t> version_of(Connection& connection, const Schema& schema);

// What brings a file from `version` to the next, without a transaction of its own. Errors: those of
// SQLite and of conversions.
Result<void> take_step(Connection& connection, const Schema& schema, std::int64_t version,
                       const OnUpkeepStep& step);

// Brings a file to the newest schema, each step in one transaction, so that a kill at any moment
// leaves a version. Errors: those of `version_of` and `take_step`; then the file has the version
// that it had before the step.
Result<void> migrate(Connection& connection, const Schema& schema, const OnUpkeepStep& step = {});

}  // namespace ringbook::sqlite
