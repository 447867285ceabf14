#include "directory/turn_record.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "directory/turn_form.h"

namespace ringbook {
namespace {

using turn_form::has_from;
using turn_form::has_of_number;
using turn_form::has_of_user;
using turn_form::has_to;
using turn_form::kind_bits;
using turn_form::profile_kinds;
using turn_form::record_version;

constexpr std::size_t number_bytes = 10;  // At most: 64 bits in sevens.
constexpr std::size_t change_bytes = 2 + sizeof(UserId::Bytes) + 4 * number_bytes;

char* put_number(char* at, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) {
    *at++ = static_cast<char>(number | 0x80);
  }
  *at++ = static_cast<char>(number);
  return at;
}

// Small numbers of either sign become small ones; `number` is the signed one modulo 2^64.
char* put_signed(char* at, std::uint64_t number) {
  return put_number(at, number << 1 ^ (number >> 63 != 0 ? ~std::uint64_t{0} : 0));
}

// Writes behind what a text holds, of which it has some more in reserve: growing it octet by octet
// costs more than all that is written.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out), used_(out.size()) {}
  // Room for so many octets.
  char* reserve(std::size_t size) {
    if (out_.size() - used_ < size) {
      out_.resize(2 * out_.size() + size);
    }
    return out_.data() + used_;
  }
  // Octets up to here are written, into the room that was reserved last.
  void take(const char* end) { used_ = static_cast<std::size_t>(end - out_.data()); }
  void finish() { out_.resize(used_); }

 private:
  std::string& out_;
  std::size_t used_;
};

char* put_text(char* at, const std::string& text) {
  at = put_number(at, text.size());
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// Needs room for `change_bytes`.
char* put_change(char* at, const Change& change) {
  check(is_recordable(change), "a change has room in a record");
  char* const flags_at = at++;
  const UserId::Bytes& id = change.user.bytes();
  std::memcpy(at, id.data(), id.size());
  at += id.size();
  std::uint8_t flags = change.kind;
  if ((change.kind & profile_kinds) != 0) {
    *at++ = static_cast<char>(change.fields);
  }
  if (change.from) {
    flags |= has_from;
    at = put_number(at, change.from->packed());
  }
  if (change.to) {
    flags |= has_to;
    at = put_number(at, change.to->packed());
  }
  if (change.previous_of_user != 0) {
    flags |= has_of_user;
    at = put_signed(at, change.sequence - change.previous_of_user);
  }
  if (change.previous_of_number != 0) {
    flags |= has_of_number;
    at = put_signed(at, change.sequence - change.previous_of_number);
  }
  *flags_at = static_cast<char>(flags);
  return at;
}

// Everybody who is named in the record so far.
class Actors {
 public:
  // The place of whoever made the set; that of the next one when nobody like that is named yet.
  std::size_t place_of(const Batch::Set& set) const {
    const auto* const end = sets_.data() + count_;
    return static_cast<std::size_t>(std::find_if(sets_.data(), end,
                                                 [&](const Batch::Set* known) {
                                                   return known->subject == set.subject &&
                                                          known->issuer == set.issuer;
                                                 }) -
                                    sets_.data());
  }
  std::size_t count() const { return count_; }
  void add(const Batch::Set& set) { sets_[count_++] = &set; }

 private:
  std::array<const Batch::Set*, limits::turn_changes> sets_;
  std::size_t count_ = 0;
};

}  // namespace

bool is_recordable(const Change& change) {
  return (change.kind & ~kind_bits) == 0 &&
         ((change.kind & profile_kinds) != 0 || change.fields == 0);
}

void append_turn_record(const Batch& batch, std::size_t begin, std::size_t end, std::string& out) {
  check(begin < end && end - begin <= limits::turn_changes, "a record has changes for one row");
  const Change& first = batch.changes[begin];
  const std::size_t size_before = out.size();
  Writer writer(out);
  char* at = writer.reserve(1 + 3 * number_bytes);
  *at++ = static_cast<char>(record_version);
  at = put_number(at, first.sequence);
  at = put_number(at, end - begin);
  writer.take(put_number(at, first.sequence - first.set));
  Actors actors;
  std::uint64_t time = 0;
  auto set = std::ranges::partition_point(
      batch.sets, [begin](const Batch::Set& earlier) { return earlier.end <= begin; });
  for (; begin < end; ++set) {
    const std::size_t set_end = std::min(set->end, end);
    const std::size_t actor = actors.place_of(*set);
    at = writer.reserve(6 * number_bytes + set->issuer.size() + set->subject.size() +
                        set->request_id.size());
    at = put_number(at, set_end - begin);
    at = put_number(at, actor);
    if (actor == actors.count()) {
      actors.add(*set);
      at = put_text(at, set->issuer);
      at = put_text(at, set->subject);
    }
    at = put_text(at, set->request_id);
    const auto set_time = static_cast<std::uint64_t>(batch.changes[begin].at.ms);
    writer.take(put_signed(at, set_time - time));
    time = set_time;
    for (; begin < set_end; ++begin) {
      writer.take(put_change(writer.reserve(change_bytes), batch.changes[begin]));
    }
  }
  writer.finish();
  check(out.size() - size_before <= limits::turn_record_bytes, "a record is within its limit");
}

}  // namespace ringbook
