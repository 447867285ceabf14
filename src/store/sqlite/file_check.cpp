#include "store/sqlite/file_check.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "store/sqlite/inspect.h"

namespace ringbook::sqlite {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint32_t big_endian(Bytes bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | std::uint32_t{bytes[at + 3]};
}

std::span<std::byte> room_in(std::vector<std::uint8_t>& bytes) {
  return std::as_writable_bytes(std::span(bytes));
}

// How many bytes a header says there are; 0 when it does not tell.
std::uint64_t size_of_header(Bytes header) {
  constexpr std::size_t page_size_at = 16;
  constexpr std::size_t counter_at = 24;
  constexpr std::size_t pages_at = 28;
  constexpr std::size_t counter_of_pages_at = 92;
  constexpr std::uint64_t page_size_of_1 = 65'536;
  if (big_endian(header, counter_at) != big_endian(header, counter_of_pages_at)) {
    return 0;
  }
  const std::uint64_t page_size = big_endian(header, page_size_at) >> 16;
  return big_endian(header, pages_at) * (page_size == 1 ? page_size_of_1 : page_size);
}

// Whether there is a log that may hold what the file lacks.
bool has_log(const std::filesystem::path& database) {
  auto log = database;
  log += "-wal";
  std::error_code error;
  const auto size = std::filesystem::file_size(log, error);
  return !error && size > 0;
}

// Where a header says how the file is written and read, and what it says there.
constexpr std::size_t write_version_at = 18;
constexpr std::size_t read_version_at = 19;
constexpr std::uint8_t rollback_journal = 1;
constexpr std::uint8_t write_ahead_log = 2;

Result<void> check_header(const std::filesystem::path& path, const OnFinding& found) {
  constexpr std::string_view magic("SQLite format 3\0", 16);
  const auto file = File::open(path, O_RDONLY);
  if (!file) {
    return std::unexpected(file.error());
  }
  std::vector<std::uint8_t> header(100);
  const auto size = file->read(room_in(header));
  if (!size) {
    return std::unexpected(size.error());
  }
  const std::string name = path.filename().string();
  if (*size < header.size() || std::memcmp(header.data(), magic.data(), magic.size()) != 0) {
    found(
        {.where = name, .what = "it does not begin as an SQLite file does", .mend = mend_contents});
  } else if (header[write_version_at] != write_ahead_log ||
             header[read_version_at] != write_ahead_log) {
    found({.where = name,
           .what = "its header does not say that it has a write-ahead log",
           .mend = mend_contents});
  } else if (std::error_code ignored;
             !has_log(path) && std::filesystem::file_size(path, ignored) < size_of_header(header)) {
    // What is missing of a page that is mostly empty would be read as it was.
    found({.where = name, .what = "it is shorter than it says", .mend = mend_contents});
  }
  return {};
}

// The running checksum of a log: of its header, then of each frame and what came before it.
struct Checksum {
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  void add(Bytes bytes, bool is_big_endian) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += word(bytes, at, is_big_endian) + second;
      second += word(bytes, at + 4, is_big_endian) + first;
    }
  }
  bool is_at(Bytes bytes, std::size_t at) const {
    return big_endian(bytes, at) == first && big_endian(bytes, at + 4) == second;
  }

 private:
  static std::uint32_t word(Bytes bytes, std::size_t at, bool is_big_endian) {
    const std::uint32_t value = big_endian(bytes, at);
    return is_big_endian ? value : __builtin_bswap32(value);
  }
};

// Where the fields of a log's header and of a frame's stand.
constexpr std::size_t log_header_bytes = 32;
constexpr std::size_t log_salt_at = 16;
constexpr std::size_t log_checksum_at = 24;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::size_t frame_commit_at = 4;
constexpr std::size_t frame_salt_at = 8;
constexpr std::size_t frame_checksum_at = 16;
constexpr std::size_t frame_checked_bytes = 8;

// What a walk over all frames of a log has seen.
struct LogWalk {
  std::uint64_t frames = 0;        // Of this log's own, not those that an earlier one left.
  std::uint64_t broken_frame = 0;  // The first that does not fit, from 1; 0 when all do.
  std::uint64_t lost_commits = 0;  // In the broken frame and behind it.
};

