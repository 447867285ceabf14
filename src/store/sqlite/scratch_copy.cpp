#include "store/sqlite/scratch_copy.h"

#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

#include <string>
#include <vector>

#include "base/file.h"
#include "store/sqlite/files.h"

namespace ringbook::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_bytes = 8 * 1024 * 1024;

struct Part {
  fs::path file;
  std::uintmax_t size;
};

std::vector<Part> parts_of(const fs::path& folder) {
  const Files files = files_in(folder);
  std::vector<fs::path> names{files.marker};
  for (const fs::path& database : {files.journal, files.people}) {
    for (const char* suffix : {"", "-wal", "-journal"}) {
      names.emplace_back(database.string() + suffix);
    }
  }
  std::vector<Part> parts;
  for (const fs::path& file : names) {
    std::error_code missing;
    if (const auto size = fs::file_size(file, missing); !missing) {
      parts.push_back({file, size});
    }
  }
  return parts;
}

Result<void> copy(const Part& part, const fs::path& to,
                  const std::function<void(std::size_t)>& copied) {
  const auto source = File::open(part.file, O_RDONLY);
  if (!source) {
    return std::unexpected(source.error());
  }
  const auto target = File::open(to, O_WRONLY | O_CREAT | O_EXCL);
  if (!target) {
    return std::unexpected(target.error());
  }
  if (::ioctl(target->descriptor(), FICLONE, source->descriptor()) == 0) {
    copied(part.size);
    return {};
  }
  while (true) {
    const ssize_t sent =
        ::sendfile(target->descriptor(), source->descriptor(), nullptr, chunk_bytes);
    if (sent < 0) {
      return system_error(to);
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
  auto room = ScratchFolder::make(scratch);
  if (!room) {
    return std::unexpected(std::move(room.error()));
  }
  ScratchCopy out{*std::move(room)};
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

Result<ScratchFolder> ScratchFolder::make(const fs::path& scratch) {
  std::string pattern = (scratch / "ringbook-copy-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    return system_error(scratch);
  }
  return ScratchFolder(fs::path(pattern));
}

ScratchFolder::~ScratchFolder() {
  if (!path_.empty()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

}  // namespace ringbook::sqlite
