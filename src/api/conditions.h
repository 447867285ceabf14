// Entity tags and conditional fields. A user's entity tag is its version in quotes: "8".
//
// See: RFC 9110 §8.8.3 and §13. If-None-Match compares weakly; in If-Match a weak tag never
// matches.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "directory/change.h"

namespace ringbook {

std::string entity_tag(Version version);

// What an If-Match or If-None-Match names.
struct EntityTags {
  bool any = false;               // "*"
  std::vector<Version> versions;  // Of the tags that could be one of ours.
  std::vector<Version> weak;      // Of those that could if they were not weak.
  // Of the first that was one of ours until a proxy that compresses changed it: it is weak, or ends
  // like "8-gzip".
  std::optional<Version> altered;
};

// Nothing unless `field` is "*" or a list of at least one and at most limits::entity_tags tags.
std::optional<EntityTags> parse_entity_tags(std::string_view field);

// What the two fields ask of a user; a malformed one becomes a problem.
Precondition read_conditions(std::optional<std::string_view> if_match,
                             std::optional<std::string_view> if_none_match, Problems& problems);

}  // namespace ringbook
