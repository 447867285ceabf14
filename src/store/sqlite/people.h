// `directory.db`: the fold of the journal up to one change; who is in the directory, in the order
// of their slots.
//
// Invariants: 1. `included` and the rows it stands for change in one transaction. 2. Slots are
// dense from 0. 3. Only the fold writes, so replaying the journal from `included` gives the
// present. Threads: whoever owns the connection.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "directory/registry.h"
#include "store/sqlite/database.h"
#include "store/sqlite/files.h"

namespace ringbook::sqlite {

extern const Schema people_schema;

// As `open_file`.
Result<std::unique_ptr<Connection>> open_people(const FileSettings& settings);

// The last change the file includes.
Result<std::uint64_t> included_in(Connection& connection);

// Connections to read the file with at a start, while one that writes it stays open. Errors: those
// of Connection::open.
Result<std::vector<std::unique_ptr<Connection>>> open_readers(const FileSettings& settings);

// Puts everything the file holds into an empty registry, which then stands at the change
// `included`, made at `at`. All readers, one at least, see the same. Threads: each reader but the
// first is used on one of its own, which has ended when this returns. Errors: damaged, and those of
// SQLite.
Result<void> load_people(std::span<Connection* const> readers, Registry& registry,
                         std::uint64_t included, Instant at);

// A query of all users in the order of their slots, and the user of a row of it. Errors: damaged.
extern const std::string_view select_users;
Result<StoredUser> user_of(const Statement& row, std::int64_t slot);

}  // namespace ringbook::sqlite
