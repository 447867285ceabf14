// Reads files that hold keys. What is wrong with one is said in the words of its user.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "auth/secret.h"
#include "base/error.h"

namespace ringbook {

struct KeyFile {
  Secret content;
  bool is_private = false;  // Closed to group and others.
};

// The file's bytes. `what` names such files in errors: "secret file".
// Errors: usage (missing, not readable, not a regular file, or larger than `largest`).
Result<KeyFile> read_key_file(std::string_view what, const std::filesystem::path& path,
                              std::size_t largest);

// The refusal of a file that must be private and is not, with the command that mends it.
std::unexpected<Error> not_private(std::string_view what, const std::filesystem::path& path);

}  // namespace ringbook
