// From the two files to the present: what the fold included, then what the journal has beyond it.
#pragma once

#include <span>
#include <vector>

#include "directory/registry.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"

namespace ringbook::sqlite {

// Fills an empty registry and returns the changes that were not folded, with their slots. Each
// connection's own snapshot is read; those of people, one at least, see the same. Threads: as
// load_people. Errors: damaged (the files contradict each other or themselves), and those of
// SQLite.
Result<std::vector<Change>> replay(std::span<Connection* const> people, Connection& journal,
                                   Registry& registry);

// The same of a file that nobody writes meanwhile although it is open: read with connections of its
// own, which take no memory afterwards.
Result<std::vector<Change>> replay_files(const FileSettings& people, Connection& journal,
                                         Registry& registry);

}  // namespace ringbook::sqlite
