#include "directory/registry.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

std::uint8_t changed_fields(const ProfileView& from, const ProfileView& after) {
  unsigned fields = 0;
  const auto note = [&fields](bool differs, Change::Field field) {
    fields |= differs ? unsigned{field} : 0U;
  };
  note(from.name != after.name, Change::name);
  note(from.email != after.email, Change::email);
  note(from.department != after.department, Change::department);
  note(from.role != after.role, Change::role);
  note(from.active != after.active, Change::active);
  return static_cast<std::uint8_t>(fields);
}

// Something that stands in `values` twice. Sorting beats hashing: imports are large, and often in
// order.
template <class Value>
std::optional<Value> repeated(std::vector<Value> values) {
  if (!std::ranges::is_sorted(values)) {
    std::ranges::sort(values);
  }
  const auto found = std::ranges::adjacent_find(values);
  return found == values.end() ? std::nullopt : std::optional(*found);
}

Outcome refused(Outcome::Kind kind, std::size_t edit = 0) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.edit = static_cast<std::uint32_t>(edit);
  return outcome;
}

}  // namespace

Registry::Registry(std::size_t search_candidates) : search_(rows_, search_candidates) {}

std::uint32_t Registry::hash_of(std::uint64_t packed) {
  return static_cast<std::uint32_t>(mix(packed) >> 32);
}

std::uint32_t Registry::hash_of(const UserId& id) {
  std::uint64_t head = 0;
  std::uint32_t tail = 0;
  std::memcpy(&head, id.bytes().data(), sizeof head);
  std::memcpy(&tail, id.bytes().data() + sizeof head, sizeof tail);
  return hash_of(mix(head) ^ tail);
}

Registry::Slot Registry::find(const UserId& id) const {
  return by_id_.find(hash_of(id), [&](Slot slot) { return rows_[slot].id() == id; });
}

Registry::Slot Registry::find_present(const UserId& id) const {
  const Slot slot = find(id);
  return slot != nobody && rows_[slot].is_present() ? slot : nobody;
}

Registry::Slot Registry::add(const UserId& id) {
  const auto slot = static_cast<Slot>(rows_.size());
  rows_.add(Row(id));
  by_id_.insert(hash_of(id), slot);
  return slot;
}

Registry::Slot Registry::holder_of(Extension extension) const {
  return by_number_.find(hash_of(extension.packed()),
                         [&](Slot slot) { return rows_[slot].holds(extension); });
}

Registry::Released* Registry::find_released(std::uint64_t packed) {
  return released_.find(hash_of(packed), [&](const Released& r) { return r.packed == packed; });
}

std::uint64_t Registry::released_by(Extension extension) const {
  const std::uint64_t packed = extension.packed();
  const Released* released =
      released_.find(hash_of(packed), [&](const Released& r) { return r.packed == packed; });
  return released != nullptr ? released->sequence : 0;
}

