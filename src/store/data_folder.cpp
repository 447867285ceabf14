#include "store/data_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "store/draft_file.h"

namespace ringbook {
namespace {

constexpr const char* lock_name = "lock";
constexpr mode_t only_owner = 0700;

std::unexpected<Error> system_error(const std::filesystem::path& path) {
  const int code = errno;
  return fail(code == ENOSPC ? Errc::no_space : Errc::unavailable,
              path.string() + ": " + std::strerror(code));
}

std::unexpected<Error> no_data_folder(const std::filesystem::path& path) {
  return fail(Errc::not_found, "there is no data folder at " + path.string() +
                                   "; name one with --data, or make one with 'ringbook serve', "
                                   "'ringbook import' or 'ringbook user add'");
}

// The address and, after a space, the pin.
ServerPlace read_place(int file) {
  std::array<char, 256> buffer{};
  const ssize_t size = ::pread(file, buffer.data(), buffer.size(), 0);
  const std::string text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t space = std::min(text.find(' '), text.size());
  return {.address = text.substr(0, space),
          .key_pin = text.substr(std::min(space + 1, text.size()))};
}

// The whole file, for its open description: unlike flock it can be asked for without being taken.
struct flock whole_file(short type = F_WRLCK) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

// Errors: locked (the detail names the holder), unavailable.
Result<void> take(int lock, short type, const std::filesystem::path& folder) {
  struct flock wanted = whole_file(type);
  if (::fcntl(lock, F_OFD_SETLK, &wanted) == 0) {
    return {};
  }
  if (errno != EAGAIN && errno != EACCES) {
    return system_error(folder / lock_name);
  }
  const std::string holder = read_place(lock).address;
  return fail(Errc::locked, "the data folder " + folder.string() + " is in use by " +
                                (holder.empty() ? "another process" : "the server at " + holder));
}

// Makes the folder, and those above it as the umask wants them.
Result<void> make(const std::filesystem::path& path, mode_t mode = only_owner) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) {
    return {};
  }
  if (auto made = make(path.parent_path(), 0777); !made) {
    return made;
  }
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    return system_error(path);
  }
  return sync_entry_of(path);
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::filesystem::path& path, Missing missing) {
  if (std::error_code ignored;
      std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored)) {
    return fail(Errc::usage, path.string() + " is no folder; name one with --data");
  }
  if (missing == Missing::create) {
    // "data/" names the same folder as "data".
    if (auto made = make(path.has_filename() ? path : path.parent_path()); !made) {
      return std::unexpected(std::move(made.error()));
    }
  }
  const auto lock_path = path / lock_name;
  const int create = missing == Missing::create ? O_CREAT : 0;
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CLOEXEC | create, 0600);
  if (lock < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return no_data_folder(path);
    }
    return system_error(lock_path);
  }
  if (auto taken = take(lock, F_WRLCK, path); !taken) {
    ::close(lock);
    return std::unexpected(std::move(taken.error()));
  }
  DataFolder folder(path, lock);
  if (::ftruncate(lock, 0) != 0) {
    return system_error(lock_path);
  }
  return folder;
}

Result<DataFolder> DataFolder::keep_free(const std::filesystem::path& path) {
  const auto lock_path = path / lock_name;
  const int lock = ::open(lock_path.c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) {
    return errno == ENOENT || errno == ENOTDIR ? no_data_folder(path) : system_error(lock_path);
  }
  DataFolder folder(path, lock);
  folder.is_mine_ = false;
  if (auto taken = take(lock, F_RDLCK, path); !taken) {
    return std::unexpected(std::move(taken.error()));
  }
  return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      is_mine_(other.is_mine_) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) {
    // Nobody may be sent to a server that is gone; closing gives the lock back.
    static_cast<void>(is_mine_ && ::ftruncate(lock_, 0) == 0);
    ::close(lock_);
  }
}

Result<void> DataFolder::publish(const ServerPlace& place) {
  const std::string text = place.address + (place.key_pin.empty() ? "" : " " + place.key_pin);
  const auto size = static_cast<ssize_t>(text.size());
  if (::pwrite(lock_, text.data(), text.size(), 0) != size || ::ftruncate(lock_, size) != 0) {
    return system_error(path_ / lock_name);
  }
  return {};
}

Result<std::optional<ServerPlace>> DataFolder::holder_of(const std::filesystem::path& path) {
  const int lock = ::open((path / lock_name).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return no_data_folder(path);
    }
    return system_error(path / lock_name);
  }
  struct flock found = whole_file();
  std::optional<ServerPlace> holder;
  const bool asked = ::fcntl(lock, F_OFD_GETLK, &found) == 0;
  auto error = system_error(path / lock_name);
  if (asked && found.l_type != F_UNLCK) {
    holder = read_place(lock);
  }
  ::close(lock);
  if (!asked) {
    return error;
  }
  return holder;
}

}  // namespace ringbook
