#include "store/draft_file.h"

#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace ringbook {
namespace {

namespace fs = std::filesystem;

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
  auto file = File::open_inside(partial, O_CREAT | O_RDWR);
  if (!file) {
    return std::unexpected(std::move(file.error()));
  }
  if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return fail(Errc::locked, "another process writes " + partial.string());
  }
  DraftFile draft(path, existing, std::move(*file));
  if (::fchmod(draft.file_.descriptor(), S_IRUSR | S_IWUSR) != 0) {
    return system_error(partial);
  }
  if (auto emptied = draft.file_.resize(0); !emptied) {
    return std::unexpected(std::move(emptied.error()));
  }
  return draft;
}

DraftFile::~DraftFile() {
  if (file_.is_open()) {
    ::unlink(path().c_str());
  }
}

Result<void> DraftFile::publish() {
  if (auto synced = file_.sync(); !synced) {
    return synced;
  }
  const unsigned flags = existing_ == Existing::refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, path().c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    return errno == EEXIST ? is_there(path_) : system_error(path_);
  }
  file_.close();
  return sync_entry_of(path_);
}

Result<void> sync_entry_of(const fs::path& path) {
  return sync_folder(fs::absolute(path).lexically_normal().parent_path());
}

}  // namespace ringbook