Result<LogWalk> walk(const File& file, Bytes header, Checksum sum) {
  const std::uint32_t page_size = big_endian(header, 8);
  const bool is_big_endian = (big_endian(header, 0) & 1U) != 0;
  std::vector<std::uint8_t> frame(frame_header_bytes + page_size);
  LogWalk walk;
  std::uint64_t number = 0;
  for (std::uint64_t at = log_header_bytes;; at += frame.size()) {
    const auto size = file.read_at(at, room_in(frame));
    if (!size) {
      return std::unexpected(size.error());
    }
    // A frame that was cut off is the end that a kill leaves.
    if (*size < frame.size()) {
      return walk;
    }
    ++number;
    const bool is_own =
        std::memcmp(frame.data() + frame_salt_at, header.data() + log_salt_at, 8) == 0;
    const Bytes bytes(frame);
    sum.add(bytes.first(frame_checked_bytes), is_big_endian);
    sum.add(bytes.subspan(frame_header_bytes), is_big_endian);
    if (walk.broken_frame == 0 && !(is_own && sum.is_at(bytes, frame_checksum_at))) {
      walk.broken_frame = number;
    }
    if (is_own) {
      walk.frames = number;
      const bool is_commit = big_endian(bytes, frame_commit_at) != 0;
      walk.lost_commits += walk.broken_frame != 0 && is_commit ? 1 : 0;
    }
  }
}

Result<void> check_log(const std::filesystem::path& path, const OnFinding& found) {
  constexpr std::uint32_t magic = 0x377F0682;
  constexpr std::uint32_t version = 3'007'000;
  const auto file = File::open(path, O_RDONLY);
  if (!file) {
    return std::unexpected(file.error());
  }
  std::vector<std::uint8_t> header(log_header_bytes);
  const auto size = file->read(room_in(header));
  if (!size) {
    return std::unexpected(size.error());
  }
  if (*size < header.size()) {
    return {};  // Nothing was ever committed to it.
  }
  const std::string name = path.filename().string();
  Checksum sum;
  sum.add(Bytes(header).first(log_checksum_at), (big_endian(header, 0) & 1U) != 0);
  const std::uint32_t page_size = big_endian(header, 8);
  if ((big_endian(header, 0) & ~1U) != magic || big_endian(header, 4) != version ||
      page_size < 512 || page_size > 65'536 || !std::has_single_bit(page_size) ||
      !sum.is_at(header, log_checksum_at)) {
    found({.where = name,
           .what = "its header is damaged, so nothing that is in this log would be read",
           .mend = mend_contents});
    return {};
  }
  const auto seen = walk(*file, header, sum);
  if (!seen) {
    return std::unexpected(seen.error());
  }
  if (seen->lost_commits > 0) {
    found({.where = name,
           .what = "frame " + std::to_string(seen->broken_frame) + " of " +
                   std::to_string(seen->frames) +
                   " is damaged: it would be taken for the end of the log; commits from there on, "
                   "which would be lost: " +
                   std::to_string(seen->lost_commits),
           .mend = std::string(mend_contents) +
                   "; if it is one commit and the power failed during it, nobody was told of its "
                   "success, and a start drops it"});
  }
  return {};
}

}  // namespace

Result<void> refuse_unknown_versions(const std::filesystem::path& database) {
  std::error_code unknown;
  if (!std::filesystem::exists(database, unknown)) {
    return {};
  }
  const auto file = File::open(database, O_RDONLY);
  if (!file) {
    return std::unexpected(file.error());
  }
  std::vector<std::uint8_t> header(read_version_at + 1);
  const auto size = file->read(room_in(header));
  if (!size) {
    return std::unexpected(size.error());
  }
  const auto is_known = [&](std::size_t at) {
    return header[at] == rollback_journal || header[at] == write_ahead_log;
  };
  if (*size == header.size() && !(is_known(write_version_at) && is_known(read_version_at))) {
    return fail(Errc::damaged, database.string() +
                                   ": its header says neither that it has a rollback journal nor "
                                   "that it has a write-ahead log; restore it from a backup");
  }
  return {};
}

Result<void> check_bytes(const std::filesystem::path& database, const OnFinding& found) {
  if (auto checked = check_header(database, found); !checked) {
    return checked;
  }
  auto log = database;
  log += "-wal";
  std::error_code ignored;
  return std::filesystem::exists(log, ignored) ? check_log(log, found) : Result<void>{};
}

}  // namespace ringbook::sqlite
