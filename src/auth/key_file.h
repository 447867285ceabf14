// Reads files that hold keys. What is wrong with one is said in the words of its user.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/secret.h"
#include "base/error.h"

namespace ringbook {

// Who runs a process, as the modes of files see it.
struct Identity {
  uid_t user = 0;
  std::vector<gid_t> groups;

  static Identity of_process();
};

// What is wrong with a file of such a status that holds a secret, and the command that mends it;
// nothing when it is private. It may be read by its owner alone, or be root's and besides read by
// root's group or one of those of `reader`: so systemd and Kubernetes hand out secrets, and who
// runs there can change nothing about it. For root itself such a file is read-only.
std::optional<std::string> exposure_of(const struct stat& status, const Identity& reader,
                                       const std::filesystem::path& path);

struct KeyFile {
  Secret content;
  std::optional<std::string> exposure;  // As above.
};

// The file's bytes. `what` names such files in errors: "secret file".
// Errors: usage (missing, not readable, not a regular file, or larger than `largest`).
Result<KeyFile> read_key_file(std::string_view what, const std::filesystem::path& path,
                              std::size_t largest);

// The refusal of a file that must be private and is not.
std::unexpected<Error> not_private(std::string_view what, const std::filesystem::path& path,
                                   const KeyFile& file);

}  // namespace ringbook
