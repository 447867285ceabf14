#include "base/file.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

namespace ringbook {
namespace {

// Calls `part` with how much is done until that is `size`, or `part` gives 0; how much was done, or
// nothing with errno set.
template <class Part>
std::optional<std::size_t> in_parts(std::size_t size, Part part) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = part(done);
    if (count < 0 && errno != EINTR) {
      return std::nullopt;
    }
    if (count == 0) {
      break;
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return done;
}

// Gives what was made just now to the owner of its folder, as far as that is allowed: EPERM tells
// of a missing right, and EINVAL of an owner whom the container does not know.
bool give_to_owner(int descriptor, const std::filesystem::path& path) {
  struct stat folder{};
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (::stat(parent.c_str(), &folder) != 0) {
    return false;
  }
  return folder.st_uid == 0 || ::fchown(descriptor, folder.st_uid, folder.st_gid) == 0 ||
         errno == EPERM || errno == EINVAL;
}

}  // namespace

std::optional<std::string> name_of_user(uid_t user) {
  std::array<char, 1024> texts{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(user, &entry, texts.data(), texts.size(), &found);
  return found != nullptr ? std::optional<std::string>(found->pw_name) : std::nullopt;
}

std::string owner_after(int system_error, const std::filesystem::path& path) {
  if (system_error != EACCES && system_error != EPERM) {
    return {};
  }
  struct stat status{};
  auto known = std::filesystem::path(path);
  while (::stat(known.c_str(), &status) != 0) {
    if (!known.has_relative_path()) {
      return {};
    }
    known = known.parent_path();
  }
  return status.st_uid == ::geteuid()
             ? std::string()
             : "; " + known.string() + " is " +
                   name_of_user(status.st_uid).value_or("user " + std::to_string(status.st_uid)) +
                   "'s";
}

Errc errc_of(int system_error) {
  switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return Errc::no_space;
    default: return Errc::unavailable;
  }
}

std::string text_of_error(int system_error) {
  return std::generic_category().message(system_error);
}

std::unexpected<Error> system_error(const std::filesystem::path& path) {
  const int code = errno;
  auto error =
      fail(errc_of(code), path.string() + ": " + text_of_error(code) + owner_after(code, path));
  errno = code;
  return error;
}

Result<File> File::open(std::filesystem::path path, int flags, mode_t mode) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (descriptor < 0) {
    return system_error(path);
  }
  return File(descriptor, std::move(path));
}

Result<File> File::open_inside(std::filesystem::path path, int flags, mode_t mode) {
  const bool makes = (flags & O_CREAT) != 0;
  if (makes && ::geteuid() == 0) {
    // Only what is certainly new is given away.
    auto made = open(path, flags | O_EXCL, mode);
    if (made && !give_to_owner(made->descriptor(), path)) {
      auto error = system_error(path);
      ::unlink(path.c_str());
      return error;
    }
    if (made || errno != EEXIST || (flags & O_EXCL) != 0) {
      return made;
    }
  }
  return open(std::move(path), flags | O_NOFOLLOW, mode);
}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

void File::close() {
  if (is_open()) {
    ::close(std::exchange(descriptor_, -1));
  }
}

Result<std::size_t> File::read(std::span<std::byte> to) const {
  const auto size = in_parts(to.size(), [&](std::size_t done) {
    return ::read(descriptor_, to.data() + done, to.size() - done);
  });
  return size ? Result<std::size_t>(*size) : system_error(path_);
}

Result<std::size_t> File::read_at(std::uint64_t at, std::span<std::byte> to) const {
  const auto size = in_parts(to.size(), [&](std::size_t done) {
    return ::pread(descriptor_, to.data() + done, to.size() - done, static_cast<off_t>(at + done));
  });
  return size ? Result<std::size_t>(*size) : system_error(path_);
}

Result<void> File::write(std::string_view bytes) const {
  const auto size = in_parts(bytes.size(), [&](std::size_t done) {
    return ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                    static_cast<off_t>(done));
  });
  if (size && *size < bytes.size()) {
    errno = EIO;
    return system_error(path_);
  }
  return size ? Result<void>() : system_error(path_);
}

Result<void> File::resize(std::uint64_t size) const {
  return ::ftruncate(descriptor_, static_cast<off_t>(size)) == 0 ? Result<void>()
                                                                 : system_error(path_);
}

Result<void> File::sync() const {
  return ::fsync(descriptor_) == 0 ? Result<void>() : system_error(path_);
}

Result<void> make_folder_inside(const std::filesystem::path& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) != 0) {
    return errno == EEXIST ? Result<void>() : system_error(path);
  }
  if (::geteuid() != 0) {
    return {};
  }
  const auto made = File::open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!made || !give_to_owner(made->descriptor(), path)) {
    auto error = system_error(path);
    ::rmdir(path.c_str());
    return error;
  }
  return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const auto opened = File::open(folder, O_RDONLY | O_DIRECTORY);
  return opened ? opened->sync() : std::unexpected(opened.error());
}

}  // namespace ringbook
