// A VFS that syncs a file as it is written, piece by piece: whoever syncs another file of the same
// disk then waits for no more than a piece, and not for everything that a large transaction or a
// checkpoint wrote.
//
// Invariant: what SQLite asks to be synced is synced when it asks; what happens earlier is more.
#pragma once

#include <sqlite3.h>

#include <string>

namespace ringbook::sqlite {

class PacedVfs {
 public:
  // Over the VFS of this name, "" for the default, which outlives this. Threads: any.
  explicit PacedVfs(const std::string& over);
  // Every connection that used it is closed by then.
  ~PacedVfs();
  PacedVfs(const PacedVfs&) = delete;
  PacedVfs& operator=(const PacedVfs&) = delete;

  // Files opened by this name never have more than limits::paced_bytes that wait to be synced.
  // A sync that fails is an error of the write: SQLITE_IOERR_FSYNC.
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  sqlite3_vfs vfs_{};
};

}  // namespace ringbook::sqlite
