// Everything that must hold of a folder of this engine, checked without changing a byte of it.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "directory/upkeep.h"

namespace ringbook {

namespace sqlite {
// How damage is mended that only a backup can mend.
inline constexpr const char* mend_contents =
    "keep the folder under another name, and bring back the last backup with `ringbook restore`";
}  // namespace sqlite

// Tells `found` everything that is wrong with the files in `folder`. They are copied into a folder
// of its own below `scratch` first and the copy is checked, because SQLite writes beside whatever
// it opens. Errors: locked (a process has the folder), no_space and unavailable (the copy cannot be
// made; nothing was checked).
// Cost: room for the files in `scratch`; memory for users and numbers, not for changes.
Result<Inspection> inspect_sqlite(const std::filesystem::path& folder,
                                  const std::filesystem::path& scratch, const OnFinding& found,
                                  const OnUpkeepStep& step);

}  // namespace ringbook
