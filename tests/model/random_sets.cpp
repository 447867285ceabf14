#include "model/random_sets.h"

#include <algorithm>

#include "contract/engine.h"

namespace ringbook::test {

RandomSets::RandomSets(std::uint64_t seed, std::uint32_t users, std::uint32_t numbers)
    : random_(seed) {
  for (std::uint32_t i = 0; i < users; ++i) {
    universe_.users.push_back(user_id(i));
  }
  // Up to the last number of its length, and some that differ by a leading zero alone.
  for (std::uint32_t i = 0; i < numbers; ++i) {
    const std::string digits = std::to_string(99 - i);
    universe_.numbers.push_back(number(i % 3 == 0 ? "0" + digits : digits));
  }
}

std::vector<ChangeSet> RandomSets::turn(const Model& model) {
  std::vector<ChangeSet> sets(1 + below(5));
  const std::vector<User> present = model.users();
  std::generate(sets.begin(), sets.end(), [&] { return set(present); });
  return sets;
}

ChangeSet RandomSets::set(const std::vector<User>& present) {
  ChangeSet set = change_set({}, "request-" + std::to_string(++sets_));
  set.subject = "admin-" + std::to_string(below(3));
  set.wants_user = one_in(2);
  std::vector<UserId> users = universe_.users;
  std::shuffle(users.begin(), users.end(), random_);
  const std::size_t edits = one_in(3) ? 2 + below(4) : 1;
  for (std::size_t i = 0; i < edits; ++i) {
    set.edits.push_back(edit(users[i]));
  }
  if (!present.empty() && one_in(4)) {
    // A ring in which everyone gives the number to the next: free of conflicts as a whole only.
    std::vector<User> ring = present;
    std::shuffle(ring.begin(), ring.end(), random_);
    ring.resize(std::min<std::size_t>(ring.size(), 2 + below(3)));
    set.edits.clear();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto& given = ring[(i + 1) % ring.size()].extension;
      set.edits.push_back(given ? assign(ring[i].id, *given) : release(ring[i].id));
    }
  }
  if (set.edits.size() == 1) {
    condition(set, present);
  }
  return set;
}

Edit RandomSets::edit(UserId user) {
  Edit edit;
  edit.user = user;
  static constexpr Edit::Person persons[] = {Edit::Person::keep,   Edit::Person::keep,
                                             Edit::Person::keep,   Edit::Person::put,
                                             Edit::Person::create, Edit::Person::remove};
  edit.person = persons[below(std::size(persons))];
  if (edit.person == Edit::Person::put || edit.person == Edit::Person::create) {
    edit.profile = profile();
  }
  if (edit.person != Edit::Person::remove && !one_in(4)) {
    edit.number = one_in(4) ? Edit::Number::release : Edit::Number::assign;
    edit.extension = any_of(universe_.numbers);
  }
  return edit;
}

Profile RandomSets::profile() {
  Profile profile;
  if (!one_in(4)) {
    profile.name = std::string(1 + below(40), 'n') + std::to_string(below(3));
  }
  if (one_in(2)) {
    profile.email = "mail" + std::to_string(below(3)) + "@example.com";
  }
  if (one_in(3)) {
    profile.department = "Support";
  }
  profile.active = !one_in(5);
  return profile;
}

void RandomSets::condition(ChangeSet& set, const std::vector<User>& present) {
  const UserId id = set.edits.front().user;
  const auto user =
      std::find_if(present.begin(), present.end(), [&](const User& u) { return u.id == id; });
  const Version version = user != present.end() ? user->version : 1 + below(100);
  using Match = Precondition::Match;
  static constexpr Match matches[] = {Match::none, Match::any, Match::one_of};
  if (one_in(3)) {
    set.precondition.if_match = matches[below(3)];
    set.precondition.if_match_versions = {version + below(2), version + 1000};
  }
  if (one_in(5)) {
    set.precondition.if_none_match = matches[below(3)];
    set.precondition.if_none_match_versions = {version + below(2)};
  }
  if (user != present.end() && one_in(6)) {
    set.read_only.version = version + (one_in(4) ? 1 : 0);
    set.read_only.updated_at = to_rfc3339(user->updated_at);
    set.read_only.extension = one_in(4) ? std::nullopt : user->extension;
  }
}

}  // namespace ringbook::test
