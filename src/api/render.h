// The directory's values as the JSON of answers, members in the order that docs/api.md gives.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>

#include "directory/change.h"
#include "directory/store.h"

namespace ringbook::render {

std::string user(const User& user);
// `next` is the cursor of the following page; nothing when this is the last.
std::string users(const UserPage& page, const std::optional<std::string>& next);
std::string user_history(const UserHistoryPage& page, const std::optional<std::string>& next);
std::string extension_history(const ExtensionHistoryPage& page,
                              const std::optional<std::string>& next);
std::string user_holding(UserId user, const UserHoldingAt& found);
std::string extension_holding(Extension extension, const ExtensionHoldingAt& found);
std::string extension(const Extension& extension, const ExtensionState& state);
// {"at":…,"by":{"issuer":…,"subject":…}}
void append_last_change(std::string& out, const LastChange& change);
// {"issuer":…,"subject":…}
void append_actor(std::string& out, const std::string& issuer, const std::string& subject);

}  // namespace ringbook::render
