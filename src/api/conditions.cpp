#include "api/conditions.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/limits.h"

namespace ringbook {
namespace {

void skip_white_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

// Takes one entity tag off `text`: its characters without quotes, nothing when there is none.
std::optional<std::string_view> take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) {
    return std::nullopt;
  }
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view tag = text.substr(1, end - 1);
  if (!std::ranges::all_of(tag, is_tag_character)) {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return tag;
}

// The version that has this tag; nothing when none can.
std::optional<Version> version_of(std::string_view tag) {
  Version version = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  const bool is_canonical = error == std::errc() && end == tag.data() + tag.size() && tag[0] != '0';
  return is_canonical ? std::optional(version) : std::nullopt;
}

// The tag without what servers append to the tag of a body that they have compressed: "8-gzip" and
// "8;br" give "8".
std::string_view without_coding(std::string_view tag) {
  for (const std::string_view coding : {"gzip", "br", "zstd", "deflate"}) {
    if (tag.ends_with(coding)) {
      tag.remove_suffix(coding.size());
      const std::size_t end = tag.find_last_not_of("-;:");
      return tag.substr(0, end == tag.npos ? 0 : end + 1);
    }
  }
  return tag;
}

void note(std::string_view tag, bool is_weak, EntityTags& tags) {
  const auto version = version_of(tag);
  if (version) {
    (is_weak ? tags.weak : tags.versions).push_back(*version);
  }
  if ((is_weak || !version) && !tags.altered) {
    tags.altered = version_of(without_coding(tag));
  }
}

// Fills one condition from one field.
void read_field(std::string_view name, std::optional<std::string_view> field, bool takes_weak,
                Precondition::Match& match, std::vector<Version>& versions, Problems& problems) {
  if (!field) {
    return;
  }
  std::optional<EntityTags> tags = parse_entity_tags(*field);
  if (!tags) {
    problems.add(name, ProblemCode::invalid_format,
                 R"(Must be * or a list of entity tags such as "8".)");
    return;
  }
  match = tags->any ? Precondition::Match::any : Precondition::Match::one_of;
  versions = std::move(tags->versions);
  if (takes_weak) {
    versions.insert(versions.end(), tags->weak.begin(), tags->weak.end());
  }
}

}  // namespace

std::string entity_tag(Version version) {
  return '"' + std::to_string(version) + '"';
}

std::optional<EntityTags> parse_entity_tags(std::string_view field) {
  EntityTags tags;
  if (field == "*") {
    tags.any = true;
    return tags;
  }
  std::size_t count = 0;
  while (true) {
    skip_white_space(field);
    if (!field.empty() && field.front() != ',') {
      const bool is_weak = field.starts_with("W/");
      field.remove_prefix(is_weak ? 2 : 0);
      const std::optional<std::string_view> tag = take_quoted(field);
      if (!tag || ++count > limits::entity_tags) {
        return std::nullopt;
      }
      note(*tag, is_weak, tags);
      skip_white_space(field);
    }
    if (field.empty()) {
      return count > 0 ? std::optional(std::move(tags)) : std::nullopt;
    }
    if (field.front() != ',') {
      return std::nullopt;
    }
    field.remove_prefix(1);
  }
}

Precondition read_conditions(std::optional<std::string_view> if_match,
                             std::optional<std::string_view> if_none_match, Problems& problems) {
  Precondition condition;
  read_field("If-Match", if_match, false, condition.if_match, condition.if_match_versions,
             problems);
  read_field("If-None-Match", if_none_match, true, condition.if_none_match,
             condition.if_none_match_versions, problems);
  return condition;
}

}  // namespace ringbook
