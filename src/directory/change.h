// What may be asked of a directory (ChangeSet), what came of it (Outcome), and what is kept of it
// for ever (Change).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "directory/packed_profile.h"
#include "directory/precondition.h"
#include "directory/user.h"

namespace ringbook {

// --- asking --------------------------------------------------------------------------------------

// Told now and then how many changes are written, of which none is safe yet. Called where they are
// written, so it must be quick.
using OnWritten = std::function<void(std::uint64_t)>;

// Members that a client sent back although it cannot write them: refused unless they are equal to
// the present.
struct ReadOnlyMembers {
  std::optional<Version> version;
  std::optional<std::string> updated_at;              // RFC 3339
  std::optional<std::optional<Extension>> extension;  // Inner nothing: "holds none".
};

// Everything that one change set does to one user.
struct Edit {
  enum class Person : std::uint8_t {
    keep,    // The person must exist; the profile stays. Absent: Outcome::not_found.
    put,     // Created or replaced with `profile`.
    create,  // Must not exist yet. Exists: Outcome::already_exists.
    remove,  // Deleted, the number released. Absent: not_found.
  };
  enum class Number : std::uint8_t { keep, assign, release };

  UserId user;
  Person person = Person::keep;
  Number number = Number::keep;
  Profile profile;                     // For put and create.
  std::optional<Extension> extension;  // For assign.
};

// Operations that happen together or not at all, judged on their result: two users may swap
// numbers. At most one edit per user, at most limits::change_set_edits.
struct ChangeSet {
  std::string issuer;  // Who: issuer and subject of the token.
  std::string subject;
  std::string request_id;  // 1 to limits::request_id_chars characters.
  std::vector<Edit> edits;
  // These apply to the first edit; only sets of one edit use them.
  Precondition precondition;
  ReadOnlyMembers read_only;
  // Whether an applied or unchanged outcome carries the user.
  bool wants_user = false;
  // For whoever waits for a large set.
  OnWritten on_written;
};

// --- answering -----------------------------------------------------------------------------------

struct Conflict {
  std::uint32_t edit = 0;  // Which edit of the set met it.
  Extension wanted;
  UserId holder;
  std::optional<std::string> holder_name;
  Instant since;
  // Free numbers of the same length, upward from the wanted one; at most limits::suggestions.
  std::vector<Extension> suggestions;
};

// A change as those are told of it whom it overtook.
struct LastChange {
  Instant at;
  std::string issuer;
  std::string subject;
  Version version = 0;
  std::uint8_t fields = 0;  // Bits of Change::Field.
  std::optional<Extension> from;
  std::optional<Extension> to;
};

struct LastChanges {
  std::optional<User> user = {};        // As it was when it was asked for; nobody when removed.
  LastChange of_user;                   // A removal, when nobody has the id.
  std::optional<LastChange> of_number;  // The last that gave or took the user's number.
};

struct Outcome {
  enum class Kind : std::uint8_t {
    applied,
    unchanged,  // Already so: no new version, no change record.
    not_found,
    already_exists,
    conflict,
    read_only_differs,    // `member` says which.
    precondition_failed,  // `user` is the present one, if there is one.
  };
  Kind kind = Kind::applied;
  std::uint32_t edit = 0;  // Which edit was refused.
  bool created = false;
  Version version = 0;  // Of the first edit's user; 0 where a refusal names none.
  std::optional<User> user;
  std::optional<Conflict> conflict;
  // The other conflicts of a set with many edits, without suggestions.
  std::vector<Conflict> further_conflicts;
  std::string member;        // Of read_only_differs: "version", "updatedAt", "personalInformation".
  std::vector<Edit> wanted;  // Of precondition_failed: the edit that was not done.
  std::uint64_t changes = 0;  // Change records made by the whole set.
};

// --- keeping -------------------------------------------------------------------------------------

// One row of the change journal: what one change set did to one user.
struct Change {
  // What happened, as bits.
  enum Kind : std::uint8_t { created = 1, edited = 2, removed = 4, number = 8 };
  // Which profile members an edit changed, as bits.
  enum Field : std::uint8_t { name = 1, email = 2, department = 4, role = 8, active = 16 };

  std::uint64_t sequence = 0;  // Ascending without gaps, from 1.
  std::uint64_t set = 0;       // The sequence of the first change of its change set.
  Instant at;                  // Never before its predecessor's.
  UserId user;
  std::uint32_t slot = 0;  // The user's place in this process's registry; not stored.
  std::uint8_t kind = 0;
  std::uint8_t fields = 0;
  std::optional<Extension> from;  // The number before and after; equal when it did not change.
  std::optional<Extension> to;
  // The previous change of this user that changed the number, also across a deletion; 0 for none.
  // Since a user holds `from` by that change, it is also where the holding of `from` began.
  std::uint64_t previous_of_user = 0;
  // The change by which `to` was last released (it may stand later in the same set); 0 for none.
  std::uint64_t previous_of_number = 0;
  PackedProfile profile;  // The whole new profile when created or edited.
};

// A row as the history of a user shows it.
struct UserHistoryRow {
  Instant at;
  std::optional<Extension> from;
  std::optional<Extension> to;
  std::string issuer;
  std::string subject;
  std::string request_id;
  std::uint64_t set = 0;
};

// A row of a number's history: one holding.
struct ExtensionHistoryRow {
  UserId user;
  std::optional<std::string> name;  // As it is now; nothing for a deleted or nameless person.
  Instant from;
  std::optional<Instant> to;  // Nothing for the present holder.
};

// A holding as the history of its user shows it.
struct UserHolding {
  UserHistoryRow given;  // The change that began it: `given.to` is the number.
  std::optional<Instant> to;
};

// What was so at one moment.
template <class Holding>
struct HoldingAt {
  Instant at;  // The end of what was asked for; now, when that is earlier.
  std::optional<Holding> holding;
};
using UserHoldingAt = HoldingAt<UserHolding>;
using ExtensionHoldingAt = HoldingAt<ExtensionHistoryRow>;

}  // namespace ringbook
