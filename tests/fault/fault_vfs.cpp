#include "fault/fault_vfs.h"

#include <algorithm>
#include <atomic>
#include <fstream>

namespace ringbook::test {
namespace {

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

// The functions that SQLite calls. A file of ours stands directly before the real one's memory.
struct FaultVfs::Methods {
  struct File {
    sqlite3_file base;
    FaultVfs* vfs;
    std::string* path;
    std::shared_ptr<Inode>* inode;
    bool syncs_folder;  // Whether the next sync also syncs the folder.
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  static_assert(sizeof(File) % alignof(sqlite3_int64) == 0);

  static File* ours(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static FaultVfs& self(sqlite3_vfs* vfs) { return *static_cast<FaultVfs*>(vfs->pAppData); }

  // --- a file ---

  static int close(sqlite3_file* file) {
    File* f = ours(file);
    const int code = f->real()->pMethods->xClose(f->real());
    delete f->path;
    delete f->inode;
    return code;
  }

  static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    File* f = ours(file);
    {
      const std::lock_guard lock(f->vfs->mutex_);
      if (const int code = f->vfs->fault_of(disk_read, *f->path); code != SQLITE_OK) {
        return code;
      }
    }
    return f->real()->pMethods->xRead(f->real(), to, size, at);
  }

  // A full disk takes the first half, as real ones do.
  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    File* f = ours(file);
    const std::lock_guard lock(f->vfs->mutex_);
    const int fault = f->vfs->fault_of(disk_write, *f->path);
    const int written = fault == SQLITE_OK                               ? size
                        : fault == SQLITE_FULL || f->vfs->is_disk_full() ? size / 2
                                                                         : 0;
    if (written > 0) {
      const int code = f->real()->pMethods->xWrite(f->real(), from, written, at);
      if (code != SQLITE_OK) {
        return code;
      }
      (*f->inode)->since.push_back(
          {false, static_cast<std::size_t>(at),
           std::string(static_cast<const char*>(from), static_cast<std::size_t>(written))});
    }
    return fault;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    File* f = ours(file);
    const std::lock_guard lock(f->vfs->mutex_);
    if (const int code = f->vfs->fault_of(disk_truncate, *f->path); code != SQLITE_OK) {
      return code;
    }
    (*f->inode)->since.push_back({true, static_cast<std::size_t>(size), {}});
    return f->real()->pMethods->xTruncate(f->real(), size);
  }

  static int sync(sqlite3_file* file, int) {
    File* f = ours(file);
    std::function<void()> call;
    {
      const std::lock_guard lock(f->vfs->mutex_);
      call = f->vfs->on_sync_;
    }
    if (call) {
      call();
    }
    const std::lock_guard lock(f->vfs->mutex_);
    if (const int code = f->vfs->fault_of(disk_sync, *f->path); code != SQLITE_OK) {
      return code;
    }
    f->vfs->sync(**f->inode, folder_of(*f->path), f->syncs_folder);
    f->syncs_folder = false;
    return SQLITE_OK;
  }

  static int shared_memory(sqlite3_file* file, int region, int size, int extend,
                           void volatile** to) {
    File* f = ours(file);
    {
      const std::lock_guard lock(f->vfs->mutex_);
      if (const int code = f->vfs->fault_of(disk_shared_memory, *f->path); code != SQLITE_OK) {
        return code;
      }
    }
    return f->real()->pMethods->xShmMap(f->real(), region, size, extend, to);
  }

  static int file_control(sqlite3_file* file, int operation, void* argument) {
    File* f = ours(file);
    const std::lock_guard lock(f->vfs->mutex_);
    if (operation == SQLITE_FCNTL_LAST_ERRNO && f->vfs->was_met_) {
      *static_cast<int*>(argument) = f->vfs->fault_->system_error;
      return SQLITE_OK;
    }
    return f->real()->pMethods->xFileControl(f->real(), operation, argument);
  }

