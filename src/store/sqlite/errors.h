// What errors of SQLite mean, told by their numbers.
#pragma once

#include <sqlite3.h>

#include <string_view>

#include "base/error.h"

namespace ringbook::sqlite {

// What SQLite said last on `connection`, with the file it is about.
Error last_error(sqlite3* connection, std::string_view file);

}  // namespace ringbook::sqlite
