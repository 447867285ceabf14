#include "store/mongo/person.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/check.h"
#include "directory/user.h"
#include "store/mongo/commands.h"

namespace ringbook::mongo {
namespace {

using Problem = std::optional<std::string> (*)(std::string_view);

// Whether all that the path leads through is documents, or absent from some point on: then what
// stands at its end can be set.
bool can_be_set(const Bson& document, std::string_view path) {
  for (auto end = path.find('.'); end != std::string_view::npos; end = path.find('.', end + 1)) {
    const auto parent = place_of(document, path.substr(0, end));
    if (!parent) {
      return true;
    }
    if (!is_document_at(*parent)) {
      return false;
    }
  }
  return true;
}

std::optional<std::string_view> usable_text(const Bson& document, std::string_view path,
                                            Problem problem_of_it) {
  const auto place = place_of(document, path);
  const auto text = place ? text_at(*place) : std::nullopt;
  return text && !problem_of_it(*text) ? text : std::nullopt;
}

ProfileView profile_of(const Bson& document, const Settings& settings) {
  const auto active = place_of(document, settings.active_path);
  const auto role = usable_text(document, settings.role_path, problem_of_role);
  return {.name = usable_text(document, settings.name_path, problem_of_name),
          .email = usable_text(document, settings.email_path, problem_of_email),
          .department = usable_text(document, settings.department_path, problem_of_department),
          .role = role.value_or("user"),
          .active = active ? flag_at(*active).value_or(true) : true};
}

// What one update sets and takes away.
class Edits {
 public:
  void text(std::string_view path, const std::optional<std::string_view>& value) {
    if (value) {
      set_.text(path, *value);
    } else {
      unset_.text(path, "");
    }
  }
  void version(const Publication& publication, const Settings& settings) {
    set_.number(settings.version_path, static_cast<std::int64_t>(publication.version));
  }
  void profile(const ProfileView& profile, const Settings& settings) {
    text(settings.name_path, profile.name);
    text(settings.email_path, profile.email);
    text(settings.department_path, profile.department);
    set_.text(settings.role_path, profile.role).flag(settings.active_path, profile.active);
  }

  Bson change() const {
    Bson out;
    out.document("$set", set_);
    if (!bson_empty(unset_.get())) {
      out.document("$unset", unset_);
    }
    return out;
  }

 private:
  Bson set_;
  Bson unset_;
};

// Needs no guard, so that every server finds the document by its _id alone.
Bson to_highest_version(const Publication& publication, const Settings& settings) {
  Bson version;
  version.number(settings.version_path, static_cast<std::int64_t>(publication.version));
  Bson change;
  change.document("$max", version);
  Bson id;
  id.id("_id", publication.user);
  return to_update(id, change);
}

}  // namespace

SeenUser to_seen(const Bson& document, const Settings& settings) {
  SeenUser out;
  const auto id = place_of(document, "_id");
  out.id = id ? id_at(*id).value_or(UserId()) : UserId();
  out.exists = true;
  if (const auto version = place_of(document, settings.version_path)) {
    out.version =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, number_at(*version).value_or(0)));
  }
  if (const auto shown = place_of(document, settings.number_path)) {
    const auto text = text_at(*shown);
    out.number = text ? Extension::parse(*text) : std::nullopt;
    out.shows_something_else = !out.number && !is_null_at(*shown);
  }
  out.can_show =
      can_be_set(document, settings.number_path) && can_be_set(document, settings.version_path);
  out.profile = PackedProfile(profile_of(document, settings));
  return out;
}

Bson fields_of_person(const Settings& settings) {
  // Whole parents, because a path that leads through a text is not shown at all, and no field
  // inside another of the projection, which servers refuse.
  Bson out;
  std::vector<std::string_view> tops;
  for (const std::string_view path :
       {std::string_view(settings.number_path), std::string_view(settings.version_path),
        std::string_view(settings.name_path), std::string_view(settings.email_path),
        std::string_view(settings.department_path), std::string_view(settings.role_path),
        std::string_view(settings.active_path)}) {
    const std::string_view top = path.substr(0, path.find('.'));
    if (std::ranges::find(tops, top) == tops.end()) {
      tops.push_back(top);
      out.small(top, 1);
    }
  }
  return out;
}

Bson guard_of(const Publication& publication, const Settings& settings) {
  Bson at_least;
  at_least.number("$gte", static_cast<std::int64_t>(publication.version));
  Bson below;
  below.document("$not", at_least);
  Bson out;
  out.id("_id", publication.user).document(settings.version_path, below);
  return out;
}

std::vector<Bson> to_statements(const Publication& publication, const Settings& settings) {
  Bson guard = guard_of(publication, settings);
  const std::optional<std::string> number =
      publication.number ? std::optional(publication.number->text()) : std::nullopt;
  Edits edits;
  edits.version(publication, settings);
  const bool has_profile = static_cast<bool>(publication.profile);
  if (has_profile) {
    edits.profile(publication.profile.view(), settings);
  }
  switch (publication.kind) {
    case Publication::Kind::show: {
      edits.text(settings.number_path, number);
      return {
          to_update(guard, edits.change(),
                    has_profile && publication.may_create ? Finds::one_or_makes_it : Finds::one)};
    }
    case Publication::Kind::take_off:
      edits.text(settings.number_path, std::nullopt);
      return {to_update(guard, edits.change())};
    case Publication::Kind::leave: {
      if (!number && !has_profile) {
        return {to_highest_version(publication, settings)};
      }
      const Bson version_alone = to_update(guard, edits.change());
      if (!number) {
        return {version_alone};
      }
      edits.text(settings.number_path, std::nullopt);
      return {to_update(guard.text(settings.number_path, *number), edits.change()), version_alone};
    }
    case Publication::Kind::remove: break;
  }
  check(false, "a removal is no update");
  return {};
}

Bson to_new_person(const Publication& publication, const Settings& settings) {
  Edits edits;
  edits.version(publication, settings);
  if (publication.number) {
    edits.text(settings.number_path, publication.number->text());
  }
  edits.profile(publication.profile.view(), settings);
  Bson id;
  id.id("_id", publication.user);
  return to_update(id, edits.change(), Finds::one_or_makes_it);
}

}  // namespace ringbook::mongo