  // Version 2 has no memory mapping of the database, so that every read and write comes by here.
  static const sqlite3_io_methods* file_methods() {
    static const sqlite3_io_methods methods = [] {
      sqlite3_io_methods m{};
      m.iVersion = 2;
      m.xClose = close;
      m.xRead = read;
      m.xWrite = write;
      m.xTruncate = truncate;
      m.xSync = sync;
      m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
        return ours(f)->real()->pMethods->xFileSize(ours(f)->real(), size);
      };
      m.xLock = [](sqlite3_file* f, int level) {
        return ours(f)->real()->pMethods->xLock(ours(f)->real(), level);
      };
      m.xUnlock = [](sqlite3_file* f, int level) {
        return ours(f)->real()->pMethods->xUnlock(ours(f)->real(), level);
      };
      m.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        return ours(f)->real()->pMethods->xCheckReservedLock(ours(f)->real(), held);
      };
      m.xFileControl = file_control;
      m.xSectorSize = [](sqlite3_file* f) {
        return ours(f)->real()->pMethods->xSectorSize(ours(f)->real());
      };
      m.xDeviceCharacteristics = [](sqlite3_file* f) {
        return ours(f)->real()->pMethods->xDeviceCharacteristics(ours(f)->real());
      };
      m.xShmMap = shared_memory;
      m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
        return ours(f)->real()->pMethods->xShmLock(ours(f)->real(), offset, n, flags);
      };
      m.xShmBarrier = [](sqlite3_file* f) {
        ours(f)->real()->pMethods->xShmBarrier(ours(f)->real());
      };
      m.xShmUnmap = [](sqlite3_file* f, int remove) {
        return ours(f)->real()->pMethods->xShmUnmap(ours(f)->real(), remove);
      };
      return m;
    }();
    return &methods;
  }

  // --- the folder ---

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
    FaultVfs& that = self(vfs);
    File* f = ours(file);
    f->base.pMethods = nullptr;  // Says that there is nothing to close.
    const std::lock_guard lock(that.mutex_);
    if (const int code = that.fault_of(disk_open, path == nullptr ? "" : path); code != SQLITE_OK) {
      return code;
    }
    const bool existed = path != nullptr && std::filesystem::exists(path);
    const int code = that.real_->xOpen(that.real_, path, f->real(), flags, given);
    if (code != SQLITE_OK) {
      return code;
    }
    f->vfs = &that;
    f->path = new std::string(path == nullptr ? "" : path);
    f->inode = new std::shared_ptr<Inode>(path == nullptr ? std::make_shared<Inode>()
                                                          : that.opened(path, existed));
    f->syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 &&
                      (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    f->base.pMethods = file_methods();
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int) {
    FaultVfs& that = self(vfs);
    const std::lock_guard lock(that.mutex_);
    if (const int code = that.fault_of(disk_remove, path); code != SQLITE_OK) {
      return code;
    }
    that.names_.erase(path);
    return that.real_->xDelete(that.real_, path, 0);
  }

  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    return self(vfs).real_->xAccess(self(vfs).real_, path, flags, result);
  }
  static int full_path(sqlite3_vfs* vfs, const char* path, int size, char* to) {
    return self(vfs).real_->xFullPathname(self(vfs).real_, path, size, to);
  }
  static int last_error(sqlite3_vfs* vfs, int, char*) {
    FaultVfs& that = self(vfs);
    const std::lock_guard lock(that.mutex_);
    return that.was_met_ ? that.fault_->system_error
                         : that.real_->xGetLastError(that.real_, 0, nullptr);
  }
};

FaultVfs::FaultVfs() : real_(sqlite3_vfs_find(nullptr)) {
  static std::atomic<int> made = 0;
  name_ = "ringbook-fault-" + std::to_string(++made);
  vfs_ = std::make_unique<sqlite3_vfs>(*real_);
  vfs_->pNext = nullptr;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->szOsFile = static_cast<int>(sizeof(Methods::File)) + real_->szOsFile;
  vfs_->xOpen = Methods::open;
  vfs_->xDelete = Methods::remove;
  vfs_->xAccess = Methods::access;
  vfs_->xFullPathname = Methods::full_path;
  vfs_->xGetLastError = Methods::last_error;
  sqlite3_vfs_register(vfs_.get(), 0);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(vfs_.get());
}

// --- the plan ------------------------------------------------------------------------------------

void FaultVfs::plan(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
  matching_ = 0;
  was_met_ = false;
}

void FaultVfs::heal() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
  was_met_ = false;
}

