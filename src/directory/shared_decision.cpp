#include "directory/shared_decision.h"

#include <algorithm>
#include <utility>

#include "base/distinct.h"

namespace ringbook {
namespace {

bool assigns(const Edit& edit) {
  return edit.number == Edit::Number::assign;
}

}  // namespace

// --- looking -------------------------------------------------------------------------------------

bool SharedLook::begin(std::span<const ChangeSet> sets) {
  look_ = {};
  const auto want = [&](const UserId& user) {
    if (!seen_.users.contains(user)) {
      look_.users.push_back(user);
    }
  };
  for (const ChangeSet& set : sets) {
    for (const Edit& edit : set.edits) {
      want(edit.user);
      if (!assigns(edit)) {
        continue;
      }
      if (const auto holder = registry_.extension(*edit.extension).holder) {
        want(*holder);
      }
      if (!std::ranges::binary_search(seen_.numbers, *edit.extension)) {
        look_.numbers.push_back(*edit.extension);
      }
    }
  }
  keep_distinct(look_.users);
  keep_distinct(look_.numbers);
  for (const UserId& user : look_.users) {
    seen_.users.emplace(user, expect(user));
  }
  return !look_.users.empty() || !look_.numbers.empty();
}

SeenUsers::Document SharedLook::expect(UserId user) const {
  return {.seen = {.id = user},
          .version = fold_.version_of(user),
          .must_exist = registry_.user(user) && !fold_.may_create(user)};
}

void SharedLook::add(std::vector<SeenUser> found) {
  for (SeenUser& user : found) {
    const UserId id = user.id;
    if (user.number) {
      seen_.by_number.emplace(*user.number, id);
    }
    // Whoever was not asked for shows a number: nothing is concluded from what the fold said.
    seen_.users.try_emplace(id, SeenUsers::Document{}).first->second.seen = std::move(user);
  }
  seen_.numbers.insert(seen_.numbers.end(), look_.numbers.begin(), look_.numbers.end());
  keep_distinct(seen_.numbers);
  look_ = {};
}

Conflict conflict_with(const SeenUser& holder, std::uint32_t edit, const Registry& registry) {
  Conflict conflict{edit,         *holder.number,     holder.id,
                    std::nullopt, registry.last_at(), registry.suggest(*holder.number)};
  if (holder.profile) {
    conflict.holder_name = holder.profile.unpack().name;
  }
  return conflict;
}

// --- deciding ------------------------------------------------------------------------------------

Result<Outcome> SharedDecision::decide(const ChangeSet& set) {
  reconcile(set);
  if (auto absent = find_absent(set)) {
    return *std::move(absent);
  }
  if (auto can = check_can_show(set); !can) {
    return std::unexpected(std::move(can.error()));
  }
  if (auto conflict = find_foreign_conflict(set)) {
    return *std::move(conflict);
  }
  return add(set);
}

Result<Outcome> SharedDecision::add(const ChangeSet& set) {
  const std::size_t begin = batch_.changes.size();
  auto outcome = registry_.decide(set, now_, batch_.changes);
  if (batch_.changes.size() > begin) {
    batch_.sets.push_back({.issuer = set.issuer,
                           .subject = set.subject,
                           .request_id = set.request_id,
                           .begin = begin,
                           .end = batch_.changes.size()});
  }
  return outcome;
}

const SeenUsers::Document* SharedDecision::seen(UserId user) const {
  const auto found = seen_.users.find(user);
  return found != seen_.users.end() ? &found->second : nullptr;
}

// Whether a foreign hand deleted the document of one whom the fold knows.
bool SharedDecision::is_gone(UserId user) const {
  const auto* document = seen(user);
  return document != nullptr && document->must_exist && !document->seen.exists &&
         document->version == fold_.version_of(user);
}

// Whether the holder's document shows that a foreign hand changed the number: it has been brought
// to what the fold says, and says something else.
bool SharedDecision::is_stale(UserId user, Extension number) const {
  const auto* document = seen(user);
  return document != nullptr && document->seen.exists &&
         document->seen.version == fold_.version_of(user) && document->seen.number != number;
}

// Somebody whose number was just released because of this is in the registry still.
std::optional<Outcome> SharedDecision::find_absent(const ChangeSet& set) const {
  for (std::uint32_t i = 0; i < set.edits.size() && people_ == People::adopted; ++i) {
    const auto* document = seen(set.edits[i].user);
    if (document != nullptr && !document->seen.exists) {
      Outcome outcome;
      outcome.kind = Outcome::Kind::not_found;
      outcome.edit = i;
      return outcome;
    }
  }
  return std::nullopt;
}

Result<void> SharedDecision::check_can_show(const ChangeSet& set) const {
  for (const Edit& edit : set.edits) {
    const auto* document = seen(edit.user);
    if (assigns(edit) && document != nullptr && document->seen.exists && !document->seen.can_show) {
      return fail(Errc::unavailable,
                  "no number can be set in the document of user " + edit.user.text());
    }
  }
  return {};
}

std::optional<Outcome> SharedDecision::find_foreign_conflict(const ChangeSet& set) const {
  for (std::uint32_t i = 0; i < set.edits.size(); ++i) {
    const Edit& edit = set.edits[i];
    if (!assigns(edit)) {
      continue;
    }
    const bool can_be = edit.person != Edit::Person::keep || registry_.user(edit.user);
    const auto [begin, end] = seen_.by_number.equal_range(*edit.extension);
    for (auto shower = begin; shower != end; ++shower) {
      const UserId id = shower->second;
      const SeenUser& document = seen_.users.at(id).seen;
      const bool shows = document.exists && document.number == edit.extension && id != edit.user;
      const auto held = shows ? registry_.user(id) : std::nullopt;
      const bool is_foreign = shows && document.version == fold_.version_of(id) &&
                              (!held || held->extension != edit.extension);
      const bool gives_it_up = std::ranges::any_of(set.edits, [id](const Edit& e) {
        return e.user == id && e.number != Edit::Number::keep;
      });
      if (!can_be || !is_foreign || gives_it_up) {
        continue;
      }
      Outcome outcome;
      outcome.kind = Outcome::Kind::conflict;
      outcome.edit = i;
      outcome.conflict = conflict_with(document, i, registry_);
      return outcome;
    }
  }
  return std::nullopt;
}

// Ends what foreign hands have ended, as far as the set meets it.
void SharedDecision::reconcile(const ChangeSet& set) {
  for (const Edit& edit : set.edits) {
    if (is_gone(edit.user)) {
      release(edit.user, set.request_id);
    }
    if (!assigns(edit)) {
      continue;
    }
    const auto holder = registry_.extension(*edit.extension).holder;
    if (holder && (is_gone(*holder) || is_stale(*holder, *edit.extension))) {
      release(*holder, set.request_id);
    }
  }
}

// Releases the number of one whom a foreign hand took it from; who is gone is removed, too, where
// people are ours.
void SharedDecision::release(UserId user, const std::string& request_id) {
  ChangeSet set;
  set.issuer = own_issuer;
  set.subject = reconciler;
  set.request_id = request_id;
  Edit& edit = set.edits.emplace_back();
  edit.user = user;
  edit.number = Edit::Number::release;
  if (is_gone(user) && people_ == People::own) {
    edit.person = Edit::Person::remove;
  }
  static_cast<void>(add(set));  // Nothing to release is fine, too.
}

}  // namespace ringbook
