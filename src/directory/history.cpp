#include "directory/history.h"

#include <limits>

namespace ringbook {
namespace {

std::unexpected<Error> foreign() {
  return fail(Errc::invalid, "the cursor belongs to another history");
}

UserHistoryRow to_row(RecordedChange record) {
  const Change& change = record.change;
  return {change.at,
          change.from,
          change.to,
          std::move(record.issuer),
          std::move(record.subject),
          std::move(record.request_id),
          change.set};
}

// Predecessors that do not come before would make a walk endless.
std::unexpected<Error> turned_round() {
  return fail(Errc::damaged, "a history in the journal does not go backwards");
}

// Where a walk to `at` begins.
template <class Key>
Result<std::uint64_t> begin_of_walk(Key key, std::uint64_t newest, Instant at,
                                    JournalView& journal) {
  auto found = journal.find_after(key, at);
  return found && *found == 0 ? newest : found;
}

}  // namespace

Result<UserHistoryPage> walk_user_history(UserId user, HistoryCursor from, std::size_t limit,
                                          JournalView& journal) {
  UserHistoryPage page;
  for (page.next = from; page.next != 0 && page.rows.size() < limit;) {
    auto record = journal.read(page.next);
    if (!record) {
      return std::unexpected(std::move(record.error()));
    }
    const Change& change = record->change;
    if (change.user != user || (change.kind & Change::number) == 0) {
      return foreign();
    }
    page.next = change.previous_of_user;
    page.rows.push_back(to_row(*std::move(record)));
  }
  return page;
}

Result<ExtensionHistoryPage> walk_extension_history(Extension extension, HistoryCursor from,
                                                    std::size_t limit, JournalView& journal) {
  ExtensionHistoryPage page;
  for (page.next = from; page.next != 0 && page.rows.size() < limit;) {
    auto record = journal.read(page.next);
    if (!record) {
      return std::unexpected(std::move(record.error()));
    }
    if ((record->change.kind & Change::number) == 0) {
      return foreign();
    }
    ExtensionHistoryRow row{record->change.user, std::nullopt, record->change.at, std::nullopt};
    if (record->change.to != extension) {
      if (record->change.from != extension) {
        return foreign();
      }
      // A release: the holding began with the change of this user before it.
      row.to = record->change.at;
      record = journal.read(record->change.previous_of_user);
      if (!record) {
        return std::unexpected(std::move(record.error()));
      }
      if (record->change.to != extension) {
        return fail(Errc::damaged, "the history of extension " + extension.text() + " is broken");
      }
      row.from = record->change.at;
    }
    page.rows.push_back(std::move(row));
    page.next = record->change.previous_of_number;
  }
  return page;
}

Result<std::optional<UserHolding>> find_user_holding(UserId user, std::uint64_t newest, Instant at,
                                                     JournalView& journal) {
  auto next = begin_of_walk(user, newest, at, journal);
  if (!next) {
    return std::unexpected(std::move(next.error()));
  }
  std::optional<Instant> to;
  while (*next != 0) {
    auto page = walk_user_history(user, *next, 1, journal);
    if (!page) {
      return std::unexpected(std::move(page.error()));
    }
    UserHistoryRow& row = page->rows.front();
    if (row.at <= at) {
      return row.to ? std::optional(UserHolding{std::move(row), to}) : std::nullopt;
    }
    to = row.at;
    if (page->next >= *next) {
      return turned_round();
    }
    next = page->next;
  }
  return std::nullopt;
}

Result<std::optional<ExtensionHistoryRow>> find_extension_holding(Extension extension,
                                                                  std::uint64_t newest, Instant at,
                                                                  JournalView& journal) {
  auto next = begin_of_walk(extension, newest, at, journal);
  if (!next) {
    return std::unexpected(std::move(next.error()));
  }
  // Releases come before each other; an assignment may stand before the release that freed its
  // number, in the same change set.
  std::uint64_t release = std::numeric_limits<std::uint64_t>::max();
  while (*next != 0) {
    auto page = walk_extension_history(extension, *next, 1, journal);
    if (!page) {
      return std::unexpected(std::move(page.error()));
    }
    ExtensionHistoryRow& row = page->rows.front();
    if (row.from <= at) {
      return !row.to || *row.to > at ? std::optional(std::move(row)) : std::nullopt;
    }
    if (page->next >= release) {
      return turned_round();
    }
    next = release = page->next;
  }
  return std::nullopt;
}

}  // namespace ringbook
