#include "store/sqlite/scratch_copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "store/sqlite/files.h"

namespace ringbook::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_bytes = 8 * 1024 * 1024;

std::unexpected<Error> system_error(const fs::path& path, int code) {
  return fail(code == ENOSPC ? Errc::no_space : Errc::unavailable,
              path.string() + ": " + std::strerror(code));
}

struct Part {
  fs::path file;
  std::uintmax_t size;
};

std::vector<Part> parts_of(const fs::path& folder) {
  const Files files = files_in(folder);
  std::vector<Part> parts;
  for (const fs::path& database : {files.journal, files.people}) {
    for (const char* suffix : {"", "-wal", "-journal"}) {
      const fs::path file = database.string() + suffix;
      std::error_code missing;
      if (const auto size = fs::file_size(file, missing); !missing) {
        parts.push_back({file, size});
      }
    }
  }
  return parts;
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : handle_(::open(path.c_str(), flags, 0600)) {}
  ~Descriptor() {
    if (handle_ >= 0) {
      ::close(handle_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  int get() const { return handle_; }

 private:
  int handle_;
};

Result<void> copy(const Part& part, const fs::path& to,
                  const std::function<void(std::size_t)>& copied) {
  const Descriptor source(part.file, O_RDONLY | O_CLOEXEC);
  if (source.get() < 0) {
    return system_error(part.file, errno);
  }
  const Descriptor target(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
  if (target.get() < 0) {
    return system_error(to, errno);
  }
  if (::ioctl(target.get(), FICLONE, source.get()) == 0) {
    copied(part.size);
    return {};
  }
  while (true) {
    const ssize_t sent = ::sendfile(target.get(), source.get(), nullptr, chunk_bytes);
    if (sent < 0) {
      return system_error(to, errno);
    }
    if (sent == 0) {
      return {};
    }
    copied(static_cast<std::size_t>(sent));
  }
}

}  // namespace

Result<ScratchCopy> ScratchCopy::make(const fs::path& folder, const fs::path& scratch,
                                      const OnUpkeepStep& step) {
  const std::vector<Part> parts = parts_of(folder);
  std::uintmax_t needed = 0;
  for (const Part& part : parts) {
    needed += part.size;
  }
  constexpr std::uintmax_t mebibyte = 1024 * 1024;
  const auto no_room = [&] {
    return fail(Errc::no_space, "a private copy of the files needs " +
                                    std::to_string(needed / mebibyte + 1) + " MiB in " +
                                    scratch.string() +
                                    ", where there is less; TMPDIR names another folder for it");
  };
  std::error_code unknown;
  if (const auto space = fs::space(scratch, unknown); !unknown && space.available < needed) {
    return no_room();
  }
  std::string pattern = (scratch / "ringbook-doctor-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return system_error(scratch, errno);
  }
  ScratchCopy out{fs::path(pattern)};
  std::uint64_t done = 0;
  for (const Part& part : parts) {
    const auto copied = copy(part, out.path() / part.file.filename(), [&](std::size_t bytes) {
      done += bytes;
      step(
          {.phase = "copying", .unit = "MiB", .done = done / mebibyte, .total = needed / mebibyte});
    });
    if (!copied) {
      return copied.error().code == Errc::no_space ? no_room() : std::unexpected(copied.error());
    }
  }
  return out;
}

ScratchCopy::~ScratchCopy() {
  if (!path_.empty()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

}  // namespace ringbook::sqlite
