// Records of turns: octets are one record or damaged, what is read is written again as the same
// octets, and a change is the same however it is found.
#include "directory/turn_record.h"

#include <string>

#include "base/check.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

void check_damaged(std::string_view record) {
  const auto checked = check_turn_record(record);
  check(!checked && checked.error().code == Errc::damaged && !checked.error().detail.empty(),
        "what is no record is damaged and says why");
}

// Everything that the record says.
Batch read(std::string_view record) {
  Batch batch;
  auto cursor = TurnCursor::begin(record);
  check(cursor.has_value(), "a record can be begun");
  for (auto more = cursor->next(); *more; more = cursor->next()) {
    const Change& change = cursor->change();
    check(change.sequence == cursor->first() + batch.changes.size(), "sequences have no gap");
    check(change.set <= change.sequence && change.set != 0, "a set begins before its change");
    check(is_recordable(change) && !change.profile, "a change is one that is recorded");
    if (batch.changes.empty() || change.set == change.sequence) {
      batch.sets.push_back({std::string(cursor->issuer()), std::string(cursor->subject()),
                            std::string(cursor->request_id()), batch.changes.size(), 0});
    }
    batch.changes.push_back(change);
    batch.sets.back().end = batch.changes.size();
  }
  check(batch.changes.size() == cursor->last() - cursor->first() + 1, "no change is missing");
  return batch;
}

void check_seek(std::string_view record, const Change& change) {
  auto cursor = TurnCursor::begin(record);
  check(cursor->seek(change.sequence).has_value(), "a change is found");
  check(cursor->change().user == change.user && cursor->change().set == change.set &&
            cursor->change().at == change.at && cursor->change().to == change.to,
        "what is found is the change");
}

void run(std::string_view input) {
  if (!check_turn_record(input)) {
    check_damaged(input);
    return;
  }
  const Batch batch = read(input);
  std::string written;
  append_turn_record(batch, 0, batch.changes.size(), written);
  check(written == input, "a record is the only one for what it says");
  check_seek(input, batch.changes.front());
  check_seek(input, batch.changes.back());
  check_damaged(input.substr(0, input.size() - 1));
  check_damaged(written + '\0');
}

const Target target("turn_record", run);

}  // namespace
}  // namespace ringbook::fuzz
