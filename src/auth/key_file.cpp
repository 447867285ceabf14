#include "auth/key_file.h"

#include <sys/stat.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(std::string_view what, const std::string& why) {
  return fail(Errc::usage, std::string(what) + " " + why);
}

std::unexpected<Error> refused(std::string_view what, const fs::path& path,
                               const std::string& why) {
  return refused(what, path.string() + ": " + why);
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

}  // namespace

Result<KeyFile> read_key_file(std::string_view what, const fs::path& path, std::size_t largest) {
  // Not blocking, so that a pipe without a writer cannot hold up the start.
  const auto file = File::open(path, O_RDONLY | O_NONBLOCK);
  if (!file) {
    return refused(what, file.error().detail);
  }
  struct stat status{};
  if (::fstat(file->descriptor(), &status) != 0) {
    return refused(what, system_error(path).error().detail);
  }
  if (!S_ISREG(status.st_mode)) {
    return refused(what, path, "not a regular file");
  }
  // One byte more than allowed shows that there is more. No growth: it would leave copies behind.
  std::vector<char> buffer(largest + 1);
  const auto length = file->read(std::as_writable_bytes(std::span(buffer)));
  Secret content(std::move(buffer));
  if (!length) {
    return refused(what, length.error().detail);
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
