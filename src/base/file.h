// Files and folders as the system hands them out, each descriptor with one owner, and the only
// place that gives the system's errors a meaning: they become `Errc` by number.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace ringbook {

// What a value of errno means: no_space when there is no room, by whichever name (the volume, a
// quota, or how large a file may be), and unavailable for anything else.
Errc errc_of(int system_error);
// The system's own words for it.
std::string text_of_error(int system_error);
// What errno says now, about `path`; where a right is missing, also whose it is. Leaves errno as it
// is.
std::unexpected<Error> system_error(const std::filesystem::path& path);
// The name of a user; nothing for one without.
std::optional<std::string> name_of_user(uid_t user);
// "; /var/lib/ringbook is ringbook's" after an error that the rights of `path`, or of a folder
// above it, explain; "" after any other.
std::string owner_after(int system_error, const std::filesystem::path& path);

// An open file or folder, closed when it is dropped. What it cannot do is an error that names its
// path; errno still has the reason then. Threads: one at a time.
class File {
 public:
  // Opens what lies at `path` as open(2) does with `flags`; no program that this one starts has it.
  // What O_CREAT makes is of `mode`. Errors: as errc_of.
  static Result<File> open(std::filesystem::path path, int flags, mode_t mode = 0600);
  // The same for a file in a folder that is somebody's own: no link is followed there, and what
  // root makes belongs to whom the folder belongs to, who else could not use it. It stays root's
  // where root may not give files away, as in a container without CAP_CHOWN; where that fails
  // otherwise, nothing is left.
  static Result<File> open_inside(std::filesystem::path path, int flags, mode_t mode = 0600);
  // None.
  File() = default;
  // Takes over an open descriptor; `path` is the name for errors.
  File(int descriptor, std::filesystem::path path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  File(File&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  File& operator=(File&& other) noexcept;
  ~File() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  const std::filesystem::path& path() const { return path_; }
  void close();

  // Fills `to` with what comes next, or from `at` on; the number of bytes, which is less than asked
  // for only at the end of the file. Errors: as errc_of.
  Result<std::size_t> read(std::span<std::byte> to) const;
  Result<std::size_t> read_at(std::uint64_t at, std::span<std::byte> to) const;
  // Writes all of `bytes` over what stands at the beginning. Errors: as errc_of, then some may be
  // written.
  Result<void> write(std::string_view bytes) const;
  Result<void> resize(std::uint64_t size) const;
  // Durability: what was written, or of a folder what it lists, survives power loss once this
  // returns.
  Result<void> sync() const;

 private:
  int descriptor_ = -1;
  std::filesystem::path path_;
};

// Makes a folder of `mode`, which belongs to whom a file of File::open_inside would; what is there
// already stays as it is. Errors: as errc_of.
Result<void> make_folder_inside(const std::filesystem::path& path, mode_t mode);
// Durability: what the folder lists survives power loss once this returns. Errors: as errc_of.
Result<void> sync_folder(const std::filesystem::path& folder);

}  // namespace ringbook
