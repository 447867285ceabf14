// A new folder of this engine from the changes and the people that another engine hands over.
//
// The marker is written first and the id of `directory.db` last, so that whatever a kill leaves is
// a folder that no engine takes.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "directory/batch.h"
#include "directory/directory_writer.h"
#include "directory/registry.h"
#include "store/sqlite/files.h"
#include "store/sqlite/people_writer.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/turns.h"

namespace ringbook::sqlite {

class FolderWriter final : public DirectoryWriter {
 public:
  // In a folder that has no databases. Errors: those of open_file.
  static Result<std::unique_ptr<FolderWriter>> begin(const SqliteSettings& target);

  Result<void> add(RecordedChange change) override;
  Result<void> describe(UserId user, const PackedProfile& profile) override;
  Result<BackupSummary> finish(Instant taken_at) override;

 private:
  FolderWriter(FolderId id, std::unique_ptr<Connection> journal, std::unique_ptr<Connection> people)
      : id_(id), journal_(std::move(journal)), people_(std::move(people)) {}
  Result<void> prepare();
  Result<void> end_set();
  Result<void> flush();
  Result<void> write_turns();

  FolderId id_;
  std::unique_ptr<Connection> journal_;
  std::unique_ptr<Connection> people_;
  TurnWriter turns_;
  PeopleWriter fold_;
  Statement put_profile_;
  Registry registry_;
  Batch batch_;               // What is not written yet: whole sets, and the beginning of one.
  std::size_t replayed_ = 0;  // So many of its changes.
  std::map<UserId, std::uint32_t> slots_;
  std::unique_ptr<Transaction> describing_;
};

// Gives every change of a folder's journal, in order and without profiles. Needs that nobody writes
// meanwhile. Errors: damaged, those of SQLite, and those of `each`.
Result<void> read_changes(const SqliteSettings& source,
                          const std::function<Result<void>(RecordedChange)>& each);

}  // namespace ringbook::sqlite
