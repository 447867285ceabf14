#include "auth/secret_file.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "auth/base64url.h"
#include "auth/key_file.h"
#include "base/file.h"
#include "base/limits.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;

// Written as text these are 64 characters: as many bytes as the longest hash wants.
constexpr std::size_t random_bytes = 48;

std::size_t length_without_line_end(std::string_view text) {
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) {
      text.remove_suffix(1);
    }
  }
  return text.size();
}

std::unexpected<Error> not_made(const fs::path& path, int error) {
  return fail(errc_of(error),
              "cannot make the secret " + path.string() + ": " + text_of_error(error));
}

// A new file of mode 0600 with `bytes`, on the disk; says whether it worked, else errno tells why.
bool write_private_file(const fs::path& path, std::string_view bytes) {
  const auto file = File::open_inside(path, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  return file && ::fchmod(file->descriptor(), S_IRUSR | S_IWUSR) == 0 && file->write(bytes) &&
         file->sync();
}

}  // namespace

Result<Secret> read_secret_file(const fs::path& path) {
  auto file = read_key_file("secret file", path, limits::secret_file_bytes);
  if (!file) {
    return std::unexpected(std::move(file.error()));
  }
  if (file->exposure) {
    return not_private("secret file", path, *file);
  }
  Secret secret = std::move(file->content);
  secret.shorten(length_without_line_end(secret.bytes()));
  if (secret.bytes().empty()) {
    return fail(Errc::usage, "secret file " + path.string() + ": empty");
  }
  return secret;
}

fs::path secret_file_in(const fs::path& folder) {
  return folder / "jwt-secret";
}

Result<fs::path> ensure_secret_file_in(const fs::path& folder) {
  const fs::path path = secret_file_in(folder);
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0) {
    return path;
  }
  if (errno != ENOENT) {
    return not_made(path, errno);
  }
  std::array<unsigned char, random_bytes> random{};
  if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return fail(Errc::internal, "OpenSSL gives no random bytes");
  }
  std::string text;
  text.reserve(random_bytes * 2);
  append_base64url(text, {reinterpret_cast<const char*>(random.data()), random.size()});
  text += '\n';
  const fs::path unfinished = folder / "jwt-secret.new";
  // One that a crash left behind is of no use to anybody.
  ::unlink(unfinished.c_str());
  const bool is_made = write_private_file(unfinished, text) &&
                       ::rename(unfinished.c_str(), path.c_str()) == 0 &&
                       sync_folder(folder).has_value();
  const int error = errno;
  OPENSSL_cleanse(random.data(), random.size());
  OPENSSL_cleanse(text.data(), text.size());
  if (!is_made) {
    ::unlink(unfinished.c_str());
    return not_made(path, error);
  }
  return path;
}

}  // namespace ringbook
