// A person of the directory, and the rules for what a profile may hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "directory/extension.h"
#include "directory/user_id.h"

namespace ringbook {

// Whether there is such a text. An empty one is none: CSV could not tell them apart, and an export
// must import as it was.
inline bool is_given(const std::optional<std::string_view>& text) {
  return text && !text->empty();
}

// A profile wherever its texts may be.
struct ProfileView {
  std::optional<std::string_view> name;
  std::optional<std::string_view> email;
  std::optional<std::string_view> department;
  std::string_view role;
  bool active = true;
  bool operator==(const ProfileView&) const = default;
};

// Stored as sent, but for empty texts, which are none. `role` and `active` give no rights here.
struct Profile {
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::string> department;
  std::string role = "user";
  bool active = true;
  bool operator==(const Profile&) const = default;

  ProfileView view() const { return {name, email, department, role, active}; }
};

Profile to_profile(const ProfileView& view);

// The sequence in the journal of a user's last change; never repeats, also not across a deletion.
using Version = std::uint64_t;

struct User {
  UserId id;
  Profile profile;
  std::optional<Extension> extension;
  Version version = 0;
  Instant updated_at;
};

// Each says what is wrong with the text, as a sentence for people; nothing when it is acceptable.
// Control characters and too many code points are not. Needs valid UTF-8.
std::optional<std::string> problem_of_name(std::string_view text);
std::optional<std::string> problem_of_department(std::string_view text);
std::optional<std::string> problem_of_role(std::string_view text);  // Also: not empty.
std::optional<std::string> problem_of_email(std::string_view text);
// The first problem of a whole profile, as "name …".
std::optional<std::string> problem_of(const ProfileView& profile);
std::optional<std::string> problem_of(const Profile& profile);

}  // namespace ringbook
