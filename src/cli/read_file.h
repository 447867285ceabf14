// Reads small text files: settings, tokens.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace ringbook {

// The whole content. Errors: usage (missing, not readable, a folder, larger than `most` bytes).
Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most);

}  // namespace ringbook
