#include "store/sqlite/people.h"

#include <algorithm>
#include <array>
#include <limits>
#include <thread>

#include "base/limits.h"
#include "store/sqlite/tables.h"

namespace ringbook::sqlite {
namespace {

constexpr std::string_view people_tables = R"(
  CREATE TABLE folder(id INTEGER NOT NULL) STRICT;
  CREATE TABLE included(one INTEGER PRIMARY KEY CHECK(one = 1), sequence INTEGER NOT NULL) STRICT;
  INSERT INTO included VALUES(1, 0);
)";
constexpr std::array<const char*, 1> people_steps{joined<people_tables, sql_of_people>.data()};

// A table of users is read once at a start and written in large slices; the pages of a million
// users without their profiles fit.
constexpr int people_cache_kib = 32 * 1024;

std::unexpected<Error> damaged_user(std::int64_t slot, const char* what) {
  return fail(Errc::damaged, "the user of slot " + std::to_string(slot) + " " + what);
}

std::optional<std::string_view> text_or_nothing(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.bytes(column));
}

// Of a row that begins with the columns of `users`.
Result<StoredState> state_of(const Statement& row, std::int64_t slot) {
  StoredState state;
  if (row.integer(0) != slot) {
    return damaged_user(slot, "is missing");
  }
  const auto id = user_id_of(row, 1);
  if (!id) {
    return damaged_user(slot, "has no id");
  }
  state.id = *id;
  state.is_present = row.integer(2) != 0;
  if (!row.is_null(3)) {
    state.extension = Extension::from_packed(static_cast<std::uint64_t>(row.integer(3)));
    if (!state.extension) {
      return damaged_user(slot, "holds a number that is no extension");
    }
  }
  state.number_sequence = static_cast<std::uint64_t>(row.integer(4));
  state.since = Instant{row.integer(5)};
  state.version = static_cast<std::uint64_t>(row.integer(6));
  state.updated_at = Instant{row.integer(7)};
  return state;
}

// Of a row that has the columns of `profiles` but the slot from `column` on; until the next step.
Result<ProfileView> profile_of(const Statement& row, int column, std::int64_t slot) {
  const ProfileView profile{.name = text_or_nothing(row, column),
                            .email = text_or_nothing(row, column + 1),
                            .department = text_or_nothing(row, column + 2),
                            .role = row.bytes(column + 3),
                            .active = row.integer(column + 4) != 0};
  if (problem_of(profile)) {
    return damaged_user(slot, "has a profile that breaks the rules");
  }
  return profile;
}

// Slots from the first to the last, both included.
struct Range {
  std::int64_t first;
  std::int64_t last;
};

// As many ranges as there are readers, whose rows together are all rows; none but the last ends
// within a chunk.
Result<std::vector<Range>> divide(Connection& people, std::size_t readers) {
  const auto last = people.query_integer("SELECT coalesce(max(slot), 0) FROM users");
  if (!last) {
    return std::unexpected(last.error());
  }
  constexpr auto chunk = static_cast<std::int64_t>(RegistryRows::chunk_rows);
  const std::int64_t share = *last / static_cast<std::int64_t>(readers) / chunk * chunk;
  std::vector<Range> ranges(readers);
  for (std::size_t i = 0; i < readers; ++i) {
    ranges[i].first = static_cast<std::int64_t>(i) * share;
    ranges[i].last = ranges[i].first + share - 1;
  }
  // Where there are too few users for all, or a slot that nobody can have, the ends take the rest.
  ranges.front().first = std::numeric_limits<std::int64_t>::min();
  ranges.back().last = std::numeric_limits<std::int64_t>::max();
  return ranges;
}

// The users of a range, each with its profile, by a walk through each of the two tables. Profiles
// of nobody are passed over.
Result<RestoredUsers> read_users(Connection& connection, Range range) {
  auto users = connection.prepare(
      "SELECT slot, id, present, extension, number_sequence, since, version, updated FROM users "
      "WHERE slot BETWEEN ?1 AND ?2 ORDER BY slot");
  auto profiles = connection.prepare(
      "SELECT slot, name, email, department, role, active FROM profiles "
      "WHERE slot BETWEEN ?1 AND ?2 ORDER BY slot");
  if (!users || !profiles) {
    return std::unexpected(users ? profiles.error() : users.error());
  }
  for (Statement* statement : {&*users, &*profiles}) {
    statement->bind(1, range.first);
    statement->bind(2, range.last);
  }
  RestoredUsers restored;
  auto has_profile = profiles->step();
  std::int64_t slot = std::max<std::int64_t>(range.first, 0);
  for (;; ++slot) {
    const auto has_user = users->step();
    if (!has_user) {
      return std::unexpected(has_user.error());
    }
    if (!*has_user) {
      break;
    }
    const auto state = state_of(*users, slot);
    if (!state) {
      return std::unexpected(state.error());
    }
    while (has_profile && *has_profile && profiles->integer(0) < slot) {
      has_profile = profiles->step();
    }
    if (!has_profile) {
      return std::unexpected(has_profile.error());
    }
    std::optional<ProfileView> profile;
    if (*has_profile && profiles->integer(0) == slot) {
      auto read = profile_of(*profiles, 1, slot);
      if (!read) {
        return std::unexpected(std::move(read.error()));
      }
      profile = *read;
    }
    if (auto added = restored.add(*state, profile); !added) {
      return std::unexpected(std::move(added.error()));
    }
  }
  if (range.last != std::numeric_limits<std::int64_t>::max() && slot <= range.last) {
    return damaged_user(slot, "is missing");
  }
  return restored;
}

