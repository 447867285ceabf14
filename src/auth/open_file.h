// An open file, closed when it is dropped, and the reasons that the system gives for a failure.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace ringbook {

class OpenFile {
 public:
  // Leaves the reason in errno when it cannot be opened.
  OpenFile(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (is_open()) {
      ::close(descriptor_);
    }
  }
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// What a value of errno means, for people.
inline std::string text_of_error(int error) {
  return std::generic_category().message(error);
}

}  // namespace ringbook