bool FaultVfs::was_met() const {
  const std::lock_guard lock(mutex_);
  return was_met_;
}

void FaultVfs::drop_syncs(bool dropped) {
  const std::lock_guard lock(mutex_);
  drops_syncs_ = dropped;
}

void FaultVfs::on_sync(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  on_sync_ = std::move(call);
}

std::uint64_t FaultVfs::count(unsigned operations) const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [operation, times] : counts_) {
    sum += (operations & operation) != 0 ? times : 0;
  }
  return sum;
}

int FaultVfs::fault_of(Disk operation, std::string_view path) {
  ++counts_[operation];
  if (!fault_ || (fault_->operations & operation) == 0 || !file_name(path).contains(fault_->file)) {
    return SQLITE_OK;
  }
  ++matching_;
  const bool fails = matching_ == fault_->nth || (fault_->is_lasting && matching_ > fault_->nth);
  was_met_ = was_met_ || fails;
  return fails ? fault_->code : SQLITE_OK;
}

bool FaultVfs::is_disk_full() const {
  const int error = fault_ ? fault_->system_error : 0;
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

// --- what is safe --------------------------------------------------------------------------------

// The inode under this name. What lay there before this VFS met it is safe.
std::shared_ptr<FaultVfs::Inode> FaultVfs::opened(const std::string& path, bool existed) {
  if (const auto known = names_.find(path); known != names_.end()) {
    return known->second;
  }
  auto inode = std::make_shared<Inode>();
  names_[path] = inode;
  if (existed) {
    inode->safe = std::make_shared<const std::string>(content_of(path));
    safe_names_[path] = inode;
  }
  return inode;
}

// Does to `content` what was done to the file; of a write at most the first `most` bytes.
void FaultVfs::apply(std::string& content, const Effect& effect, std::size_t most) {
  if (effect.is_truncation) {
    content.resize(effect.at);
    return;
  }
  const std::string_view bytes = std::string_view(effect.bytes).substr(0, most);
  content.resize(std::max(content.size(), effect.at + bytes.size()));
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(effect.at));
}

void FaultVfs::sync(Inode& inode, const std::string& folder, bool with_folder) {
  if (drops_syncs_) {
    return;
  }
  if (!inode.since.empty()) {
    std::string content = *inode.safe;
    for (const Effect& effect : inode.since) {
      apply(content, effect, whole);
    }
    inode.safe = std::make_shared<const std::string>(std::move(content));
    inode.since.clear();
  }
  if (with_folder) {
    std::erase_if(safe_names_, [&](const auto& entry) { return folder_of(entry.first) == folder; });
    for (const auto& entry : names_) {
      if (folder_of(entry.first) == folder) {
        safe_names_.insert(entry);
      }
    }
  }
}

FaultVfs::Image FaultVfs::cut(Unsynced unsynced, std::mt19937_64& random) const {
  const std::lock_guard lock(mutex_);
  const auto happens = [&] {
    return unsynced == Unsynced::kept || (unsynced == Unsynced::any && random() % 2 == 0);
  };
  Names everything = names_;
  everything.insert(safe_names_.begin(), safe_names_.end());
  Image image;
  for (const auto& [path, any] : everything) {
    const Names& listing = happens() ? names_ : safe_names_;
    const auto entry = listing.find(path);
    if (entry == listing.end()) {
      continue;
    }
    const Inode& inode = *entry->second;
    if (unsynced == Unsynced::lost || inode.since.empty()) {
      image[path] = inode.safe;
      continue;
    }
    std::string content = *inode.safe;
    for (const Effect& effect : inode.since) {
      if (happens()) {
        const bool is_torn = unsynced == Unsynced::any && random() % 4 == 0;
        apply(content, effect, is_torn ? random() % (effect.bytes.size() + 1) : whole);
      }
    }
    image[path] = std::make_shared<const std::string>(std::move(content));
  }
  return image;
}

void restore(const FaultVfs::Image& image, const std::filesystem::path& folder) {
  for (const auto& [path, content] : image) {
    std::ofstream file(folder / std::filesystem::path(path).filename(), std::ios::binary);
    file.write(content->data(), static_cast<std::streamsize>(content->size()));
  }
}

}  // namespace ringbook::test
