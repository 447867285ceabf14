// The documents of users, which other programs read and write, too: where numbers are published,
// and whom a foreign hand created, changed or deleted.
//
// A document has a version of ours beside its number: 2·s+1 says that the number is what change s
// of its user left, 2·s that change s took the number away, and who has it now is not said yet. It
// only grows. Every write is guarded by it: a document whose version is not below the one that is
// written stays as it is. So every write to people who are ours brings their profile along: the
// version tells which one a document shows. Deadlines, threads, lifetime: as those of
// SharedJournal.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/reply.h"
#include "directory/extension.h"
#include "directory/packed_profile.h"
#include "directory/user_id.h"

namespace ringbook {

struct SeenUser {
  UserId id;
  bool exists = false;
  std::uint64_t version = 0;                       // 0 when it has none of ours.
  std::optional<Extension> number = std::nullopt;  // What the document shows, when it is one.
  bool shows_something_else = false;  // A value in the number's place that is no extension.
  bool can_show = true;               // Whether a number can be set: what its path leads through is
                                      // a document, or absent.
  PackedProfile profile = {};         // Of those who exist.
};

struct Look {
  std::vector<UserId> users;
  std::vector<Extension> numbers;
};

// One write to one document.
struct Publication {
  enum class Kind : std::uint8_t {
    show,      // Sets the number, or takes away whatever is there when it is nothing.
    take_off,  // Takes away the number, whichever it is.
    leave,     // Sets the version alone; takes the number away only if it is `number`.
    remove,    // Deletes the document.
  };
  Kind kind = Kind::show;
  UserId user;
  std::uint64_t version = 0;
  std::optional<Extension> number = std::nullopt;
  PackedProfile profile = {};  // As of the version; none where the document has it already.
  bool may_create = false;  // Makes the document when there is none; only of `show` with a profile.
};

enum class Published : std::uint8_t {
  done,     // The document is as it was said.
  newer,    // It has this version or a higher one already.
  gone,     // There is no document.
  refused,  // A unique index has the number for another document.
  failed,  // The document cannot be written so, whoever tries: a validator, a path that is blocked.
  unknown,  // Nothing of it is certain.
};

class Documents {
 public:
  virtual ~Documents() = default;

  // Every user who is asked for, once and in order, and behind them whoever else shows one of the
  // numbers, as far as an index tells. As a majority has them; who is said not to exist did not at
  // a moment after the call, whichever server is asked. Errors: unavailable.
  virtual void look(Look look, Tick deadline, Reply<std::vector<SeenUser>> reply) = 0;

  // Does all of `first`, waits until a majority has it, then all of `then`; says of each of `then`
  // what a majority has, in order. When one of `first` is not certain, nothing of `then` is done.
  // What happens to one stops no other. No user stands in `then` twice. Errors: none.
  virtual void publish(std::vector<Publication> first, std::vector<Publication> then, Tick deadline,
                       Reply<std::vector<Published>> reply) = 0;

  // Users in order of their ids, above `after`; none only at the end. Errors: unavailable.
  virtual void scan(std::optional<UserId> after, std::size_t limit, Tick deadline,
                    Reply<std::vector<SeenUser>> reply) = 0;
};

}  // namespace ringbook
