#include "cli/read_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace ringbook {

Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             std::fclose);
  std::string text(most + 1, '\0');
  if (file) {
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  }
  if (!file || std::ferror(file.get()) != 0) {
    return fail(Errc::usage, "cannot read " + path.string() + ": " + std::strerror(errno));
  }
  if (text.size() > most) {
    return fail(Errc::usage, path.string() + " is larger than " + std::to_string(most) + " bytes");
  }
  return text;
}

}  // namespace ringbook
