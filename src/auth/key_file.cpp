#include "auth/key_file.h"

#include <unistd.h>

#include <algorithm>
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

Identity Identity::of_process() {
  Identity identity{.user = ::geteuid(), .groups = {::getegid()}};
  std::vector<gid_t> others(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
  const int count = ::getgroups(static_cast<int>(others.size()), others.data());
  others.resize(static_cast<std::size_t>(std::max(count, 0)));
  identity.groups.insert(identity.groups.end(), others.begin(), others.end());
  return identity;
}

std::optional<std::string> exposure_of(const struct stat& status, const Identity& reader,
                                       const fs::path& path) {
  const bool is_in_group = std::ranges::find(reader.groups, status.st_gid) != reader.groups.end();
  const bool is_of_group = status.st_gid == 0 || is_in_group;
  const bool can_reader_mend_it = reader.user == 0 && (status.st_mode & S_IWUSR) != 0;
  const bool may_be_read_by_group = status.st_uid == 0 && is_of_group && !can_reader_mend_it;
  const mode_t closed = S_IWGRP | S_IROTH | S_IWOTH | (may_be_read_by_group ? 0 : S_IRGRP);
  if ((status.st_mode & closed) == 0) {
    return std::nullopt;
  }
  const std::string name = quoted(path.string());
  if (status.st_uid == reader.user) {
    return "open to other people; mend it with: chmod 600 " + name;
  }
  const std::string exposed = "open to other people, and user " + std::to_string(status.st_uid) +
                              "'s; mend it as root with: ";
  // Else the reader, who came in as one of the others, would be locked out.
  if (may_be_read_by_group && is_in_group) {
    return exposed + "chmod 440 " + name;
  }
  return exposed + "chown " + name_of_user(reader.user).value_or(std::to_string(reader.user)) +
         " " + name + " && chmod 600 " + name;
}

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
  return KeyFile{std::move(content), exposure_of(status, Identity::of_process(), path)};
}

std::unexpected<Error> not_private(std::string_view what, const fs::path& path,
                                   const KeyFile& file) {
  return refused(what, path, file.exposure.value_or("open to other people"));
}

}  // namespace ringbook
