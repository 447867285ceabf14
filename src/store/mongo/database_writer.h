// A new directory in a database, of own people, from the changes and the people that another engine
// hands over.
//
// The database says that it is being copied to until all is there, so that no instance takes it
// before. Changes that share their moment are one batch; a set that is too large for one is stored
// in parts, as instances do.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "directory/batch.h"
#include "directory/directory_writer.h"
#include "directory/registry.h"
#include "directory/shared_fold.h"
#include "store/mongo/driver.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

class DatabaseWriter final : public DirectoryWriter {
 public:
  // Lifetime: the connection outlives it. Errors: usage (something is there), unavailable.
  static Result<std::unique_ptr<DatabaseWriter>> begin(Connection& connection,
                                                       const Settings& settings, const Clock& clock,
                                                       Log& log);

  Result<void> add(RecordedChange change) override;
  Result<void> describe(UserId user, const PackedProfile& profile) override;
  // The database goes on saying that it is being copied to, until `change_keeper` says otherwise.
  Result<BackupSummary> finish(Instant taken_at) override;

 private:
  DatabaseWriter(Connection& connection, const Settings& settings, const Clock& clock);

  bool has_room_for(const Batch& more) const;
  Result<void> end_set();
  Result<void> end_batch();
  Result<void> insert(std::string_view collection, Bson document);
  Result<void> send_inserts();
  Result<void> send_people();

  Connection& connection_;
  const Settings& settings_;
  const Clock& clock_;
  Registry registry_;
  SharedFold fold_;
  Batch set_;    // The one whose end is not known yet.
  Batch batch_;  // Whole sets of one moment.
  std::vector<Bson> inserts_;
  std::string_view inserted_into_;
  std::size_t insert_bytes_ = 0;
  std::vector<Bson> people_;  // Statements.
};

}  // namespace ringbook::mongo
