#include "auth/key_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/open_file.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(std::string_view what, const fs::path& path, std::string why) {
  return fail(Errc::usage, std::string(what) + " " + path.string() + ": " + std::move(why));
}

// For people to paste into a shell.
std::string quoted(const std::string& path) {
  std::string out = "'";
  for (const char character : path) {
    if (character == '\'') {
      out += "'\\''";
    } else {
      out += character;
    }
  }
  return out + "'";
}

// Reads until `buffer` is full or the file ends; the number of bytes, or nothing with errno set.
std::optional<std::size_t> read_whole(const OpenFile& file, std::vector<char>& buffer) {
  std::size_t length = 0;
  while (length < buffer.size()) {
    const ssize_t got = ::read(file.descriptor(), buffer.data() + length, buffer.size() - length);
    if (got < 0 && errno != EINTR) {
      return std::nullopt;
    }
    if (got == 0) {
      break;
    }
    length += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  return length;
}

}  // namespace

Result<KeyFile> read_key_file(std::string_view what, const fs::path& path, std::size_t largest) {
  // Not blocking, so that a pipe without a writer cannot hold up the start.
  const OpenFile file(path, O_RDONLY | O_NONBLOCK);
  struct stat status{};
  if (!file.is_open() || ::fstat(file.descriptor(), &status) != 0) {
    return refused(what, path, text_of_error(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return refused(what, path, "not a regular file");
  }
  // One byte more than allowed shows that there is more. No growth: it would leave copies behind.
  std::vector<char> buffer(largest + 1);
  const auto length = read_whole(file, buffer);
  const int error = errno;
  Secret content(std::move(buffer));
  if (!length) {
    return refused(what, path, text_of_error(error));
  }
  if (*length > largest) {
    return refused(what, path, "larger than " + std::to_string(largest) + " bytes");
  }
  content.shorten(*length);
  const bool is_private = (status.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) == 0;
  return KeyFile{std::move(content), is_private};
}

std::unexpected<Error> not_private(std::string_view what, const fs::path& path) {
  return refused(what, path,
                 "open to other people; mend it with: chmod 600 " + quoted(path.string()));
}

}  // namespace ringbook
