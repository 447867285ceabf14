// The use cases: what an administrator can do with the directory, in its own words. Each asks for
// the proof of being one. Thin on purpose: rules live in the registry, durability in the store.
//
// Threads: on the store's loop. Errors and durability: those of Store.
#pragma once

#include <string_view>

#include "directory/principal.h"
#include "directory/store.h"

namespace ringbook {

// Who asks, and under which request id it is recorded.
struct Request {
  const Administrator& by;
  std::string_view id;
};

class Directory {
 public:
  // Lifetime: `store` outlives the directory.
  explicit Directory(Store& store) : store_(store) {}

  // Gives `extension` to a user who exists.
  void assign(const Request& request, UserId user, Extension extension, Reply<Outcome> reply,
              Precondition precondition = {}, bool wants_user = false);
  // Takes the number away; unchanged when there is none.
  void release(const Request& request, UserId user, Reply<Outcome> reply,
               Precondition precondition = {});
  // Creates the person or replaces the profile; the number stays. The outcome carries the user.
  void put_person(const Request& request, UserId user, Profile profile, ReadOnlyMembers read_only,
                  Precondition precondition, Reply<Outcome> reply);
  // Deletes the person and releases the number.
  void remove_person(const Request& request, UserId user, Reply<Outcome> reply,
                     Precondition precondition = {});
  // Everything or nothing.
  void change(const Request& request, std::vector<Edit> edits, Reply<Outcome> reply,
              OnWritten on_written = {});

  void user(const Administrator& by, UserId id, Reply<std::optional<User>> reply);
  void extension(const Administrator& by, Extension extension, Reply<ExtensionState> reply);
  void users(const Administrator& by, UserQuery query, Reply<UserPage> reply);
  void user_history(const Administrator& by, UserId id, HistoryCursor from, std::size_t limit,
                    Reply<UserHistoryPage> reply);
  void extension_history(const Administrator& by, Extension extension, HistoryCursor from,
                         std::size_t limit, Reply<ExtensionHistoryPage> reply);
  void user_holding(const Administrator& by, UserId id, Moment moment, Reply<UserHoldingAt> reply);
  void extension_holding(const Administrator& by, Extension extension, Moment moment,
                         Reply<ExtensionHoldingAt> reply);
  void last_changes(const Administrator& by, UserId id, Reply<LastChanges> reply);

 private:
  // A set of one edit of this user, which does nothing yet.
  ChangeSet& single(const Request& request, UserId user);

  Store& store_;
  ChangeSet single_;  // One at a time; kept for the memory that the store leaves in it.
};

}  // namespace ringbook
