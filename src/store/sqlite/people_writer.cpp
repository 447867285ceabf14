#include "store/sqlite/people_writer.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "store/sqlite/tables.h"

namespace ringbook::sqlite {

Result<PeopleWriter> PeopleWriter::prepare(Connection& connection) {
  PeopleWriter writer;
  const std::pair<Statement*, const char*> statements[] = {
      {&writer.put_user_,
       "INSERT INTO users VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(slot) DO UPDATE SET "
       "present=?3, extension=?4, number_sequence=?5, since=?6, version=?7, updated=?8"},
      {&writer.touch_user_,
       "INSERT INTO users VALUES(?1, ?2, ?3, NULL, 0, 0, ?4, ?5) ON CONFLICT(slot) DO UPDATE SET "
       "present=?3, version=?4, updated=?5"},
      {&writer.put_profile_, "INSERT OR REPLACE INTO profiles VALUES(?1, ?2, ?3, ?4, ?5, ?6)"},
      {&writer.delete_profile_, "DELETE FROM profiles WHERE slot = ?1"},
      {&writer.put_released_, "INSERT OR REPLACE INTO released VALUES(?1, ?2)"},
      {&writer.delete_released_, "DELETE FROM released WHERE extension = ?1"},
      {&writer.set_included_, "UPDATE included SET sequence = ?1"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = connection.prepare(sql);
    if (!prepared) {
      return std::unexpected(std::move(prepared.error()));
    }
    *statement = std::move(*prepared);
  }
  return writer;
}

Result<void> PeopleWriter::fold(Connection& connection, std::span<const Change> changes,
                                const OnWritten& on_written,
                                const std::function<bool()>& may_commit) {
  Transaction transaction(connection);
  if (auto begun = transaction.begin(); !begun) {
    return begun;
  }
  if (auto done = write_users(changes, on_written); !done) {
    return done;
  }
  if (auto done = write_numbers(changes); !done) {
    return done;
  }
  set_included_.bind(1, changes.back().sequence);
  if (auto done = set_included_.run(); !done) {
    return done;
  }
  return may_commit() ? transaction.commit() : Result<void>();
}

Result<void> PeopleWriter::write_users(std::span<const Change> changes,
                                       const OnWritten& on_written) {
  std::vector<const Change*> by_slot(changes.size());
  std::transform(changes.begin(), changes.end(), by_slot.begin(),
                 [](const Change& c) { return &c; });
  std::sort(by_slot.begin(), by_slot.end(), [](const Change* a, const Change* b) {
    return std::pair(a->slot, a->sequence) < std::pair(b->slot, b->sequence);
  });
  for (auto begin = by_slot.begin(); begin != by_slot.end();) {
    const auto end = std::find_if(begin, by_slot.end(),
                                  [&](const Change* c) { return c->slot != (*begin)->slot; });
    if (auto done = write_user(std::span(begin, end)); !done) {
      return done;
    }
    begin = end;
    on_written(static_cast<std::uint64_t>(end - by_slot.begin()));
  }
  return {};
}

// All changes of one user, oldest first: only the last of each kind is written.
Result<void> PeopleWriter::write_user(std::span<const Change* const> changes) {
  const Change& last = *changes.back();
  const auto last_of = [&](unsigned kinds) -> const Change* {
    const auto found = std::find_if(changes.rbegin(), changes.rend(),
                                    [&](const Change* c) { return (c->kind & kinds) != 0; });
    return found != changes.rend() ? *found : nullptr;
  };
  const Change* person = last_of(Change::created | Change::edited | Change::removed);
  const Change* number = last_of(Change::number);
  const bool present = person == nullptr || (person->kind & Change::removed) == 0;
  Statement& statement = number != nullptr ? put_user_ : touch_user_;
  int at = 1;
  statement.bind(at++, std::int64_t{last.slot});
  bind_user_id(statement, at++, last.user);
  statement.bind(at++, std::int64_t{present});
  if (number != nullptr) {
    bind_extension(statement, at++, number->to);
    statement.bind(at++, number->sequence);
    statement.bind(at++, number->to ? number->at.ms : std::int64_t{0});
  }
  statement.bind(at++, last.sequence);
  statement.bind(at++, last.at.ms);
  if (auto done = statement.run(); !done || person == nullptr) {
    return done;
  }
  return write_profile(*person);
}

Result<void> PeopleWriter::write_profile(const Change& change) {
  if ((change.kind & Change::removed) != 0) {
    delete_profile_.bind(1, std::int64_t{change.slot});
    return delete_profile_.run();
  }
  put_profile_.bind(1, std::int64_t{change.slot});
  put_profile_.bind_text(2, change.profile.name());
  put_profile_.bind_text(3, change.profile.email());
  put_profile_.bind_text(4, change.profile.department());
  put_profile_.bind_text(5, change.profile.role());
  put_profile_.bind(6, std::int64_t{change.profile.active()});
  return put_profile_.run();
}

Result<void> PeopleWriter::write_numbers(std::span<const Change> changes) {
  struct Event {
    std::uint64_t packed;
    std::uint64_t set;
    bool is_assigned;  // Within one set every release comes before every assignment.
    bool was_released_before;
    std::uint64_t sequence;
    auto order() const { return std::tuple(packed, set, is_assigned, sequence); }
  };
  std::vector<Event> events;
  events.reserve(2 * changes.size());
  for (const Change& change : changes) {
    if ((change.kind & Change::number) == 0) {
      continue;
    }
    if (change.from) {
      events.push_back({change.from->packed(), change.set, false, true, change.sequence});
    }
    if (change.to) {
      events.push_back(
          {change.to->packed(), change.set, true, change.previous_of_number != 0, change.sequence});
    }
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.order() < b.order(); });
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    if (i + 1 < events.size() && events[i + 1].packed == event.packed) {
      continue;  // Not its last state.
    }
    if (event.is_assigned && !event.was_released_before) {
      continue;  // It never was among the released.
    }
    Statement& statement = event.is_assigned ? delete_released_ : put_released_;
    statement.bind(1, event.packed);
    if (!event.is_assigned) {
      statement.bind(2, event.sequence);
    }
    if (auto done = statement.run(); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace ringbook::sqlite
