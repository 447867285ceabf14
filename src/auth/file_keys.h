// Sources of keys that are files on this machine.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "auth/algorithm.h"
#include "auth/key_source.h"
#include "base/error.h"

namespace ringbook {

// The secret in a file, for every token with one of the `allowed` MACs.
// Errors: usage (see read_secret_file; or too short for every allowed MAC), internal.
Result<std::unique_ptr<KeySource>> open_secret_source(const std::filesystem::path& path,
                                                      AlgorithmSet allowed);

// The JWK set in a file. Errors: usage (not readable, refused as parse_jwk_set does, or with
// secrets and open to others than exposure_of allows), internal.
Result<std::unique_ptr<KeySource>> open_jwks_file_source(const std::filesystem::path& path,
                                                         AlgorithmSet allowed,
                                                         OnKeyWarning on_warning);

struct KeyFiles {
  std::optional<std::filesystem::path> secret_file;  // --jwt-secret-file, or the data folder's own
  std::optional<std::filesystem::path> jwks_file;    // --jwks-file
};

// A source for each file that is named. Errors: those of the functions above.
Result<std::vector<std::unique_ptr<KeySource>>> open_key_files(const KeyFiles& files,
                                                               AlgorithmSet allowed,
                                                               OnKeyWarning on_warning);

}  // namespace ringbook
