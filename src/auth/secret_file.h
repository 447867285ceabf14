// The file that holds the secret of HMAC tokens: reading the one that was configured, and making
// one in the data folder where none was.
#pragma once

#include <filesystem>

#include "auth/secret.h"
#include "base/error.h"

namespace ringbook {

// The file's bytes less one final LF or CRLF; nothing is decoded. Errors: usage, with what mends it
// (missing, not readable, not a regular file, empty, larger than limits::secret_file_bytes, or open
// to others than exposure_of allows).
Result<Secret> read_secret_file(const std::filesystem::path& path);

// Where a data folder keeps the secret that was made for it.
std::filesystem::path secret_file_in(const std::filesystem::path& folder);

// The same, after making a random secret there (mode 0600, long enough for every HMAC algorithm) if
// the folder has none. The caller holds the folder, so that no two processes make one at once.
// Durability: the file is whole or absent after power loss, and there to stay once this returns.
// Errors: no_space, unavailable.
Result<std::filesystem::path> ensure_secret_file_in(const std::filesystem::path& folder);

}  // namespace ringbook
