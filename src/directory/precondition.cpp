#include "directory/precondition.h"

#include <algorithm>
#include <utility>

namespace ringbook {
namespace {

// Whether the version is one of those that a field names.
bool is_named(Precondition::Match match, const std::vector<Version>& versions,
              std::optional<Version> version) {
  switch (match) {
    case Precondition::Match::none: return false;
    case Precondition::Match::any: return version.has_value();
    case Precondition::Match::one_of:
      return version && std::ranges::find(versions, *version) != versions.end();
  }
  std::unreachable();
}

}  // namespace

bool Precondition::if_match_holds(std::optional<Version> version) const {
  return if_match == Match::none || is_named(if_match, if_match_versions, version);
}

bool Precondition::if_none_match_holds(std::optional<Version> version) const {
  return !is_named(if_none_match, if_none_match_versions, version);
}

}  // namespace ringbook
