#include "store/sqlite/disk_vfs.h"

#include <cstdint>
#include <limits>

#include "base/check.h"
#include "base/file.h"
#include "base/limits.h"

namespace ringbook::sqlite {

// The functions that SQLite calls. A file of ours stands directly before the real one's memory.
struct DiskVfs::Methods {
  struct OpenFile {
    sqlite3_file base;
    sqlite3_int64 unsynced;
    sqlite3_int64 most_unsynced;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  static_assert(sizeof(OpenFile) % alignof(sqlite3_int64) == 0);

  static OpenFile& ours(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
  static DiskVfs& self(sqlite3_vfs* vfs) { return *static_cast<DiskVfs*>(vfs->pAppData); }

  // --- a file ---

  // Calls the method of the real file.
  template <auto Method, class... Arguments>
  static auto pass(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* real = ours(file).real();
    return (real->pMethods->*Method)(real, arguments...);
  }

  static int sync(sqlite3_file* file, int flags) {
    ours(file).unsynced = 0;
    return pass<&sqlite3_io_methods::xSync>(file, flags);
  }

  static bool found_no_room(sqlite3_file* file) {
    int system_error = 0;
    pass<&sqlite3_io_methods::xFileControl, int, void*>(file, SQLITE_FCNTL_LAST_ERRNO,
                                                        &system_error);
    return errc_of(system_error) == Errc::no_space;
  }

  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    if (ours(file).unsynced + size > ours(file).most_unsynced) {
      const int code = sync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
      if (code != SQLITE_OK) {
        return code;
      }
    }
    ours(file).unsynced += size;
    const int code = pass<&sqlite3_io_methods::xWrite>(file, from, size, at);
    return code == SQLITE_IOERR_WRITE && found_no_room(file) ? SQLITE_FULL : code;
  }

  // Of version 2, which has no memory mapping: every write comes by here.
  static const sqlite3_io_methods file_methods;

  // --- the folder ---

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
    file->pMethods = nullptr;  // Says that there is nothing to close.
    sqlite3_vfs* below = self(vfs).below_;
    const int code = below->xOpen(below, path, ours(file).real(), flags, given);
    if (code == SQLITE_OK) {
      ours(file).unsynced = 0;
      ours(file).most_unsynced = self(vfs).syncs_ == Syncs::in_pieces
                                     ? limits::paced_bytes
                                     : std::numeric_limits<sqlite3_int64>::max();
      file->pMethods = &file_methods;
    }
    return code;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int syncs_folder) {
    return self(vfs).below_->xDelete(self(vfs).below_, path, syncs_folder);
  }
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    return self(vfs).below_->xAccess(self(vfs).below_, path, flags, result);
  }
  static int full_path(sqlite3_vfs* vfs, const char* path, int size, char* to) {
    return self(vfs).below_->xFullPathname(self(vfs).below_, path, size, to);
  }
  static int last_error(sqlite3_vfs* vfs, int size, char* to) {
    return self(vfs).below_->xGetLastError(self(vfs).below_, size, to);
  }
};

const sqlite3_io_methods DiskVfs::Methods::file_methods{
    .iVersion = 2,
    .xClose = pass<&sqlite3_io_methods::xClose>,
    .xRead = pass<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = write,
    .xTruncate = pass<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    .xSync = sync,
    .xFileSize = pass<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    .xLock = pass<&sqlite3_io_methods::xLock, int>,
    .xUnlock = pass<&sqlite3_io_methods::xUnlock, int>,
    .xCheckReservedLock = pass<&sqlite3_io_methods::xCheckReservedLock, int*>,
    .xFileControl = pass<&sqlite3_io_methods::xFileControl, int, void*>,
    .xSectorSize = pass<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = pass<&sqlite3_io_methods::xDeviceCharacteristics>,
    .xShmMap = pass<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>,
    .xShmLock = pass<&sqlite3_io_methods::xShmLock, int, int, int>,
    .xShmBarrier = pass<&sqlite3_io_methods::xShmBarrier>,
    .xShmUnmap = pass<&sqlite3_io_methods::xShmUnmap, int>,
    .xFetch = nullptr,
    .xUnfetch = nullptr};

// What has nothing to do with files stays as the VFS below does it.
DiskVfs::DiskVfs(const std::string& over, Syncs syncs)
    : name_("disk-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))),
      below_(sqlite3_vfs_find(over.empty() ? nullptr : over.c_str())),
      syncs_(syncs) {
  check(below_ != nullptr, "the files' VFS is there");
  vfs_ = *below_;
  vfs_.pAppData = this;
  vfs_.szOsFile += static_cast<int>(sizeof(Methods::OpenFile));
  vfs_.zName = name_.c_str();
  vfs_.pNext = nullptr;
  vfs_.xOpen = Methods::open;
  vfs_.xDelete = Methods::remove;
  vfs_.xAccess = Methods::access;
  vfs_.xFullPathname = Methods::full_path;
  vfs_.xGetLastError = Methods::last_error;
  check(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK, "a VFS of another name is taken");
}

DiskVfs::~DiskVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

}  // namespace ringbook::sqlite
