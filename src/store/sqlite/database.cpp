#include "store/sqlite/database.h"

#include <utility>

#include "base/file.h"
#include "base/limits.h"
#include "store/sqlite/disk_vfs.h"
#include "store/sqlite/errors.h"

namespace ringbook::sqlite {
namespace {

// SQLite counts the memory of the whole process under one lock, which the journal's thread and the
// fold's take for every row and then wait for each other. Nobody reads that count. Must come before
// SQLite's first use; later it is refused and the count stays.
void stop_counting_memory() {
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// What the files lie on unless their settings name something else. It stays until the end: no
// connection may be left that uses it.
const std::string& disk() {
  static const auto* const vfs = new DiskVfs("", DiskVfs::Syncs::when_asked);
  return vfs->name();
}

}  // namespace

// --- Statement -----------------------------------------------------------------------------------

void Statement::bind_text(int index, std::string_view text) {
  // A null pointer would bind NULL.
  sqlite3_bind_text(handle_.get(), index, text.empty() ? "" : text.data(),
                    static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind_text(int index, std::optional<std::string_view> text) {
  if (text) {
    bind_text(index, *text);
  } else {
    bind_null(index);
  }
}

void Statement::bind_blob(int index, std::string_view bytes) {
  sqlite3_bind_blob(handle_.get(), index, bytes.data(), static_cast<int>(bytes.size()),
                    SQLITE_STATIC);
}

void Statement::bind_value(int index, const Statement& row, int column) {
  sqlite3_bind_value(handle_.get(), index, sqlite3_column_value(row.handle_.get(), column));
}

Result<bool> Statement::step() {
  switch (const int code = sqlite3_step(handle_.get()); code) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: sqlite3_reset(handle_.get()); return false;
    default: {
      sqlite3* connection = sqlite3_db_handle(handle_.get());
      const char* file = sqlite3_db_filename(connection, "main");
      Error error = last_error(connection, file != nullptr ? file : "");
      sqlite3_reset(handle_.get());
      return std::unexpected(std::move(error));
    }
  }
}

Result<void> Statement::run() {
  if (auto stepped = step(); !stepped) {
    return std::unexpected(std::move(stepped.error()));
  }
  return {};
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

// --- Connection ----------------------------------------------------------------------------------

Error Connection::error(std::string_view doing) const {
  Error error = last_error(handle_, file_.string());
  error.detail = std::string(doing) + " " + error.detail;
  return error;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file,
                                                     const Settings& settings) {
  stop_counting_memory();
  std::unique_ptr<Connection> connection(new Connection(file));
  const int mode = settings.mode == Mode::read_only ? SQLITE_OPEN_READONLY
                                                    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const std::string& vfs = settings.vfs.empty() ? disk() : settings.vfs;
  const int code =
      sqlite3_open_v2(file.c_str(), &connection->handle_, mode | SQLITE_OPEN_NOMUTEX, vfs.c_str());
  if (code != SQLITE_OK) {
    return std::unexpected(connection->error("cannot open"));
  }
  sqlite3_extended_result_codes(connection->handle_, 1);
  sqlite3_busy_timeout(connection->handle_, limits::busy_ms);
  if (auto identified = connection->identify(settings); !identified) {
    // SQLite does not remember the system's error here, and a file just begun has no other reason.
    const bool has_no_room = sqlite3_extended_errcode(connection->handle_) == SQLITE_IOERR_SHMSIZE;
    return has_no_room ? fail(Errc::no_space, "the volume of " + file.string() +
                                                  " is full: make room there, then start again")
                       : std::unexpected(std::move(identified.error()));
  }
  if (auto set = connection->set_pragmas(settings); !set) {
    return std::unexpected(std::move(set.error()));
  }
  return connection;
}

Connection::~Connection() {
  begin_ = Statement();
  commit_ = Statement();
  sqlite3_close_v2(handle_);
}

Result<void> Connection::identify(const Settings& settings) {
  if (settings.schema == nullptr) {
    return {};
  }
  const auto version = version_of(*this, *settings.schema);
  if (!version) {
    return std::unexpected(version.error());
  }
  if (*version == 0 && settings.must_exist) {
    return fail(Errc::damaged, file_.string() + " has lost its content; restore it from a backup");
  }
  return {};
}

Result<void> Connection::set_pragmas(const Settings& settings) {
  const std::string cache = "PRAGMA cache_size=-" + std::to_string(settings.cache_kib);
  for (const char* pragma : {"PRAGMA wal_autocheckpoint=0", "PRAGMA synchronous=FULL",
                             "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON",
                             "PRAGMA temp_store=MEMORY", "PRAGMA mmap_size=0", cache.c_str()}) {
    if (auto done = run(pragma); !done) {
      return done;
    }
  }
  if (settings.mode == Mode::read_only) {
    return run("PRAGMA query_only=ON");
  }
  if (settings.mode == Mode::draft) {
    return run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE");
  }
  // After a large import the log shrinks again when it is next begun anew.
  const std::string wal_limit = "PRAGMA journal_size_limit=" + std::to_string(limits::wal_bytes);
  // What is erased is overwritten with zeros: a deleted person leaves no name in free space.
  for (const char* pragma :
       {"PRAGMA secure_delete=ON", "PRAGMA journal_mode=WAL", wal_limit.c_str()}) {
    if (auto done = run(pragma); !done) {
      return done;
    }
  }
  auto mode = prepare("PRAGMA journal_mode");
  if (!mode) {
    return std::unexpected(std::move(mode.error()));
  }
  if (auto row = mode->step(); !row) {
    return std::unexpected(std::move(row.error()));
  }
  auto synchronous = query_integer("PRAGMA synchronous");
  if (!synchronous) {
    return std::unexpected(std::move(synchronous.error()));
  }
  constexpr std::int64_t full = 2;
  if (mode->bytes(0) != "wal" || *synchronous != full) {
    return fail(Errc::unavailable,
                file_.string() +
                    " cannot be kept durable: SQLite did not accept WAL with synchronous=FULL");
  }
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK) {
    return std::unexpected(error("cannot read"));
  }
  Statement statement;
  statement.handle_.reset(handle);
  return statement;
}

Result<void> Connection::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return std::unexpected(error("cannot use"));
  }
  return {};
}

Result<void> Connection::run(Statement& statement, std::string_view sql) {
  if (statement.handle_ == nullptr) {
    auto prepared = prepare(sql);
    if (!prepared) {
      return std::unexpected(std::move(prepared.error()));
    }
    statement = std::move(*prepared);
  }
  return statement.run();
}

// Of a commit only SQLITE_FULL says that nothing was kept: the system's error that SQLite remembers
// is an older one there, and shared memory that cannot grow is met after the log's sync.
Result<void> Connection::commit() {
  auto committed = run(commit_, "COMMIT");
  if (!committed && committed.error().code == Errc::no_space &&
      (sqlite3_errcode(handle_) & 0xFF) != SQLITE_FULL) {
    committed.error().code = Errc::unavailable;
  }
  return committed;
}

Result<std::int64_t> Connection::query_integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return std::unexpected(std::move(statement.error()));
  }
  auto row = statement->step();
  if (!row) {
    return std::unexpected(std::move(row.error()));
  }
  return *row ? statement->integer(0) : 0;
}

