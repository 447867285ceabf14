#include "cli/read_file.h"

#include <span>

#include "base/file.h"

namespace ringbook {

Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most) {
  const auto file = File::open(path, O_RDONLY);
  std::string text(most + 1, '\0');
  const auto size =
      file ? file->read(std::as_writable_bytes(std::span(text))) : std::unexpected(file.error());
  if (!size) {
    return fail(Errc::usage, "cannot read " + size.error().detail);
  }
  text.resize(*size);
  if (text.size() > most) {
    return fail(Errc::usage, path.string() + " is larger than " + std::to_string(most) + " bytes");
  }
  return text;
}

}  // namespace ringbook
