#include "store/sqlite/paced_vfs.h"

#include <cstdint>

#include "base/check.h"
#include "base/limits.h"

namespace ringbook::sqlite {
namespace {

struct PacedFile {
  sqlite3_file base;
  sqlite3_int64 unsynced;
  // The real file lies behind this one, in the same memory.
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(sizeof(PacedFile) % alignof(sqlite3_int64) == 0);

PacedFile& ours(sqlite3_file* file) {
  return *reinterpret_cast<PacedFile*>(file);
}

// Calls the method of the real file.
template <auto Method, class... Arguments>
auto pass(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* real = ours(file).real();
  return (real->pMethods->*Method)(real, arguments...);
}

int sync(sqlite3_file* file, int flags) {
  ours(file).unsynced = 0;
  return pass<&sqlite3_io_methods::xSync>(file, flags);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (ours(file).unsynced + size > limits::paced_bytes) {
    const int code = sync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    if (code != SQLITE_OK) {
      return code;
    }
  }
  ours(file).unsynced += size;
  return pass<&sqlite3_io_methods::xWrite>(file, from, size, at);
}

// Of version 2, which has no memory mapping: every write comes by here.
constexpr sqlite3_io_methods methods{
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

sqlite3_vfs* real(sqlite3_vfs* vfs) {
  return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
  file->pMethods = nullptr;  // Says that there is nothing to close.
  const int code = real(vfs)->xOpen(real(vfs), path, ours(file).real(), flags, given);
  if (code == SQLITE_OK) {
    ours(file).unsynced = 0;
    file->pMethods = &methods;
  }
  return code;
}
int remove(sqlite3_vfs* vfs, const char* path, int syncs_folder) {
  return real(vfs)->xDelete(real(vfs), path, syncs_folder);
}
int access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
  return real(vfs)->xAccess(real(vfs), path, flags, result);
}
int full_path(sqlite3_vfs* vfs, const char* path, int size, char* to) {
  return real(vfs)->xFullPathname(real(vfs), path, size, to);
}
int last_error(sqlite3_vfs* vfs, int size, char* to) {
  return real(vfs)->xGetLastError(real(vfs), size, to);
}

}  // namespace

// What has nothing to do with files stays as the VFS below does it.
PacedVfs::PacedVfs(const std::string& over)
    : name_("paced-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
  sqlite3_vfs* below = sqlite3_vfs_find(over.empty() ? nullptr : over.c_str());
  check(below != nullptr, "the files' VFS is there");
  vfs_ = *below;
  vfs_.pAppData = below;
  vfs_.szOsFile += static_cast<int>(sizeof(PacedFile));
  vfs_.zName = name_.c_str();
  vfs_.pNext = nullptr;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  vfs_.xAccess = access;
  vfs_.xFullPathname = full_path;
  vfs_.xGetLastError = last_error;
  check(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK, "a VFS of another name is taken");
}

PacedVfs::~PacedVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

}  // namespace ringbook::sqlite
