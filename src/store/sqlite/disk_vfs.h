// A VFS between SQLite and the disk, which does two things more than the one below it.
//
// It tells a full disk from a broken one: SQLite's own VFS says SQLITE_FULL for ENOSPC alone, and
// of a commit that failed otherwise nobody can tell afterwards why.
//
// And where it is told to, it syncs a file as it is written, piece by piece: whoever syncs another
// file of the same disk then waits for no more than a piece, and not for everything that a large
// transaction or a checkpoint wrote.
//
// Invariant: what SQLite asks to be synced is synced when it asks; what happens earlier is more.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace ringbook::sqlite {

class DiskVfs {
 public:
  enum class Syncs : std::uint8_t { when_asked, in_pieces };

  // Over the VFS of this name, "" for the default, which outlives this. Threads: any.
  DiskVfs(const std::string& over, Syncs syncs);
  // Every connection that used it is closed by then.
  ~DiskVfs();
  DiskVfs(const DiskVfs&) = delete;
  DiskVfs& operator=(const DiskVfs&) = delete;

  // Of files opened by this name a write that finds no room is SQLITE_FULL. With Syncs::in_pieces
  // they never have more than limits::paced_bytes that wait to be synced; a sync that fails is then
  // an error of the write: SQLITE_IOERR_FSYNC.
  const std::string& name() const { return name_; }

 private:
  struct Methods;

  std::string name_;
  sqlite3_vfs* below_;
  Syncs syncs_;
  sqlite3_vfs vfs_{};
};

}  // namespace ringbook::sqlite
