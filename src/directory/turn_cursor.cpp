// How a turn record is read: octet by octet, believing none of them.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include "base/check.h"
#include "directory/turn_form.h"
#include "directory/turn_record.h"

namespace ringbook {
namespace {

using turn_form::has_from;
using turn_form::has_of_number;
using turn_form::has_of_user;
using turn_form::has_to;
using turn_form::kind_bits;
using turn_form::profile_kinds;
using turn_form::record_version;

// The greatest sequence, since engines store them as signed numbers.
constexpr std::uint64_t last_sequence = std::numeric_limits<std::int64_t>::max();

constexpr const char* cut_off = "it ends too early, or a number in it has no such form";

}  // namespace

bool TurnCursor::read_octet(std::uint8_t& octet) {
  if (at_ == record_.size()) {
    return false;
  }
  octet = static_cast<std::uint8_t>(record_[at_++]);
  return true;
}

bool TurnCursor::read_number(std::uint64_t& number) {
  number = 0;
  std::uint8_t octet = 0;
  for (int shift = 0; read_octet(octet); shift += 7) {
    if (shift == 63 && octet > 1) {
      return false;  // More than 64 bits.
    }
    number |= std::uint64_t{octet & 0x7FU} << shift;
    if (octet < 0x80) {
      return octet != 0 || shift == 0;  // Else fewer octets would have done.
    }
  }
  return false;
}

bool TurnCursor::read_signed(std::uint64_t& number) {
  const bool is_read = read_number(number);
  number = number >> 1 ^ ((number & 1) != 0 ? ~std::uint64_t{0} : 0);
  return is_read;
}

bool TurnCursor::read_text(std::string_view& text) {
  std::uint64_t size = 0;
  if (!read_number(size) || size > record_.size() - at_) {
    return false;
  }
  text = record_.substr(at_, static_cast<std::size_t>(size));
  at_ += text.size();
  return true;
}

Result<TurnCursor> TurnCursor::begin(std::string_view record) {
  TurnCursor cursor(record);
  if (const char* problem = cursor.read_head()) {
    return fail(Errc::damaged, problem);
  }
  return cursor;
}

const char* TurnCursor::read_head() {
  if (record_.size() > limits::turn_record_bytes) {
    return "it is longer than the record of a turn can be";
  }
  std::uint8_t version = 0;
  if (!read_octet(version) || version != record_version) {
    return "it has no version that this program knows";
  }
  if (!read_number(first_) || !read_number(changes_) || !read_number(continued_)) {
    return cut_off;
  }
  if (changes_ == 0 || changes_ > limits::turn_changes) {
    return "it has no such number of changes as a turn";
  }
  if (first_ == 0 || first_ > last_sequence - changes_ || continued_ >= first_) {
    return "its changes or their set have sequences that cannot be";
  }
  return nullptr;
}

Result<bool> TurnCursor::next() {
  if (read_ == changes_) {
    return at_ == record_.size() ? Result<bool>(false)
                                 : fail(Errc::damaged, "it goes on behind its last change");
  }
  const char* problem = read_ == set_end_ ? read_set() : nullptr;
  if (problem == nullptr) {
    problem = read_change();
  }
  if (problem != nullptr) {
    return fail(Errc::damaged, problem);
  }
  return true;
}

Result<void> TurnCursor::seek(std::uint64_t sequence) {
  check(sequence >= first_ + read_ && sequence <= last(), "a change is further on in its record");
  while (first_ + read_ < sequence) {
    const char* problem = read_ == set_end_ ? read_set() : nullptr;
    if (problem == nullptr && !skip_change()) {
      problem = cut_off;
    }
    if (problem != nullptr) {
      return fail(Errc::damaged, problem);
    }
  }
  const auto found = next();
  return found ? Result<void>{} : std::unexpected(found.error());
}

bool TurnCursor::skip_change() {
  std::uint8_t flags = 0;
  if (!read_octet(flags)) {
    return false;
  }
  at_ += sizeof(UserId::Bytes) + ((flags & profile_kinds) != 0 ? 1 : 0);
  for (int numbers = std::popcount(static_cast<unsigned>(flags) >> 4); numbers > 0; --numbers) {
    while (at_ < record_.size() && (record_[at_] & 0x80) != 0) {
      ++at_;
    }
    ++at_;
  }
  const bool is_whole = at_ <= record_.size();
  at_ = std::min(at_, record_.size());
  ++read_;
  return is_whole;
}

const char* TurnCursor::read_set() {
  std::uint64_t size = 0;
  std::uint64_t since = 0;
  if (!read_number(size)) {
    return cut_off;
  }
  if (size == 0 || size > changes_ - read_) {
    return "a change set in it has no such number of changes";
  }
  if (const char* problem = read_actor()) {
    return problem;
  }
  if (!read_text(request_id_) || !read_signed(since)) {
    return cut_off;
  }
  change_.at.ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(change_.at.ms) + since);
  change_.set = first_ + read_ - (read_ == 0 ? continued_ : 0);
  set_end_ = read_ + size;
  return nullptr;
}

