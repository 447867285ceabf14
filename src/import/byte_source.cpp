#include "import/byte_source.h"

#include <cerrno>

#include "base/file.h"

namespace ringbook {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

int keep_open(std::FILE*) {
  return 0;
}

}  // namespace

ByteSource::ByteSource(File file) : file_(std::move(file)) {}

Result<ByteSource> ByteSource::open(const std::string& path) {
  File file =
      path == "-" ? File(stdin, keep_open) : File(std::fopen(path.c_str(), "rbe"), std::fclose);
  std::error_code ignored;
  if (!file || (path != "-" && std::filesystem::is_directory(path, ignored))) {
    return fail(Errc::usage, "cannot read " + path + ": " + text_of_error(file ? EISDIR : errno));
  }
  ByteSource source(std::move(file));
  if (std::filesystem::is_regular_file(path, ignored)) {
    source.length_ = static_cast<double>(std::filesystem::file_size(path, ignored));
  }
  source.buffer_.resize(buffer_bytes);
  source.skip_byte_order_mark();
  return source;
}

ByteSource ByteSource::of_text(std::string text) {
  ByteSource source(File(nullptr, keep_open));
  source.buffer_.assign(text.begin(), text.end());
  source.size_ = source.buffer_.size();
  source.skip_byte_order_mark();
  return source;
}

void ByteSource::skip_byte_order_mark() {
  if (ahead().starts_with(byte_order_mark)) {
    skip(byte_order_mark.size());
  }
}

bool ByteSource::fill() {
  if (!file_ || failed_) {
    return false;
  }
  before_ += size_;
  at_ = 0;
  size_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  failed_ = size_ == 0 && std::ferror(file_.get()) != 0;
  return size_ > 0;
}

}  // namespace ringbook
