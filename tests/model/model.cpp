#include "model/model.h"

#include <algorithm>

namespace ringbook::test {
namespace {

using Kind = Outcome::Kind;
using Match = Precondition::Match;

Outcome refusal(Kind kind, std::size_t edit = 0) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.edit = static_cast<std::uint32_t>(edit);
  return outcome;
}

bool contains(const std::vector<Version>& versions, std::optional<Version> version) {
  return version && std::find(versions.begin(), versions.end(), *version) != versions.end();
}

bool holds(const Precondition& condition, std::optional<Version> version) {
  const bool matches =
      condition.if_match == Match::none || (condition.if_match == Match::any && version) ||
      (condition.if_match == Match::one_of && contains(condition.if_match_versions, version));
  const bool none_matches = condition.if_none_match == Match::none ||
                            (condition.if_none_match == Match::any && !version) ||
                            (condition.if_none_match == Match::one_of &&
                             !contains(condition.if_none_match_versions, version));
  return matches && none_matches;
}

std::string text(const std::optional<std::string>& value) {
  return value ? "'" + *value + "'" : "none";
}
std::string text(const std::optional<Extension>& value) {
  return value ? value->text() : "none";
}
std::string text(const std::optional<Instant>& value) {
  return value ? std::to_string(value->ms) : "none";
}

}  // namespace

// --- deciding ------------------------------------------------------------------------------------

Outcome Model::apply(const ChangeSet& set, Instant now) {
  if (auto refused = missing(set)) {
    return *refused;
  }
  if (std::string member = differing_member(set); !member.empty()) {
    Outcome refused = refusal(Kind::read_only_differs);
    refused.member = std::move(member);
    return refused;
  }
  People result = result_of(set);
  if (auto refused = conflicts(set, result)) {
    return *refused;
  }
  const UserId first = set.edits.front().user;
  const auto before = version_of(first);
  const auto changes = [&](const Edit& edit) {
    const auto old = people_.find(edit.user);
    const auto made = result.find(edit.user);
    return old == people_.end() || made == result.end() ||
           old->second.profile != made->second.profile ||
           old->second.extension != made->second.extension;
  };
  const bool is_unchanged = std::none_of(set.edits.begin(), set.edits.end(), changes);
  Outcome outcome = refusal(is_unchanged ? Kind::unchanged : Kind::applied);
  if (!is_unchanged) {
    if (!holds(set.precondition, before)) {
      outcome.kind = Kind::precondition_failed;
      outcome.version = before.value_or(0);
      if (before) {
        outcome.user = to_user(*people_.find(first));
      }
      return outcome;
    }
    outcome.created = set.edits.front().person != Edit::Person::remove && !before;
    last_at_ = std::max(last_at_, now);
    const std::uint64_t set_sequence = last_change_ + 1;
    for (const Edit& edit : set.edits) {
      if (changes(edit)) {
        ++outcome.changes;
        ++last_change_;
        record(set, set_sequence, edit, result);
        outcome.version = edit.user == first ? last_change_ : outcome.version;
      }
    }
    people_ = std::move(result);
  }
  if (const auto user = people_.find(first); user != people_.end()) {
    outcome.version = user->second.version;
    if (set.wants_user) {
      outcome.user = to_user(*user);
    }
  }
  return outcome;
}

// The result as if everything were allowed; it is what a set is judged by.
Model::People Model::result_of(const ChangeSet& set) const {
  People result = people_;
  for (const Edit& edit : set.edits) {
    if (edit.person == Edit::Person::remove) {
      result.erase(edit.user);
      continue;
    }
    Person& person = result[edit.user];
    if (edit.person != Edit::Person::keep) {
      person.profile = edit.profile;
    }
    if (edit.number != Edit::Number::keep) {
      person.extension = edit.number == Edit::Number::assign ? edit.extension : std::nullopt;
    }
  }
  return result;
}

std::optional<Outcome> Model::missing(const ChangeSet& set) const {
  for (std::size_t i = 0; i < set.edits.size(); ++i) {
    const Edit::Person person = set.edits[i].person;
    const bool exists = people_.contains(set.edits[i].user);
    if (!exists && (person == Edit::Person::keep || person == Edit::Person::remove)) {
      return refusal(Kind::not_found, i);
    }
    if (exists && person == Edit::Person::create) {
      return refusal(Kind::already_exists, i);
    }
  }
  return std::nullopt;
}

