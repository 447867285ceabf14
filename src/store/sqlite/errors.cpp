#include "store/sqlite/errors.h"

#include <string>

#include "base/file.h"

namespace ringbook::sqlite {
namespace {

Errc meaning(int extended, int system_errno) {
  switch (extended) {
    // A failed sync is never lack of room: what it left behind is unknown.
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC: return Errc::unavailable;
    default: break;
  }
  switch (extended & 0xFF) {
    case SQLITE_FULL: return Errc::no_space;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return errc_of(system_errno);
    // The engine's SQL is fixed: where it does not fit, the file is not what it should be.
    case SQLITE_ERROR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Errc::damaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Errc::locked;
    case SQLITE_MISUSE: return Errc::internal;
    default: return Errc::unavailable;
  }
}

}  // namespace

Error last_error(sqlite3* connection, std::string_view file) {
  const int extended = sqlite3_extended_errcode(connection);
  // SQLite remembers it of these two alone, and for ever.
  const bool is_of_system =
      (extended & 0xFF) == SQLITE_IOERR || (extended & 0xFF) == SQLITE_CANTOPEN;
  const int system_errno = is_of_system ? sqlite3_system_errno(connection) : 0;
  const Errc code = meaning(extended, system_errno);
  std::string detail = std::string(file) + ": " + sqlite3_errmsg(connection) + " (SQLite " +
                       std::to_string(extended) +
                       (system_errno != 0 ? ", " + text_of_error(system_errno) : "") + ")" +
                       owner_after(system_errno, file);
  if (code == Errc::no_space) {
    detail += "; its volume or a quota is full, or it may not grow: make room there";
  }
  return {code, std::move(detail)};
}

}  // namespace ringbook::sqlite
