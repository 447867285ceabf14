#include "store/sqlite/people_check.h"

#include <utility>

#include "store/sqlite/inspect.h"
#include "store/sqlite/people.h"

namespace ringbook::sqlite {

void PeopleCheck::tell(std::string what) const {
  found_({.where = "directory.db", .what = std::move(what), .mend = mend_contents});
}

Result<std::optional<std::uint64_t>> PeopleCheck::read_included() {
  const auto rows = people_.query_integer("SELECT count(*) FROM included");
  const auto included = included_in(people_);
  if (!rows || !included) {
    return std::unexpected(rows ? included.error() : rows.error());
  }
  if (*rows != 1) {
    tell("it does not say which change it includes");
    return std::nullopt;
  }
  return *included;
}

Result<void> PeopleCheck::compare(const Ledger& ledger, std::uint64_t included,
                                  std::uint64_t next_set) {
  if (included > ledger.last_sequence()) {
    tell("it includes change " + std::to_string(included) + ", but the journal ends with " +
         std::to_string(ledger.last_sequence()));
    return {};
  }
  if (next_set != 0 && next_set <= included) {
    tell("it includes a part of change set " + std::to_string(next_set));
  }
  if (auto done = compare_users(ledger); !done) {
    return done;
  }
  return compare_released(ledger);
}

Result<void> PeopleCheck::compare_users(const Ledger& ledger) {
  auto rows = people_.prepare(select_users);
  auto profile = journal_.prepare("SELECT profile FROM profiles WHERE sequence = ?1");
  if (!rows || !profile) {
    return std::unexpected(rows ? profile.error() : rows.error());
  }
  const auto& expected = ledger.people();
  std::size_t slot = 0;
  for (;; ++slot) {
    auto row = rows->step();
    if (!row) {
      return std::unexpected(std::move(row.error()));
    }
    if (!*row) {
      break;
    }
    if (slot >= expected.size()) {
      tell("it has users whom the journal does not know");
      return {};
    }
    auto user = user_of(*rows, static_cast<std::int64_t>(slot));
    if (!user) {
      tell(user.error().detail);
      // After a row that is missing every further one would seem wrong.
      if (rows->integer(0) != static_cast<std::int64_t>(slot)) {
        return {};
      }
      continue;
    }
    if (auto done = compare_user(*user, expected[slot], *profile); !done) {
      return done;
    }
    step_({.phase = "comparing users", .unit = "users", .done = slot, .total = expected.size()});
  }
  if (slot < expected.size()) {
    tell("it lacks user " + expected[slot].id.text());
  }
  return {};
}

Result<void> PeopleCheck::compare_user(const StoredUser& user, const Ledger::Person& expected,
                                       Statement& profile) {
  const std::string name = "user " + user.id.text();
  const auto differs = [&](const char* what) {
    tell(name + ": " + what + " is not what the journal says");
  };
  if (user.id != expected.id) {
    tell(name + " stands where user " + expected.id.text() + " must");
    return {};
  }
  if (user.is_present != expected.is_present) {
    differs("whether there is such a person");
  }
  if ((user.extension ? user.extension->packed() : 0) != expected.extension) {
    differs("the number");
  }
  if (user.number_sequence != expected.number_sequence) {
    differs("the last change of the number");
  }
  if (user.since != expected.since) {
    differs("since when the number is held");
  }
  if (user.version != expected.version) {
    differs("the version");
  }
  if (user.updated_at != expected.updated_at) {
    differs("the time of the last change");
  }
  if (user.is_present != static_cast<bool>(user.profile)) {
    tell(name + (user.is_present ? " has no profile" : " is removed but has a profile still"));
  }
  if (!user.profile || expected.profile_sequence == 0) {
    return {};
  }
  // The journal forgets profiles some time after they are folded.
  profile.bind(1, expected.profile_sequence);
  auto kept = profile.step();
  if (!kept) {
    return std::unexpected(std::move(kept.error()));
  }
  if (*kept && user.profile.bytes() != profile.bytes(0)) {
    differs("the profile");
  }
  profile.reset();
  return {};
}

Result<void> PeopleCheck::compare_released(const Ledger& ledger) {
  auto rows = people_.prepare("SELECT extension, sequence FROM released");
  if (!rows) {
    return std::unexpected(std::move(rows.error()));
  }
  std::uint64_t right = 0;
  while (true) {
    auto row = rows->step();
    if (!row) {
      return std::unexpected(std::move(row.error()));
    }
    if (!*row) {
      break;
    }
    const auto packed = static_cast<std::uint64_t>(rows->integer(0));
    const std::uint64_t by = ledger.released_by(packed);
    if (by != 0 && by == static_cast<std::uint64_t>(rows->integer(1))) {
      ++right;
      continue;
    }
    const auto extension = Extension::from_packed(packed);
    tell("the released number " + (extension ? extension->text() : std::to_string(packed)) +
         " is not what the journal says");
  }
  if (right < ledger.released()) {
    tell("released numbers that are missing or wrong: " +
         std::to_string(ledger.released() - right));
  }
  return {};
}

Result<void> PeopleCheck::check_strays() {
  const auto strays = people_.query_integer(
      "SELECT count(*) FROM profiles WHERE slot NOT IN (SELECT slot FROM users)");
  if (!strays) {
    return std::unexpected(strays.error());
  }
  if (*strays != 0) {
    tell("profiles that belong to nobody: " + std::to_string(*strays));
  }
  return {};
}

}  // namespace ringbook::sqlite
