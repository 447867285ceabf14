// A private copy of a folder's files that is gone with its owner.
#pragma once

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "directory/upkeep.h"

namespace ringbook::sqlite {

// A folder that is gone with its owner, whatever is in it.
class ScratchFolder {
 public:
  // Inside `scratch`. Errors: unavailable.
  static Result<ScratchFolder> make(const std::filesystem::path& scratch);
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

class ScratchCopy {
 public:
  // Copies both databases of `folder`, its marker and what SQLite keeps beside them, but for its
  // shared memory, which would say nothing here; shares blocks where the file system can. Errors:
  // no_space, naming how much is needed and where; unavailable.
  static Result<ScratchCopy> make(const std::filesystem::path& folder,
                                  const std::filesystem::path& scratch, const OnUpkeepStep& step);
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  explicit ScratchCopy(ScratchFolder folder) : folder_(std::move(folder)) {}
  ScratchFolder folder_;
};

}  // namespace ringbook::sqlite