// An edit is in conflict when an earlier one wants the same number, or when someone holds it who
// still does in the result.
std::optional<Outcome> Model::conflicts(const ChangeSet& set, const People& result) const {
  std::optional<Outcome> outcome;
  for (std::uint32_t i = 0; i < set.edits.size(); ++i) {
    const Edit& edit = set.edits[i];
    if (edit.number != Edit::Number::assign) {
      continue;
    }
    const auto before = set.edits.begin() + i;
    const auto earlier = std::find_if(set.edits.begin(), before, [&](const Edit& e) {
      return e.number == Edit::Number::assign && e.extension == edit.extension;
    });
    std::optional<UserId> holder = holder_of(people_, *edit.extension);
    if (earlier != before) {
      holder = earlier->user;
    } else if (holder && (holder == edit.user || !result.contains(*holder) ||
                          result.at(*holder).extension != edit.extension)) {
      holder.reset();
    }
    if (!holder) {
      continue;
    }
    Conflict conflict{i, *edit.extension, *holder, std::nullopt, {}, {}};
    if (const auto person = people_.find(*holder); person != people_.end()) {
      conflict.holder_name = person->second.profile.name;
      conflict.since = person->second.since;
    }
    if (!outcome) {
      outcome = refusal(Kind::conflict, i);
      for (auto free = edit.extension->next(); free && conflict.suggestions.size() < 3;
           free = free->next()) {
        if (!holder_of(people_, *free)) {
          conflict.suggestions.push_back(*free);
        }
      }
      outcome->conflict = std::move(conflict);
    } else {
      outcome->further_conflicts.push_back(std::move(conflict));
    }
  }
  return outcome;
}

std::string Model::differing_member(const ChangeSet& set) const {
  const ReadOnlyMembers& members = set.read_only;
  const auto person = people_.find(set.edits.front().user);
  const bool exists = person != people_.end();
  if (members.version && (!exists || *members.version != person->second.version)) {
    return "version";
  }
  if (members.updated_at &&
      (!exists || *members.updated_at != to_rfc3339(person->second.updated_at))) {
    return "updatedAt";
  }
  if (members.extension &&
      *members.extension != (exists ? person->second.extension : std::nullopt)) {
    return "personalInformation";
  }
  return {};
}

// Notes one changed user under the sequence `last_change_`.
void Model::record(const ChangeSet& set, std::uint64_t set_sequence, const Edit& edit,
                   People& result) {
  const auto old = people_.find(edit.user);
  const auto made = result.find(edit.user);
  const auto from = old != people_.end() ? old->second.extension : std::nullopt;
  const auto to = made != result.end() ? made->second.extension : std::nullopt;
  std::vector<UserHistoryRow>& rows = user_history_[edit.user];
  if (made != result.end()) {
    made->second.version = last_change_;
    made->second.updated_at = last_at_;
  }
  if (from == to) {
    return;
  }
  rows.push_back({last_at_, from, to, set.issuer, set.subject, set.request_id, set_sequence});
  if (from) {
    // Another edit of the set may already have taken the number over.
    auto& holdings = number_history_[*from];
    const auto ended = std::find_if(holdings.begin(), holdings.end(),
                                    [&](const Holding& h) { return h.user == edit.user && !h.to; });
    ended->to = last_at_;
  }
  if (to) {
    made->second.since = last_at_;
    number_history_[*to].push_back({edit.user, last_at_, std::nullopt});
  }
}

// --- answering -----------------------------------------------------------------------------------

std::optional<UserId> Model::holder_of(const People& people, Extension extension) {
  const auto holder = std::find_if(people.begin(), people.end(), [&](const auto& entry) {
    return entry.second.extension == extension;
  });
  return holder != people.end() ? std::optional(holder->first) : std::nullopt;
}

std::optional<Version> Model::version_of(UserId id) const {
  const auto person = people_.find(id);
  return person != people_.end() ? std::optional(person->second.version) : std::nullopt;
}

User Model::to_user(const People::value_type& entry) {
  const Person& person = entry.second;
  return {entry.first, person.profile, person.extension, person.version, person.updated_at};
}

std::vector<User> Model::users() const {
  std::vector<User> users;
  std::transform(people_.begin(), people_.end(), std::back_inserter(users), to_user);
  return users;
}

State Model::state(const Universe& universe) const {
  State state;
  state["last change"] = std::to_string(last_change_);
  state["users"] = std::to_string(people_.size());
  for (const UserId& id : universe.users) {
    const auto person = people_.find(id);
    state["user " + id.text()] =
        describe(person != people_.end() ? std::optional(to_user(*person)) : std::nullopt);
    std::string& history = state["history of user " + id.text()];
    if (const auto rows = user_history_.find(id); rows != user_history_.end()) {
      std::for_each(rows->second.rbegin(), rows->second.rend(),
                    [&](const UserHistoryRow& row) { history += describe(row) + "; "; });
    } else {
      history = "not_found";
    }
  }
  for (const Extension& number : universe.numbers) {
    ExtensionState now;
    if (const auto holder = holder_of(people_, number)) {
      now = {*holder, people_.at(*holder).profile.name, people_.at(*holder).since};
    }
    state["number " + number.text()] = describe(now);
    std::string& history = state["history of number " + number.text()];
    const auto rows = number_history_.find(number);
    for (std::size_t i = rows != number_history_.end() ? rows->second.size() : 0; i > 0; --i) {
      const Holding& holding = rows->second[i - 1];
      const auto person = people_.find(holding.user);
      history +=
          describe(ExtensionHistoryRow{
              holding.user, person != people_.end() ? person->second.profile.name : std::nullopt,
              holding.from, holding.to}) +
          "; ";
    }
  }
  return state;
}

