// A file that stands under its name whole or not at all: it is written as NAME.partial beside it.
#pragma once

#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/file.h"

namespace ringbook {

class DraftFile {
 public:
  enum class Existing { refuse, replace };

  // An empty NAME.partial of mode 0600 that nobody else writes, made as File::open_inside makes
  // files; what a kill left there is taken over. Errors: invalid (NAME is there and may not be
  // replaced), locked (another process writes it), no_space, unavailable.
  static Result<DraftFile> make(const std::filesystem::path& path, Existing existing);
  DraftFile(DraftFile&&) noexcept = default;
  DraftFile& operator=(DraftFile&&) = delete;
  // Takes the file away unless it was published.
  ~DraftFile();

  const std::filesystem::path& path() const { return file_.path(); }
  // Gives it its name. Durability: content and name survive power loss once this returns. Errors:
  // as `make`.
  Result<void> publish();

 private:
  DraftFile(std::filesystem::path path, Existing existing, File file)
      : path_(std::move(path)), existing_(existing), file_(std::move(file)) {}

  std::filesystem::path path_;
  Existing existing_;
  File file_;  // Open until it is published.
};

// The entry of `path` in its folder survives power loss. Errors: as sync_folder.
Result<void> sync_entry_of(const std::filesystem::path& path);

}  // namespace ringbook
