#include "store/draft_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ringbook {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> draft_error(const fs::path& path) {
  const int code = errno;
  return fail(code == ENOSPC || code == EDQUOT ? Errc::no_space : Errc::unavailable,
              path.string() + ": " + std::strerror(code));
}

std::unexpected<Error> is_there(const fs::path& path) {
  return fail(Errc::invalid, path.string() + " is there already; --force replaces it");
}

fs::path partial_of(fs::path path) {
  path += ".partial";
  return path;
}

}  // namespace

Result<DraftFile> DraftFile::make(const fs::path& path, Existing existing) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0 &&
      (existing == Existing::refuse || !S_ISREG(status.st_mode))) {
    return S_ISREG(status.st_mode)
               ? is_there(path)
               : fail(Errc::invalid, path.string() + " is there already and is no plain file");
  }
  const fs::path partial = partial_of(path);
  const int handle = ::open(partial.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (handle < 0) {
    return draft_error(partial);
  }
  if (::flock(handle, LOCK_EX | LOCK_NB) != 0) {
    ::close(handle);
    return fail(Errc::locked, "another process writes " + partial.string());
  }
  DraftFile draft(path, existing, handle);
  if (::fchmod(handle, S_IRUSR | S_IWUSR) != 0 || ::ftruncate(handle, 0) != 0) {
    return draft_error(partial);
  }
  return draft;
}

DraftFile::~DraftFile() {
  if (handle_ >= 0) {
    ::unlink(path().c_str());
    ::close(handle_);
  }
}

fs::path DraftFile::path() const {
  return partial_of(path_);
}

Result<void> DraftFile::publish() {
  if (::fsync(handle_) != 0) {
    return draft_error(path());
  }
  const unsigned flags = existing_ == Existing::refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, path().c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    return errno == EEXIST ? is_there(path_) : draft_error(path_);
  }
  ::close(std::exchange(handle_, -1));
  return sync_entry_of(path_);
}

Result<void> sync_entry_of(const fs::path& path) {
  const auto parent = fs::absolute(path).lexically_normal().parent_path();
  const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return draft_error(parent);
  }
  auto synced = ::fsync(folder) == 0 ? Result<void>{} : draft_error(parent);
  ::close(folder);
  return synced;
}

}  // namespace ringbook