const char* TurnCursor::read_actor() {
  std::uint64_t place = 0;
  if (!read_number(place)) {
    return cut_off;
  }
  if (place > known_actors_) {
    return "a change set in it does not say who made it";
  }
  const auto texts_at = [&](std::size_t at) {
    at_ = at;
    return read_text(issuer_) && read_text(subject_);
  };
  if (place < known_actors_) {
    const std::size_t behind = at_;
    texts_at(actors_[static_cast<std::size_t>(place)]);
    at_ = behind;
    return nullptr;
  }
  const std::size_t texts = at_;
  for (const std::uint32_t known : std::span(actors_).first(known_actors_)) {
    texts_at(known);
    const std::string_view issuer = issuer_;
    const std::string_view subject = subject_;
    if (texts_at(texts) && issuer == issuer_ && subject == subject_) {
      return "somebody is named in it twice";
    }
  }
  if (!texts_at(texts)) {
    return cut_off;
  }
  actors_[known_actors_++] = static_cast<std::uint32_t>(texts);
  return nullptr;
}

const char* TurnCursor::read_change() {
  std::uint8_t flags = 0;
  UserId::Bytes id{};
  if (!read_octet(flags) || record_.size() - at_ < id.size()) {
    return cut_off;
  }
  std::memcpy(id.data(), record_.data() + at_, id.size());
  at_ += id.size();
  change_.user = UserId(id);
  change_.kind = flags & kind_bits;
  change_.fields = 0;
  if ((change_.kind & profile_kinds) != 0 && !read_octet(change_.fields)) {
    return cut_off;
  }
  change_.sequence = first_ + read_;
  if (const char* problem = read_numbers(flags)) {
    return problem;
  }
  ++read_;
  return nullptr;
}

const char* TurnCursor::read_numbers(std::uint8_t flags) {
  for (const auto& [flag, extension] :
       {std::pair(has_from, &change_.from), std::pair(has_to, &change_.to)}) {
    extension->reset();
    if ((flags & flag) == 0) {
      continue;
    }
    std::uint64_t packed = 0;
    if (!read_number(packed)) {
      return cut_off;
    }
    *extension = Extension::from_packed(packed);
    if (!*extension) {
      return "a number in it is no extension";
    }
  }
  for (const auto& [flag, previous] : {std::pair(has_of_user, &change_.previous_of_user),
                                       std::pair(has_of_number, &change_.previous_of_number)}) {
    *previous = 0;
    if ((flags & flag) == 0) {
      continue;
    }
    std::uint64_t distance = 0;
    if (!read_signed(distance)) {
      return cut_off;
    }
    *previous = change_.sequence - distance;
    if (*previous == 0) {
      return "a change in it names no change as one before it";
    }
  }
  return nullptr;
}

Result<void> check_turn_record(std::string_view record) {
  auto cursor = TurnCursor::begin(record);
  if (!cursor) {
    return std::unexpected(std::move(cursor.error()));
  }
  while (true) {
    const auto more = cursor->next();
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      return {};
    }
  }
}

}  // namespace ringbook
