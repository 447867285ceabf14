// What can be told of an SQLite file and its write-ahead log from their bytes alone.
//
// SQLite takes the first frame of a log that does not fit its checksum for the end of the log, so
// damage in the middle of it looks like an ordinary end: what follows is lost without a word. Here
// it is told apart: an unclean end leaves no commit behind it, damage does.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "directory/upkeep.h"

namespace ringbook::sqlite {

// Tells what is wrong with the header of `database` and with its log, if there is one. Errors:
// unavailable (a file cannot be read). See: sqlite.org/fileformat2.html sections 1.3 and 4.
Result<void> check_bytes(const std::filesystem::path& database, const OnFinding& found);

}  // namespace ringbook::sqlite
