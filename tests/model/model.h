// The directory said as simply as it can be: maps, copies and searches from end to end. Slow and
// obvious, it is what an engine's answers and state are compared with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "directory/change.h"
#include "directory/store.h"

namespace ringbook::test {

// The users and numbers that a comparison asks about.
struct Universe {
  std::vector<UserId> users;
  std::vector<Extension> numbers;
};

// Everything a directory answers about a universe, each question with its answer as text.
using State = std::map<std::string, std::string>;

// The questions on which two states differ, with both answers; empty when they agree.
std::string difference(const State& a, const State& b);

class Model {
 public:
  // What comes of the set; does it when it is accepted. Needs a set that is valid.
  Outcome apply(const ChangeSet& set, Instant now);

  State state(const Universe& universe) const;
  // Adds what was held at a moment, and by whom: the histories gone through from end to end.
  void add_moment(State& state, const Universe& universe, Instant at) const;
  Instant last_at() const { return last_at_; }
  std::uint64_t last_change() const { return last_change_; }
  // Present users in order of id.
  std::vector<User> users() const;

 private:
  struct Person {
    Profile profile;
    std::optional<Extension> extension;
    Instant since;
    Version version = 0;
    Instant updated_at;
  };
  struct Holding {
    UserId user;
    Instant from;
    std::optional<Instant> to;
  };
  using People = std::map<UserId, Person>;

  static std::optional<UserId> holder_of(const People& people, Extension extension);
  static User to_user(const People::value_type& entry);
  std::optional<Version> version_of(UserId id) const;
  People result_of(const ChangeSet& set) const;
  std::optional<Outcome> missing(const ChangeSet& set) const;
  std::optional<Outcome> conflicts(const ChangeSet& set, const People& result) const;
  std::string differing_member(const ChangeSet& set) const;
  void record(const ChangeSet& set, std::uint64_t set_sequence, const Edit& edit, People& result);

  People people_;
  std::map<UserId, std::vector<UserHistoryRow>> user_history_;  // Oldest first; of all ever known.
  std::map<Extension, std::vector<Holding>> number_history_;    // Oldest first.
  std::uint64_t last_change_ = 0;
  Instant last_at_;
};

// The outcome without what is promised only for sets of one edit: the details of a conflict.
Outcome comparable(Outcome outcome, const ChangeSet& set);

// Answers as text, for comparing and for reading.
std::string describe(const Outcome& outcome);
std::string describe(const Result<Outcome>& outcome);
std::string describe(const std::optional<User>& user);
std::string describe(const ExtensionState& state);
std::string describe(const UserHistoryRow& row);
std::string describe(const ExtensionHistoryRow& row);
std::string describe(const std::optional<UserHolding>& holding);

}  // namespace ringbook::test