Result<void> Connection::checkpoint(int mode) {
  int left = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &left, &moved);
  if (mode == SQLITE_CHECKPOINT_PASSIVE && (code & 0xFF) == SQLITE_BUSY) {
    return {};
  }
  if (code != SQLITE_OK) {
    return std::unexpected(error("cannot checkpoint"));
  }
  wal_pages_ = left - moved;
  return {};
}

void Connection::leave_log() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Result<void> Connection::checkpoint() {
  return checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}
Result<void> Connection::checkpoint_all() {
  return checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

// --- Transaction ---------------------------------------------------------------------------------

Result<void> Transaction::begin() {
  auto begun = connection_.run(connection_.begin_, "BEGIN IMMEDIATE");
  is_open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::begin(const char* sql) {
  auto begun = connection_.run(sql);
  is_open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::commit() {
  auto committed = connection_.commit();
  is_open_ = is_open_ && !committed;
  return committed;
}

Transaction::~Transaction() {
  if (is_open_) {
    // SQLite may have rolled back by itself; then this says so and nothing is lost.
    static_cast<void>(connection_.run("ROLLBACK"));
  }
}

// --- schema --------------------------------------------------------------------------------------

Result<std::int64_t> version_of(Connection& connection, const Schema& schema) {
  const auto id = connection.query_integer("PRAGMA application_id");
  const auto version = connection.query_integer("PRAGMA user_version");
  const auto objects = connection.query_integer("SELECT count(*) FROM sqlite_schema");
  for (const auto* found : {&id, &version, &objects}) {
    if (!*found) {
      return *found;
    }
  }
  const bool is_new = *id == 0 && *version == 0 && *objects == 0;
  if (!is_new && (*id != schema.application_id || *version <= 0)) {
    return fail(Errc::damaged, "a database in the data folder is not Ringbook's");
  }
  const auto newest = static_cast<std::int64_t>(schema.steps.size());
  if (*version > newest) {
    return fail(Errc::newer, "the data has schema version " + std::to_string(*version) +
                                 ", this program knows versions up to " + std::to_string(newest) +
                                 "; use the newer program that wrote it");
  }
  return version;
}

Result<void> take_step(Connection& connection, const Schema& schema, std::int64_t version,
                       const OnUpkeepStep& step) {
  auto done = connection.run(schema.steps[static_cast<std::size_t>(version)]);
  for (const Conversion& conversion : schema.conversions) {
    if (done && conversion.version == version + 1) {
      done = conversion.run(connection, step);
    }
  }
  return done;
}

Result<void> migrate(Connection& connection, const Schema& schema, const OnUpkeepStep& step) {
  const auto version = version_of(connection, schema);
  if (!version) {
    return std::unexpected(version.error());
  }
  const auto newest = static_cast<std::int64_t>(schema.steps.size());
  std::int64_t next = 0;
  for (std::int64_t at = *version; at < newest; at = next) {
    const bool is_made_whole = at == 0 && schema.whole != nullptr;
    next = is_made_whole ? newest : at + 1;
    Transaction transaction(connection);
    const std::string mark = "PRAGMA application_id=" + std::to_string(schema.application_id) +
                             "; PRAGMA user_version=" + std::to_string(next);
    auto done = transaction.begin();
    if (done) {
      done = is_made_whole
                 ? connection.run(schema.whole)
                 : take_step(connection, schema, at, step ? step : [](const UpkeepStep&) {});
    }
    if (done) {
      done = connection.run(mark.c_str());
    }
    if (done) {
      done = transaction.commit();
    }
    if (!done) {
      if (at > 0) {
        done.error().detail = "the data cannot be brought from schema version " +
                              std::to_string(at) + " to " + std::to_string(next) + ": " +
                              done.error().detail;
      }
      return done;
    }
  }
  return {};
}

}  // namespace ringbook::sqlite
