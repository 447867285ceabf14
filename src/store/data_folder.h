// The folder that holds everything a server keeps: databases, the secret it made, the lock.
//
// Invariants: 1. One process at a time has it: a lock on `lock` that ends with the process. 2.
// While a server has it, `lock` holds the place where commands reach that server. Threads: any
// one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/file.h"

namespace ringbook {

// Where commands on this machine reach the server that has a folder, and how they know it.
struct ServerPlace {
  std::string address;       // host:port
  std::string key_pin = {};  // Of its TLS, "sha256//…"; "" without TLS.
  bool operator==(const ServerPlace&) const = default;
};

class DataFolder {
 public:
  enum class Missing { create, refuse };

  // Takes the folder for this process; created 0700 (with parents) when asked. Errors: usage (a
  // file that is no folder), locked (the detail names the holder), not_found (with Missing::refuse:
  // no folder, or one that was never a data folder), unavailable (not writable, no room).
  static Result<DataFolder> open(const std::filesystem::path& path, Missing missing);
  // Keeps the folder from being taken, and changes no byte of it. Errors: locked, not_found (no
  // lock there), unavailable.
  static Result<DataFolder> keep_free(const std::filesystem::path& path);
  DataFolder(DataFolder&&) noexcept = default;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  const std::filesystem::path& path() const { return path_; }
  // Tells commands about this server; may be called again.
  Result<void> publish(const ServerPlace& place);

  // The server that has the folder; with "" for its address a process that is no server (or not
  // yet); nothing when nobody has it. Errors: not_found (no data folder there).
  static Result<std::optional<ServerPlace>> holder_of(const std::filesystem::path& path);

 private:
  DataFolder(std::filesystem::path path, File lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  File lock_;
  bool is_mine_ = true;
};

}  // namespace ringbook
