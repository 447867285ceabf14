// Pages of lists: `limit`, and the opaque `cursor` that says where the next page begins.
//
// A cursor is the base64url form of one byte for its kind and of the place. It gives no rights and
// reveals nothing that the page before it did not show.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "api/problem.h"
#include "api/query.h"
#include "directory/store.h"
#include "directory/user_id.h"

namespace ringbook {

// Which history a cursor belongs to.
enum class History : char { of_user = 'h', of_extension = 'x' };

std::string users_cursor(UserId last_shown);
// Nothing for 0, the end of a history.
std::optional<std::string> history_cursor(History history, HistoryCursor next);

// The parameters `limit` and `cursor`: their defaults when absent, a problem when malformed.
std::size_t read_limit(const Query& query, Problems& problems);
std::optional<UserId> read_users_cursor(const Query& query, Problems& problems);
HistoryCursor read_history_cursor(History history, const Query& query, Problems& problems);
// For a cursor that is well formed and fits nothing.
void add_cursor_problem(Problems& problems);

}  // namespace ringbook