// The order of refusals is part of the contract: who is missing, then members that cannot be
// written, then conflicts, then "nothing to do", then conditions; see docs/api.md.
Result<Outcome> Registry::decide(const ChangeSet& set, Instant now, std::vector<Change>& made) {
  if (set.edits.empty() || set.edits.size() > limits::change_set_edits) {
    return fail(Errc::invalid,
                "a change set has 1 to " + std::to_string(limits::change_set_edits) + " edits");
  }
  if (rows_.size() + set.edits.size() > limits::users) {
    return fail(Errc::overloaded, "the directory has no room for more users");
  }
  if (last_sequence_ + set.edits.size() > limits::changes) {
    return fail(Errc::overloaded, "the directory has no room for more changes");
  }
  if (set.edits.size() > 1) {
    std::vector<UserId> users(set.edits.size());
    std::ranges::transform(set.edits, users.begin(), &Edit::user);
    if (const auto user = repeated(std::move(users))) {
      return fail(Errc::invalid, "two edits of one change set are for user " + user->text());
    }
  }
  if (auto refusal = look(set)) {
    return std::move(*refusal);
  }
  if (auto refusal = find_conflicts(set)) {
    return std::move(*refusal);
  }
  const Slot first = plans_.front().slot;
  const bool exists = first != nobody && rows_[first].is_present();
  Outcome outcome;
  if (plans_nothing()) {
    outcome.kind = Outcome::Kind::unchanged;
    describe(set, first, outcome);
    return outcome;
  }
  if (!set.precondition.holds(exists ? std::optional(rows_[first].version()) : std::nullopt)) {
    outcome.kind = Outcome::Kind::precondition_failed;
    outcome.wanted = {set.edits.front()};
    if (exists) {
      outcome.version = rows_[first].version();
      outcome.user = to_user(rows_[first]);
    }
    return outcome;
  }
  outcome.created = set.edits.front().person != Edit::Person::remove && !exists;

  const std::size_t begin = made.size();
  if (set.edits.size() > limits::turn_changes) {
    made.reserve(begin + set.edits.size());
  }
  const std::uint64_t set_sequence = last_sequence_ + 1;
  last_at_ = std::max(last_at_, now);
  for (std::size_t i = 0; i < set.edits.size(); ++i) {
    Plan& plan = plans_[i];
    if (!plan.changes_person && !plan.changes_number) {
      continue;
    }
    plan.slot = plan.slot != nobody ? plan.slot : add(set.edits[i].user);
    Change& change = made.emplace_back(to_change(set.edits[i], plan));
    change.sequence = ++last_sequence_;
    change.set = set_sequence;
    change.at = last_at_;
    release_number(change);
  }
  // Only when every number of the set is released can the new holders be known to be alone.
  for (std::size_t i = begin; i < made.size(); ++i) {
    Change& change = made[i];
    if ((change.kind & Change::number) != 0 && change.to) {
      change.previous_of_number = released_by(*change.to);
    }
    take_effect(change);
  }
  outcome.changes = made.size() - begin;
  describe(set, plans_.front().slot, outcome);
  return outcome;
}

// Finds out what every edit would do; refuses those whose person is missing or already there.
std::optional<Outcome> Registry::look(const ChangeSet& set) {
  plans_.clear();
  plans_.resize(set.edits.size());
  for (std::size_t i = 0; i < set.edits.size(); ++i) {
    const Edit& edit = set.edits[i];
    Plan& plan = plans_[i];
    plan.slot = find(edit.user);
    const bool present = plan.slot != nobody && rows_[plan.slot].is_present();
    const auto current = present ? rows_[plan.slot].extension() : std::nullopt;
    switch (edit.person) {
      case Edit::Person::keep:
        if (!present) {
          return refused(Outcome::Kind::not_found, i);
        }
        break;
      case Edit::Person::remove:
        if (!present) {
          return refused(Outcome::Kind::not_found, i);
        }
        plan.changes_person = true;
        plan.changes_number = current.has_value();
        continue;
      case Edit::Person::create:
        if (present) {
          return refused(Outcome::Kind::already_exists, i);
        }
        [[fallthrough]];
      case Edit::Person::put:
        plan.profile = PackedProfile(edit.profile);
        plan.changes_person = !present || rows_[plan.slot].profile().view() != plan.profile.view();
        break;
    }
    plan.changes_number = (edit.number == Edit::Number::assign && current != edit.extension) ||
                          (edit.number == Edit::Number::release && current);
  }
  if (std::string member = differing_member(set.read_only, plans_.front().slot); !member.empty()) {
    Outcome outcome = refused(Outcome::Kind::read_only_differs);
    outcome.member = std::move(member);
    return outcome;
  }
  return std::nullopt;
}

