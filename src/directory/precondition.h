// What must hold of a user for an edit to be done, or for a read to be answered.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "directory/user.h"

namespace ringbook {

// Of an edit it is checked in the same step as the edit, after conflicts and after "nothing would
// change" (docs/api.md says why in this order).
struct Precondition {
  enum class Match : std::uint8_t { none, any, one_of };
  Match if_match = Match::none;  // any: the user exists. one_of: its version is in the list.
  std::vector<Version> if_match_versions = {};
  Match if_none_match = Match::none;  // any: the user does not exist. one_of: version not in list.
  std::vector<Version> if_none_match_versions = {};

  // Whether each half holds for a user with this version; nothing when there is no such user.
  bool if_match_holds(std::optional<Version> version) const;
  bool if_none_match_holds(std::optional<Version> version) const;
  bool holds(std::optional<Version> version) const {
    return if_match_holds(version) && if_none_match_holds(version);
  }
};

}  // namespace ringbook
