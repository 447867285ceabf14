#include "store/data_folder.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "store/draft_file.h"

namespace ringbook {
namespace {

constexpr const char* lock_name = "lock";
constexpr mode_t only_owner = 0700;

std::unexpected<Error> no_data_folder(const std::filesystem::path& path) {
  return fail(Errc::not_found, "there is no data folder at " + path.string() +
                                   "; name one with --data, or make one with 'ringbook serve', "
                                   "'ringbook import' or 'ringbook user add'");
}

// Errors: not_found (no data folder there), and those of File::open.
Result<File> open_lock(const std::filesystem::path& folder, int flags) {
  auto lock = File::open_inside(folder / lock_name, flags);
  if (!lock && (errno == ENOENT || errno == ENOTDIR)) {
    return no_data_folder(folder);
  }
  return lock;
}

// The address and, after a space, the pin.
ServerPlace read_place(const File& lock) {
  std::array<char, 256> buffer{};
  const auto size = lock.read_at(0, std::as_writable_bytes(std::span(buffer)));
  const std::string text(buffer.data(), size.value_or(0));
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
Result<void> take(const File& lock, short type, const std::filesystem::path& folder) {
  struct flock wanted = whole_file(type);
  if (::fcntl(lock.descriptor(), F_OFD_SETLK, &wanted) == 0) {
    return {};
  }
  if (errno != EAGAIN && errno != EACCES) {
    return system_error(lock.path());
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
  if (auto above = make(path.parent_path(), 0777); !above) {
    return above;
  }
  auto made = make_folder_inside(path, mode);
  return made ? sync_entry_of(path) : made;
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
  auto lock = open_lock(path, O_RDWR | (missing == Missing::create ? O_CREAT : 0));
  if (!lock) {
    return std::unexpected(std::move(lock.error()));
  }
  if (auto taken = take(*lock, F_WRLCK, path); !taken) {
    return std::unexpected(std::move(taken.error()));
  }
  DataFolder folder(path, std::move(*lock));
  if (auto emptied = folder.lock_.resize(0); !emptied) {
    return std::unexpected(std::move(emptied.error()));
  }
  return folder;
}

Result<DataFolder> DataFolder::keep_free(const std::filesystem::path& path) {
  auto lock = open_lock(path, O_RDONLY);
  if (!lock) {
    return std::unexpected(std::move(lock.error()));
  }
  if (auto taken = take(*lock, F_RDLCK, path); !taken) {
    return std::unexpected(std::move(taken.error()));
  }
  DataFolder folder(path, std::move(*lock));
  folder.is_mine_ = false;
  return folder;
}

DataFolder::~DataFolder() {
  if (lock_.is_open() && is_mine_) {
    // Nobody may be sent to a server that is gone; closing gives the lock back.
    static_cast<void>(lock_.resize(0));
  }
}

Result<void> DataFolder::publish(const ServerPlace& place) {
  const std::string text = place.address + (place.key_pin.empty() ? "" : " " + place.key_pin);
  auto written = lock_.write(text);
  return written ? lock_.resize(text.size()) : written;
}

Result<std::optional<ServerPlace>> DataFolder::holder_of(const std::filesystem::path& path) {
  const auto lock = open_lock(path, O_RDONLY);
  if (!lock) {
    return std::unexpected(lock.error());
  }
  struct flock found = whole_file();
  if (::fcntl(lock->descriptor(), F_OFD_GETLK, &found) != 0) {
    return system_error(lock->path());
  }
  return found.l_type == F_UNLCK ? std::nullopt : std::optional(read_place(*lock));
}

}  // namespace ringbook