void Model::add_moment(State& state, const Universe& universe, Instant at) const {
  const std::string when = " at " + std::to_string(at.ms);
  for (const UserId& id : universe.users) {
    std::optional<UserHolding> held;
    const auto rows = user_history_.find(id);
    for (const UserHistoryRow& row :
         rows != user_history_.end() ? rows->second : std::vector<UserHistoryRow>()) {
      if (row.at <= at) {
        held = row.to ? std::optional(UserHolding{row, std::nullopt}) : std::nullopt;
      } else if (held && !held->to) {
        held->to = row.at;
      }
    }
    state["held by user " + id.text() + when] =
        rows != user_history_.end() ? describe(held) : "not_found";
  }
  for (const Extension& number : universe.numbers) {
    std::string& answer = state["holder of number " + number.text() + when];
    const auto holdings = number_history_.find(number);
    if (holdings == number_history_.end()) {
      continue;
    }
    for (const Holding& holding : holdings->second) {
      if (holding.from <= at && (!holding.to || *holding.to > at)) {
        const auto person = people_.find(holding.user);
        answer += describe(ExtensionHistoryRow{
            holding.user, person != people_.end() ? person->second.profile.name : std::nullopt,
            holding.from, holding.to});
      }
    }
  }
}

std::string difference(const State& a, const State& b) {
  std::string text;
  State all = a;
  all.insert(b.begin(), b.end());
  for (const auto& [question, ignored] : all) {
    const auto in_a = a.find(question);
    const auto in_b = b.find(question);
    const std::string answer_a = in_a != a.end() ? in_a->second : "(not asked)";
    const std::string answer_b = in_b != b.end() ? in_b->second : "(not asked)";
    if (answer_a != answer_b) {
      text += question + ":\n  " + answer_a + "\n  " + answer_b + "\n";
    }
  }
  return text;
}

// --- describing ----------------------------------------------------------------------------------

Outcome comparable(Outcome outcome, const ChangeSet& set) {
  if (outcome.conflict && set.edits.size() > 1) {
    outcome.conflict->holder_name.reset();
    outcome.conflict->since = {};
    outcome.conflict->suggestions.clear();
  }
  return outcome;
}

std::string describe(const Outcome& outcome) {
  static constexpr const char* names[] = {
      "applied",  "unchanged",         "not_found",          "already_exists",
      "conflict", "read_only_differs", "precondition_failed"};
  std::string line = names[static_cast<std::size_t>(outcome.kind)];
  line += " edit " + std::to_string(outcome.edit) + " version " + std::to_string(outcome.version) +
          (outcome.created ? " created" : "") + " changes " + std::to_string(outcome.changes);
  if (outcome.user) {
    line += " user " + describe(outcome.user);
  }
  if (const auto& conflict = outcome.conflict) {
    line += " wanted " + conflict->wanted.text() + " holder " + conflict->holder.text();
    line += " " + text(conflict->holder_name) + " since " + std::to_string(conflict->since.ms) +
            " suggested";
    for (const Extension& free : conflict->suggestions) {
      line += " " + free.text();
    }
    line += " further " + std::to_string(outcome.further_conflicts.size());
  }
  return line + " " + outcome.member;
}

std::string describe(const Result<Outcome>& outcome) {
  return outcome ? describe(*outcome) : std::string(name_of(outcome.error().code));
}

std::string describe(const std::optional<User>& user) {
  if (!user) {
    return "nobody";
  }
  const Profile& profile = user->profile;
  return text(profile.name) + " " + text(profile.email) + " " + text(profile.department) + " '" +
         profile.role + "' " + (profile.active ? "active" : "inactive") + " holds " +
         text(user->extension) + " version " + std::to_string(user->version) + " at " +
         std::to_string(user->updated_at.ms);
}

std::string describe(const ExtensionState& state) {
  return (state.holder ? state.holder->text() : "free") + " " + text(state.holder_name) +
         " since " + text(state.since);
}

std::string describe(const UserHistoryRow& row) {
  return std::to_string(row.at.ms) + " " + text(row.from) + " to " + text(row.to) + " by " +
         row.issuer + " " + row.subject + " for " + row.request_id + " in " +
         std::to_string(row.set);
}

std::string describe(const std::optional<UserHolding>& holding) {
  return holding ? describe(holding->given) + " until " + text(holding->to) : "nothing";
}

std::string describe(const ExtensionHistoryRow& row) {
  return row.user.text() + " " + text(row.name) + " from " + std::to_string(row.from.ms) + " to " +
         text(row.to);
}

}  // namespace ringbook::test