std::optional<Outcome> Registry::find_conflicts(const ChangeSet& set) const {
  std::optional<Outcome> outcome;
  const auto add = [&](Conflict conflict) {
    if (!outcome) {
      outcome = refused(Outcome::Kind::conflict, conflict.edit);
      conflict.suggestions = suggest(conflict.wanted);
      outcome->conflict = std::move(conflict);
    } else {
      outcome->further_conflicts.push_back(std::move(conflict));
    }
  };
  if (set.edits.size() == 1) {
    if (auto conflict = conflict_of(set, 0)) {
      add(std::move(*conflict));
    }
    return outcome;
  }
  // Holders that give up their number in this very set are in nobody's way.
  std::unordered_set<Slot> leaving;
  for (const Plan& plan : plans_) {
    if (plan.changes_number && plan.slot != nobody) {
      leaving.insert(plan.slot);
    }
  }
  std::vector<Extension> numbers;
  numbers.reserve(set.edits.size());
  for (const Edit& edit : set.edits) {
    if (edit.number == Edit::Number::assign) {
      numbers.push_back(*edit.extension);
    }
  }
  const bool is_contested = repeated(std::move(numbers)).has_value();
  std::unordered_set<std::uint64_t> wanted;
  for (std::uint32_t i = 0; i < set.edits.size(); ++i) {
    const Edit& edit = set.edits[i];
    if (edit.number != Edit::Number::assign) {
      continue;
    }
    if (is_contested && !wanted.insert(edit.extension->packed()).second) {
      const auto other = std::find_if(set.edits.begin(), set.edits.end(), [&](const Edit& e) {
        return e.number == Edit::Number::assign && e.extension == edit.extension;
      });
      add(Conflict{i, *edit.extension, other->user, other->profile.name, last_at_, {}});
    } else if (auto conflict = conflict_of(set, i);
               conflict && !leaving.contains(find(conflict->holder))) {
      add(std::move(*conflict));
    }
  }
  return outcome;
}

// The present holder in the way of this edit, if there is one.
std::optional<Conflict> Registry::conflict_of(const ChangeSet& set, std::uint32_t edit) const {
  if (set.edits[edit].number != Edit::Number::assign || !plans_[edit].changes_number) {
    return std::nullopt;
  }
  const Extension wanted = *set.edits[edit].extension;
  const Slot slot = holder_of(wanted);
  if (slot == nobody) {
    return std::nullopt;
  }
  const Row& holder = rows_[slot];
  Conflict conflict{edit, wanted, holder.id(), std::nullopt, holder.since(), {}};
  if (const auto name = holder.profile().name()) {
    conflict.holder_name = std::string(*name);
  }
  return conflict;
}

std::vector<Extension> Registry::suggest(Extension wanted) const {
  std::vector<Extension> free;
  std::optional<Extension> candidate = wanted.next();
  for (std::size_t i = 0; i < limits::suggestions_looked_at && candidate; ++i) {
    if (holder_of(*candidate) == nobody) {
      free.push_back(*candidate);
      if (free.size() == limits::suggestions) {
        break;
      }
    }
    candidate = candidate->next();
  }
  return free;
}

std::string Registry::differing_member(const ReadOnlyMembers& members, Slot slot) const {
  const Row* row = slot != nobody && rows_[slot].is_present() ? &rows_[slot] : nullptr;
  if (members.version && (row == nullptr || *members.version != row->version())) {
    return "version";
  }
  if (members.updated_at &&
      (row == nullptr || *members.updated_at != to_rfc3339(row->updated_at()))) {
    return "updatedAt";
  }
  if (members.extension &&
      *members.extension != (row != nullptr ? row->extension() : std::nullopt)) {
    return "personalInformation";
  }
  return {};
}

bool Registry::plans_nothing() const {
  return std::none_of(plans_.begin(), plans_.end(),
                      [](const Plan& plan) { return plan.changes_person || plan.changes_number; });
}

// What the outcome says of the first edit's user as it now is.
void Registry::describe(const ChangeSet& set, Slot slot, Outcome& outcome) const {
  outcome.version = rows_[slot].version();
  if (set.wants_user && rows_[slot].is_present()) {
    outcome.user = to_user(rows_[slot]);
  }
}

Change Registry::to_change(const Edit& edit, Plan& plan) const {
  const Row& row = rows_[plan.slot];
  Change change;
  change.user = edit.user;
  change.slot = plan.slot;
  change.from = row.extension();
  change.to = change.from;
  unsigned kind = 0;
  if (plan.changes_number) {
    kind |= Change::number;
    change.to = edit.number == Edit::Number::assign && edit.person != Edit::Person::remove
                    ? edit.extension
                    : std::nullopt;
    change.previous_of_user = row.number_sequence();
  }
  if (edit.person == Edit::Person::remove) {
    kind |= Change::removed;
  } else if (plan.changes_person) {
    kind |= row.is_present() ? Change::edited : Change::created;
    change.fields = changed_fields(row.is_present() ? row.profile().view() : Profile{}.view(),
                                   plan.profile.view());
    change.profile = std::move(plan.profile);
  }
  change.kind = static_cast<std::uint8_t>(kind);
  return change;
}

}  // namespace ringbook
