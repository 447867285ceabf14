#include "cli/profile.h"

#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace ringbook {
namespace {

void overlay(std::optional<std::string>& member, const std::optional<std::string>& given) {
  if (given) {
    member = given->empty() ? std::nullopt : given;
  }
}

}  // namespace

Profile profile_of(const UserView& user) {
  return {.name = user.name,
          .email = user.email,
          .department = user.department,
          .role = user.role,
          .active = user.active};
}

Result<void> check_texts(const ProfileArguments& arguments) {
  const std::pair<const char*, const std::optional<std::string>*> texts[] = {
      {"--name", &arguments.name},
      {"--email", &arguments.email},
      {"--department", &arguments.department},
      {"--role", &arguments.role}};
  for (const auto& [flag, text] : texts) {
    if (*text && !count_code_points(**text)) {
      return fail(Errc::usage, std::string(flag) + ": what is given is not UTF-8");
    }
  }
  return {};
}

bool gives_anything(const ProfileArguments& arguments) {
  return arguments.name || arguments.email || arguments.department || arguments.role ||
         arguments.active;
}

Profile overlaid(Profile profile, const ProfileArguments& arguments) {
  overlay(profile.name, arguments.name);
  overlay(profile.email, arguments.email);
  overlay(profile.department, arguments.department);
  if (arguments.role) {
    profile.role = arguments.role->empty() ? Profile().role : *arguments.role;
  }
  if (arguments.active) {
    profile.active = *arguments.active;
  }
  return profile;
}

std::string profile_body(const Profile& profile) {
  std::string out = R"({"name":)";
  append_json_or_null(out, profile.name);
  out += R"(,"email":)";
  append_json_or_null(out, profile.email);
  out += R"(,"department":)";
  append_json_or_null(out, profile.department);
  out += R"(,"role":)";
  append_json_string(out, profile.role);
  out += profile.active ? R"(,"active":true})" : R"(,"active":false})";
  return out;
}

}  // namespace ringbook
