// Histories as walks through the journal: every change names the one before it of the same user and
// of the same number. So a page needs no index, and a moment only one to some of the changes, from
// which to walk.
//
// Cost: one read by primary key per row of a user's history, two per row of a number's. For a
// moment the rows since it, at most those down from the first that `find_after` knows.
#pragma once

#include <string>
#include <variant>

#include "base/error.h"
#include "directory/change.h"
#include "directory/store.h"

namespace ringbook {

// A change with the circumstances it shares with its change set.
struct RecordedChange {
  Change change;
  std::string issuer;
  std::string subject;
  std::string request_id;
};

// Whose changes a history is about.
using Touched = std::variant<UserId, Extension>;

// Everything the journal held at one moment.
class JournalView {
 public:
  virtual ~JournalView() = default;
  // Errors: damaged (there is no such change).
  virtual Result<RecordedChange> read(std::uint64_t sequence) = 0;
  // An early one of the changes after `at` of a user's number, or of those that gave a number to
  // anybody: in the mean no more than limits::milestone_distance of them lie between. 0 when none
  // is known, so that there are hardly more since.
  virtual Result<std::uint64_t> find_after(UserId user, Instant at) = 0;
  virtual Result<std::uint64_t> find_after(Extension extension, Instant at) = 0;
};

// From the change `from` backwards. Errors: invalid (`from` is no change of this number or user),
// and those of `read`.
Result<UserHistoryPage> walk_user_history(UserId user, HistoryCursor from, std::size_t limit,
                                          JournalView& journal);
// The rows' names are left out: only the registry knows them.
Result<ExtensionHistoryPage> walk_extension_history(Extension extension, HistoryCursor from,
                                                    std::size_t limit, JournalView& journal);

// What was held when everything up to and including `at` had happened; `newest` is the history's
// newest change, 0 when it is empty. The row's name is left out.
Result<std::optional<UserHolding>> find_user_holding(UserId user, std::uint64_t newest, Instant at,
                                                     JournalView& journal);
Result<std::optional<ExtensionHistoryRow>> find_extension_holding(Extension extension,
                                                                  std::uint64_t newest, Instant at,
                                                                  JournalView& journal);

}  // namespace ringbook
