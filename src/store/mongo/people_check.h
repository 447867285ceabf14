// The documents of users, judged as their numbers would be adopted: what they show, who shows the
// same, and what keeps a number from being set.
//
// Invariants: 1. Every document is judged alone but for its number, which is judged against all
// that were taken before. 2. Of each kind of fault the first limits::findings_named are named.
// Cost: some 60 octets for each document that shows a number. Threads: one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "directory/extension.h"
#include "directory/registry.h"
#include "directory/shared_fold.h"
#include "directory/upkeep.h"
#include "store/mongo/bson.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

class PeopleCheck {
 public:
  // Lifetime: all of it outlives this.
  PeopleCheck(const Settings& settings, const Registry& registry, const SharedFold& fold)
      : settings_(settings), registry_(registry), fold_(fold) {}

  void take(const Bson& document);
  // Says what was found among all that were taken.
  void tell(const OnFinding& found) const;

  std::uint64_t users() const { return users_; }

 private:
  enum Kind : std::uint8_t {
    foreign_id,
    wrong_format,
    not_a_text,
    blocked_number,
    blocked_version,
    strange_version,
    not_adopted,
    changed,
    kinds
  };
  struct Cases {
    std::uint64_t count = 0;
    std::vector<std::string> named;
  };

  void note(Kind kind, std::string what);
  void take_number(const Bson& document, const std::string& who);
  void compare_with_fold(const Bson& document, const std::string& who);
  void tell_duplicates(const OnFinding& found) const;

  const Settings& settings_;
  const Registry& registry_;
  const SharedFold& fold_;
  std::uint64_t users_ = 0;
  std::array<Cases, kinds> cases_;
  std::unordered_map<std::uint64_t, std::vector<std::string>> holders_;  // By Extension::packed.
};

}  // namespace ringbook::mongo
