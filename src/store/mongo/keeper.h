// Who makes and removes the people of a database, as it was said when it was first used: an
// instance that believes otherwise would do harm.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "directory/shared_fold.h"
#include "store/mongo/driver.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

enum class Keeper : std::uint8_t {
  own,       // Ringbook.
  adopting,  // Another program; its numbers are being taken into the journal.
  adopted,   // Another program.
  copying,   // Ringbook, when all was copied there.
};

// What the database says; nothing when nobody has said it yet. Errors of form: an unknown word is
// a failure.
Result<std::optional<Keeper>> keeper_in(Connection& connection);
// Says it, and gives what stands there then: who said something else before was first.
Result<Keeper> say_keeper(Connection& connection, Keeper keeper);
// Goes on from `adopting` or `copying`.
Result<void> change_keeper(Connection& connection, Keeper keeper);
// Whether nobody has put people there, nor used the database for anything of Ringbook's but a copy
// that never came to its first change.
Result<bool> is_new(Connection& connection, const Settings& settings);
// Whether the journal has a batch.
Result<bool> has_journal(Connection& connection);

// "remove the collections … and copy again"
std::string how_to_copy_again(const Settings& settings);

// Whose people they are, with what the settings say of it; a database without people and journal is
// taken for ours, which is then said there. Errors: usage (nobody can tell, or settings and
// database contradict each other, or adopted people were not yet adopted: the detail says what to
// do), unavailable.
Result<People> settle_keeper(Connection& connection, const Settings& settings,
                             std::optional<People> wanted);

}  // namespace ringbook::mongo
