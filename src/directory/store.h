// What every engine promises: the directory's state and its journal, one write primitive, and reads
// that see every acknowledged change. tests/contract is this file as a suite.
//
// Durability: an engine that `is_durable` answers nothing, also no conflict and no read, before the
// state it shows survives power loss. Answers to writes therefore come at the end of a turn: see
// `end_turn`.
// Threads: every call on the loop given to the engine; checked in every build. Replies are answered
// on the loop. Lifetime: replies still waiting when the store is destroyed answer `internal`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.h"
#include "base/reply.h"
#include "directory/change.h"

namespace ringbook {

// Which users a list shows, in order of their ids. All that is given must hold.
struct UserQuery {
  std::string search;                     // Words, as they were typed; "" for all.
  std::optional<std::string> email;       // As email_key tells addresses.
  std::optional<Extension> extension;     // Exact.
  std::optional<std::string> department;  // Exact.
  std::optional<UserId> after;            // Only ids above this one.
  std::size_t limit = 0;                  // 1 to limits::page_rows_max.
};

struct UserPage {
  std::vector<User> users;
  bool has_more = false;          // Continue with `after` = the last id shown.
  std::uint64_t last_change = 0;  // The directory's last change when the page was begun.
};

// Where a history continues: the sequence of the next change to look at; 0 begins with the newest.
using HistoryCursor = std::uint64_t;

struct UserHistoryPage {
  std::vector<UserHistoryRow> rows;
  HistoryCursor next = 0;  // 0 when this was the last.
};

struct ExtensionHistoryPage {
  std::vector<ExtensionHistoryRow> rows;
  HistoryCursor next = 0;
};

struct ExtensionState {
  std::optional<UserId> holder;
  std::optional<std::string> holder_name;
  std::optional<Instant> since;
};

struct StoreStatistics {
  std::uint64_t users = 0;
  std::uint64_t extensions = 0;  // Numbers in use.
  std::uint64_t last_change = 0;
  std::uint64_t unfolded_changes = 0;
  // Of those, how many the fold has not even written yet: it goes down while they are folded.
  std::uint64_t unwritten_changes = 0;
  std::uint64_t waiting_searches = 0;
  // On the volume that holds the data; nothing for an engine that keeps none, and when the system
  // does not say.
  std::optional<std::uint64_t> free_bytes = std::nullopt;
};

class Store {
 public:
  virtual ~Store() = default;

  // Whether answers survive power loss. `memory:` does not.
  virtual bool is_durable() const = 0;

  // Decides `set` in one step against everything asked before it, and answers at the end of the
  // turn. Refusals are outcomes, not errors, and do not touch other sets of the turn.
  // Errors: invalid (two edits for one user, no edit, too many), overloaded and no_space (nothing
  // changed), unavailable (outcome unknown; repeating is safe). What is left in `set` is of no
  // meaning, but its memory is worth using again.
  virtual void apply(ChangeSet&& set, Reply<Outcome> reply) = 0;

  // Reads. Errors: overloaded, unavailable; user and extension answer an empty value for what does
  // not exist.
  virtual void user(UserId id, Reply<std::optional<User>> reply) = 0;
  virtual void extension(Extension extension, Reply<ExtensionState> reply) = 0;
  virtual void users(UserQuery query, Reply<UserPage> reply) = 0;
  // Begins to make what `users` goes through, a step a turn, so that the first list does not have
  // to wait for all of it.
  virtual void prepare_search() = 0;
  // Newest first; only changes of the number. Errors also: not_found (nobody ever had this id),
  // invalid (the cursor belongs to no change of this user or number).
  virtual void user_history(UserId id, HistoryCursor from, std::size_t limit,
                            Reply<UserHistoryPage> reply) = 0;
  // A number nobody ever held has an empty history.
  virtual void extension_history(Extension extension, HistoryCursor from, std::size_t limit,
                                 Reply<ExtensionHistoryPage> reply) = 0;
  // What was held at the end of a moment: all changes of that very millisecond have happened.
  // Errors also: not_found (nobody ever had this id), invalid (the moment has not begun, by more
  // than clocks may disagree).
  virtual void user_holding(UserId id, Moment moment, Reply<UserHoldingAt> reply) = 0;
  virtual void extension_holding(Extension extension, Moment moment,
                                 Reply<ExtensionHoldingAt> reply) = 0;
  // A user, and who changed it last and when. Errors: not_found (nobody ever had this id).
  virtual void last_changes(UserId id, Reply<LastChanges> reply) = 0;

  // Whether the turn has reached a bound (limits::turn_changes, limits::turn_time) and should end
  // although more is ready.
  virtual bool turn_is_due() const = 0;
  // Ends a turn: makes what was decided durable in one commit and answers everything that waits.
  // The owner of the loop calls it whenever no handler is ready, and when `turn_is_due`.
  virtual void end_turn() = 0;

  // Why the store cannot serve writes now ("disk_full", "database_silent", "journal_not_read",
  // "store_failed"); empty when it can.
  virtual std::vector<std::string> not_ready() const = 0;
  // What somebody should know of a store that serves ("database_standalone").
  virtual std::vector<std::string> warnings() const { return {}; }
  virtual StoreStatistics statistics() const = 0;
};

}  // namespace ringbook
