// Journals and backups as tests change them behind the engine's back: their changes one by one, and
// the form that programs gave them until schema version 2, in a row for each change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "directory/history.h"

namespace ringbook::test {

// The changes of a journal or a backup, in order, without profiles.
std::vector<RecordedChange> changes_in(const std::filesystem::path& database);

// Makes these its changes, each in a turn of its own; milestones stay as they are.
void put_changes(const std::filesystem::path& database, const std::vector<RecordedChange>& changes);

// Changes the record of the turn that begins with this change.
void edit_record(const std::filesystem::path& database, std::uint64_t first,
                 const std::function<void(std::string&)>& edit);

// Makes of a closed folder's journal what a program with schema version 1 or 2 would have written.
void make_older_journal(const std::filesystem::path& folder, int version);
// Makes of a backup one of a program with schema version 1.
void make_older_backup(const std::filesystem::path& backup);

}  // namespace ringbook::test
