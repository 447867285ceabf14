// The changes of a turn as octets: what an engine keeps of a commit, whatever it keeps it in. The
// values of profiles are not among them, so that they can be erased.
//
// A record is, with numbers as varints (seven bits an octet, the lowest first) and signed ones in
// zigzag, modulo 2^64:
//
//   octet     its version: 1
//   number    the sequence of its first change
//   number    how many changes it has: 1 to limits::turn_changes
//   number    how many changes of the first change's set stand in records before it
//   … and its change sets, until that many changes are there:
//     number    how many changes of the set stand here
//     number    who made them: the place among all who are named here, in order of appearance;
//               behind a new one stand issuer and subject
//     text      the request id
//     signed    milliseconds since the set before it; of the first, since 1970
//     … and its changes:
//       octet     bits 0 to 3: the kind; 4 to 7: which of the last four numbers follow
//       12        the user's id
//       octet     the fields, only of a change that has a profile: created or edited
//       number    from, and to: Extension::packed
//       signed    how far before it the changes stand that it names: of its user, of its number
//
// A text is its length and its octets.
//
// Invariants: 1. There is one record for what is recorded: numbers have as few octets as may be,
// nobody is named twice, and nothing follows the last change. 2. Octets that are no record are
// damaged, and reading them needs no memory. 3. A record is read for what it says, not for whether
// that can be true: the changes of a journal are judged against each other, by whoever replays it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/limits.h"
#include "directory/batch.h"

namespace ringbook {

// Whether a record has room for the change: its kind is one of four bits, and it names fields only
// with a profile. A registry makes no others.
bool is_recordable(const Change& change);

// Appends the record of the changes [begin, end) of `batch` to `out`: at least one and at most
// limits::turn_changes. Where `begin` is inside a set, its record continues it. Needs changes that
// are recordable and whose sequences have no gap.
void append_turn_record(const Batch& batch, std::size_t begin, std::size_t end, std::string& out);

// Goes through a record. Lifetime: the octets outlive it. Errors: damaged, saying of the record
// what is wrong with it.
class TurnCursor {
 public:
  // Reads as far as the first change.
  static Result<TurnCursor> begin(std::string_view record);

  std::uint64_t first() const { return first_; }
  std::uint64_t last() const { return first_ + changes_ - 1; }

  // Goes to the next change; false behind the last, when nothing else is there.
  Result<bool> next();
  // Goes to the change of this sequence, looking at those before it only as far as it takes to skip
  // them. Needs one from first() to last(), beyond the present one.
  Result<void> seek(std::uint64_t sequence);

  // The present change, without profile and slot, and what it shares with its set.
  const Change& change() const { return change_; }
  std::string_view issuer() const { return issuer_; }
  std::string_view subject() const { return subject_; }
  std::string_view request_id() const { return request_id_; }

 private:
  explicit TurnCursor(std::string_view record) : record_(record) {}
  // Each says what is wrong; null when nothing is.
  const char* read_head();
  const char* read_set();
  const char* read_actor();
  const char* read_change();
  bool skip_change();
  const char* read_numbers(std::uint8_t flags);
  bool read_octet(std::uint8_t& octet);
  bool read_number(std::uint64_t& number);
  bool read_signed(std::uint64_t& number);
  bool read_text(std::string_view& text);

  std::string_view record_;
  std::size_t at_ = 0;  // What is read next.
  std::uint64_t first_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t continued_ = 0;
  std::uint64_t read_ = 0;     // Changes so far.
  std::uint64_t set_end_ = 0;  // How many there are at the end of the present set.
  std::array<std::uint32_t, limits::turn_changes> actors_{};  // Where their texts stand.
  std::size_t known_actors_ = 0;
  Change change_;
  std::string_view issuer_;
  std::string_view subject_;
  std::string_view request_id_;
};

// Reads the whole record. Errors: damaged, when it is none.
Result<void> check_turn_record(std::string_view record);

}  // namespace ringbook