// All users, in the order of their slots; each connection reads its share on a thread of its own.
Result<std::vector<RestoredUsers>> read_all_users(std::span<Connection* const> readers) {
  const auto ranges = divide(*readers.front(), readers.size());
  if (!ranges) {
    return std::unexpected(ranges.error());
  }
  std::vector<Result<RestoredUsers>> parts(readers.size());
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < readers.size(); ++i) {
      others.emplace_back([&, i] { parts[i] = read_users(*readers[i], (*ranges)[i]); });
    }
    parts.front() = read_users(*readers.front(), ranges->front());
  }
  std::vector<RestoredUsers> users;
  for (auto& part : parts) {
    if (!part) {
      return std::unexpected(std::move(part.error()));
    }
    users.push_back(std::move(*part));
  }
  return users;
}

Result<void> load_released(Connection& connection, Registry& registry) {
  auto released = connection.prepare("SELECT extension, sequence FROM released");
  if (!released) {
    return std::unexpected(std::move(released.error()));
  }
  while (true) {
    const auto row = released->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    if (!*row) {
      return {};
    }
    const auto extension = Extension::from_packed(static_cast<std::uint64_t>(released->integer(0)));
    if (!extension) {
      return fail(Errc::damaged, "a released number is no extension");
    }
    if (auto restored =
            registry.restore_released(*extension, static_cast<std::uint64_t>(released->integer(1)));
        !restored) {
      return restored;
    }
  }
}

}  // namespace

const Schema people_schema{0x52424431, people_steps};  // "RBD1"

const std::string_view select_users =
    "SELECT slot, id, present, extension, number_sequence, since, version, updated, name, email, "
    "department, role, active FROM users LEFT JOIN profiles USING(slot) ORDER BY slot";

Result<StoredUser> user_of(const Statement& row, std::int64_t slot) {
  auto state = state_of(row, slot);
  if (!state) {
    return std::unexpected(std::move(state.error()));
  }
  StoredUser user{*state, {}};
  constexpr int profile_column = 8;
  constexpr int role_column = profile_column + 3;
  if (!row.is_null(role_column)) {
    const auto profile = profile_of(row, profile_column, slot);
    if (!profile) {
      return std::unexpected(profile.error());
    }
    user.profile = PackedProfile(*profile);
  }
  return user;
}

Result<std::unique_ptr<Connection>> open_people(const FileSettings& settings) {
  return open_file(settings, people_schema, people_cache_kib);
}

Result<std::uint64_t> included_in(Connection& connection) {
  auto sequence = connection.query_integer("SELECT sequence FROM included");
  if (!sequence) {
    return std::unexpected(std::move(sequence.error()));
  }
  return static_cast<std::uint64_t>(*sequence);
}

Result<std::vector<std::unique_ptr<Connection>>> open_readers(const FileSettings& settings) {
  std::vector<std::unique_ptr<Connection>> readers;
  for (std::size_t i = 0; i < limits::start_readers; ++i) {
    auto reader =
        Connection::open(settings.file, {.vfs = settings.vfs, .mode = Connection::Mode::read_only});
    if (!reader) {
      return std::unexpected(std::move(reader.error()));
    }
    readers.push_back(std::move(*reader));
  }
  return readers;
}

Result<void> load_people(std::span<Connection* const> readers, Registry& registry,
                         std::uint64_t included, Instant at) {
  auto parts = read_all_users(readers);
  if (!parts) {
    return std::unexpected(std::move(parts.error()));
  }
  std::size_t users = 0;
  std::ranges::for_each(*parts, [&](const RestoredUsers& part) { users += part.size(); });
  registry.expect(users);
  for (RestoredUsers& part : *parts) {
    if (auto restored = registry.restore(std::move(part)); !restored) {
      return restored;
    }
  }
  if (auto loaded = load_released(*readers.front(), registry); !loaded) {
    return loaded;
  }
  return registry.restored(included, at);
}

}  // namespace ringbook::sqlite
