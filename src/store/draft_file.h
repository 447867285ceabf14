// A file that stands under its name whole or not at all: it is written as NAME.partial beside it.
#pragma once

#include <filesystem>
#include <utility>

#include "base/error.h"

namespace ringbook {

class DraftFile {
 public:
  enum class Existing { refuse, replace };

  // An empty NAME.partial of mode 0600 that nobody else writes; what a kill left there is taken
  // over. Errors: invalid (NAME is there and may not be replaced), locked (another process writes
  // it), no_space, unavailable.
  static Result<DraftFile> make(const std::filesystem::path& path, Existing existing);
  DraftFile(DraftFile&& other) noexcept
      : path_(std::move(other.path_)),
        existing_(other.existing_),
        handle_(std::exchange(other.handle_, -1)) {}
  DraftFile& operator=(DraftFile&&) = delete;
  // Takes the file away unless it was published.
  ~DraftFile();

  std::filesystem::path path() const;
  // Gives it its name. Durability: content and name survive power loss once this returns. Errors:
  // as `make`.
  Result<void> publish();

 private:
  DraftFile(std::filesystem::path path, Existing existing, int handle)
      : path_(std::move(path)), existing_(existing), handle_(handle) {}

  std::filesystem::path path_;
  Existing existing_;
  int handle_;
};

// The entry of `path` in its folder survives power loss. Errors: unavailable.
Result<void> sync_entry_of(const std::filesystem::path& path);

}  // namespace ringbook
