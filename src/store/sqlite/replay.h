// From the two files to the present: what the fold included, then what the journal has beyond it.
#pragma once

#include <vector>

#include "directory/registry.h"
#include "store/sqlite/database.h"

namespace ringbook::sqlite {

// Fills an empty registry and returns the changes that were not folded, with their slots. Each
// connection's own snapshot is read. Errors: damaged (the files contradict each other or
// themselves), and those of SQLite.
Result<std::vector<Change>> replay(Connection& people, Connection& journal, Registry& registry);

}  // namespace ringbook::sqlite
