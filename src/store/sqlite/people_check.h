// `directory.db` against the journal, as far as it includes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "directory/stored_user.h"
#include "directory/upkeep.h"
#include "store/sqlite/database.h"
#include "store/sqlite/ledger.h"

namespace ringbook::sqlite {

class PeopleCheck {
 public:
  PeopleCheck(Connection& people, Connection& journal, const OnFinding& found,
              const OnUpkeepStep& step)
      : people_(people), journal_(journal), found_(found), step_(step) {}

  // The change that the file includes; nothing, after telling so, when it does not say. Errors:
  // those of SQLite.
  Result<std::optional<std::uint64_t>> read_included();

  // Tells what differs from the ledger, which stands at the change `included` or at the journal's
  // last; `next_set` is the set of the journal's next change, 0 when there is none. Errors: those
  // of SQLite.
  Result<void> compare(const Ledger& ledger, std::uint64_t included, std::uint64_t next_set);

  // Tells of rows that belong to nobody. Errors: those of SQLite.
  Result<void> check_strays();

 private:
  void tell(std::string what) const;
  Result<void> compare_users(const Ledger& ledger);
  Result<void> compare_user(const StoredUser& user, const Ledger::Person& expected,
                            Statement& profile);
  Result<void> compare_released(const Ledger& ledger);

  Connection& people_;
  Connection& journal_;
  const OnFinding& found_;
  const OnUpkeepStep& step_;
};

}  // namespace ringbook::sqlite
