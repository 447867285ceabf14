// A private copy of a folder's files that is gone with its owner.
#pragma once

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "directory/upkeep.h"

namespace ringbook::sqlite {

class ScratchCopy {
 public:
  // Copies both databases of `folder`, its marker and what SQLite keeps beside them, but for its
  // shared memory, which would say nothing here; shares blocks where the file system can. Errors:
  // no_space, naming how much is needed and where; unavailable.
  static Result<ScratchCopy> make(const std::filesystem::path& folder,
                                  const std::filesystem::path& scratch, const OnUpkeepStep& step);
  ScratchCopy(ScratchCopy&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchCopy& operator=(ScratchCopy&&) = delete;
  ~ScratchCopy();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchCopy(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace ringbook::sqlite
