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

// SQLite takes any other version for the older way of writing, and then its connections to the same
// file may disagree on how to lock it. A file that is not there, or is shorter than a header, is
// for SQLite to judge. Not while this process has a connection to the file: to close it here would
// give up that connection's locks. Errors: damaged; unavailable (the file cannot be read).
Result<void> refuse_unknown_versions(const std::filesystem::path& database);

}  // namespace ringbook::sqlite
