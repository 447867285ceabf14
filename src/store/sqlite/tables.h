// What the databases of a folder and a backup of it have in common: tables, and how ids and numbers
// stand in them.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "directory/extension.h"
#include "directory/user_id.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

// Databases that exist are compared with these texts, octet for octet.
inline constexpr std::string_view sql_of_turns = R"(
  CREATE TABLE turns(first INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT;
)";
// What stood for the turns in schema version 2 of a journal and 1 of a backup, and before.
inline constexpr std::string_view sql_of_changes = R"(
  CREATE TABLE changes(
    sequence INTEGER PRIMARY KEY,
    change_set INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user BLOB NOT NULL,
    kind INTEGER NOT NULL,
    fields INTEGER NOT NULL,
    from_extension INTEGER,
    to_extension INTEGER,
    previous_of_user INTEGER NOT NULL,
    previous_of_number INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    request_id TEXT NOT NULL
  ) STRICT;
)";
inline constexpr std::string_view sql_of_people = R"(
  CREATE TABLE users(
    slot INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    present INTEGER NOT NULL,
    extension INTEGER,
    number_sequence INTEGER NOT NULL,
    since INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE profiles(
    slot INTEGER PRIMARY KEY,
    name TEXT,
    email TEXT,
    department TEXT,
    role TEXT NOT NULL,
    active INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE released(extension INTEGER PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
)";

// The parts as one text that ends with a NUL.
template <const std::string_view&... parts>
inline constexpr auto joined = [] {
  std::array<char, (parts.size() + ... + 1)> text{};
  auto end = text.begin();
  ((end = std::copy(parts.begin(), parts.end(), end)), ...);
  return text;
}();

// The id in a column; nothing when there is none.
std::optional<UserId> user_id_of(const Statement& row, int column);
void bind_user_id(Statement& statement, int index, const UserId& id);
void bind_extension(Statement& statement, int index, const std::optional<Extension>& extension);

}  // namespace ringbook::sqlite
