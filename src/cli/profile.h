// Profiles between arguments, answers and request bodies.
#pragma once

#include <string>

#include "cli/client.h"
#include "cli/commands.h"
#include "directory/user.h"

namespace ringbook {

Profile profile_of(const UserView& user);
// Errors: usage, naming the flag whose text is no UTF-8.
Result<void> check_texts(const ProfileArguments& arguments);
bool gives_anything(const ProfileArguments& arguments);
// `profile` with what the arguments give; an empty text clears a member, `role` to "user".
Profile overlaid(Profile profile, const ProfileArguments& arguments);
// The body of PUT /v1/users/{userId}.
std::string profile_body(const Profile& profile);

}  // namespace ringbook
