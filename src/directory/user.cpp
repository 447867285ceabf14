#include "directory/user.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

// Whether it is printable ASCII, as most texts are: nothing in it can be wrong but its length.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::optional<std::string> problem_of_text(std::string_view text, std::size_t most) {
  if (text.size() <= most && is_plain(text)) {
    return std::nullopt;
  }
  const auto length = count_code_points(text);
  if (!length) {
    return "is not valid UTF-8";
  }
  if (*length > most) {
    return "is longer than " + std::to_string(most) + " characters";
  }
  if (has_control_characters(text)) {
    return "holds a control character";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> problem_of_name(std::string_view text) {
  return problem_of_text(text, limits::name_chars);
}

std::optional<std::string> problem_of_department(std::string_view text) {
  return problem_of_text(text, limits::department_chars);
}

std::optional<std::string> problem_of_role(std::string_view text) {
  if (text.empty()) {
    return "is empty";
  }
  return problem_of_text(text, limits::role_chars);
}

std::optional<std::string> problem_of_email(std::string_view text) {
  return problem_of_text(text, limits::email_chars);
}

Profile to_profile(const ProfileView& view) {
  return {
      .name = view.name ? std::optional<std::string>(*view.name) : std::nullopt,
      .email = view.email ? std::optional<std::string>(*view.email) : std::nullopt,
      .department = view.department ? std::optional<std::string>(*view.department) : std::nullopt,
      .role = std::string(view.role),
      .active = view.active};
}

std::optional<std::string> problem_of(const ProfileView& profile) {
  if (profile.name) {
    if (auto problem = problem_of_name(*profile.name)) {
      return "name " + *problem;
    }
  }
  if (profile.email) {
    if (auto problem = problem_of_email(*profile.email)) {
      return "email " + *problem;
    }
  }
  if (profile.department) {
    if (auto problem = problem_of_department(*profile.department)) {
      return "department " + *problem;
    }
  }
  if (auto problem = problem_of_role(profile.role)) {
    return "role " + *problem;
  }
  return std::nullopt;
}

std::optional<std::string> problem_of(const Profile& profile) {
  return problem_of(profile.view());
}

}  // namespace ringbook
