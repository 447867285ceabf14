#include "store/sqlite/backup.h"

#include <string>

#include "base/file.h"
#include "base/limits.h"
#include "store/sqlite/backup_file.h"
#include "store/sqlite/files.h"
#include "store/sqlite/people.h"
#include "store/sqlite/snapshot_pair.h"
#include "store/sqlite/turns.h"

namespace ringbook {
namespace {

using sqlite::Connection;
using sqlite::CopiedTable;
using sqlite::TableDigest;

// Writes out what the system still holds of a file, so that it does not come all at once and make
// the commits of a server on the same disk wait.
Result<void> sync_file(const std::filesystem::path& path) {
  const auto file = File::open(path, O_RDONLY);
  return file ? file->sync() : std::unexpected(file.error());
}

class Backup {
 public:
  Backup(sqlite::SnapshotPair& source, Connection& target, const OnUpkeepStep& step)
      : source_(source), target_(target), step_(step) {}

  Result<BackupSummary> take(Instant now, const std::filesystem::path& file) {
    const auto last = source_.begin();
    if (!last) {
      return std::unexpected(last.error());
    }
    summary_ = {.taken_at = now, .last_change = *last};
    for (auto part : {&Backup::copy_what_is_forgotten, &Backup::copy_people}) {
      if (auto done = (this->*part)(); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
    if (auto done = copy_turns(file); !done) {
      return std::unexpected(std::move(done.error()));
    }
    if (auto done = write_manifest(); !done) {
      return std::unexpected(std::move(done.error()));
    }
    return summary_;
  }

 private:
  Result<void> copy(Connection& from, const CopiedTable& table) {
    TableDigest digest;
    const std::string phase = std::string("copying ") + table.in_backup;
    const auto done = sqlite::copy_rows(
        from, table.in_source, target_, table.in_backup, digest, [&](const sqlite::Statement&) {
          step_({.phase = phase, .unit = "rows", .done = digest.rows});
          return true;
        });
    return done ? write_contents(table, digest) : std::unexpected(done.error());
  }

  // What the journal does not keep for ever; after it the journal's snapshot is not needed.
  Result<void> copy_what_is_forgotten() {
    auto done = copy(source_.journal(), sqlite::kept_profiles_table);
    source_.end_journal();
    return done;
  }

  Result<void> copy_people() {
    const auto included = sqlite::included_in(source_.people());
    if (!included) {
      return std::unexpected(included.error());
    }
    included_ = *included;
    for (const CopiedTable& table : sqlite::people_tables) {
      if (auto done = copy(source_.people(), table); !done) {
        return done;
      }
    }
    source_.end_people();
    const auto users = target_.query_integer("SELECT count(*) FROM users WHERE present");
    const auto extensions = target_.query_integer("SELECT count(extension) FROM users");
    if (!users || !extensions) {
      return std::unexpected(users ? extensions.error() : users.error());
    }
    summary_.users = static_cast<std::uint64_t>(*users);
    summary_.extensions = static_cast<std::uint64_t>(*extensions);
    return {};
  }

  // Turns never change, so they are read in slices, each a snapshot of its own.
  Result<void> copy_turns(const std::filesystem::path& file) {
    TableDigest digest;
    while (copied_ < summary_.last_change) {
      slice_ = 0;
      const auto done = sqlite::copy_rows(
          source_.journal(), sqlite::turns_table.in_source, target_, sqlite::turns_table.in_backup,
          digest, [&](const sqlite::Statement& row) { return take_turn(row); });
      if (!done) {
        return std::unexpected(done.error());
      }
      if (*done && copied_ < summary_.last_change) {
        return lacks_changes();
      }
      if (auto synced = sync_file(file); !synced) {
        return synced;
      }
    }
    return write_contents(sqlite::turns_table, digest);
  }

  static std::unexpected<Error> lacks_changes() {
    return fail(Errc::damaged,
                "the journal lacks changes; `ringbook doctor` says which, with no server running");
  }

  // Counts who is there with what the directory did not include yet laid over it; says whether the
  // slice has room for further turns.
  Result<bool> take_turn(const sqlite::Statement& row) {
    const auto first = static_cast<std::uint64_t>(row.integer(0));
    auto turn = sqlite::open_turn(first, row.bytes(1));
    if (!turn) {
      return std::unexpected(std::move(turn.error()));
    }
    if (first != copied_ + 1) {
      return lacks_changes();
    }
    auto more = turn->next();
    for (; more && *more; more = turn->next()) {
      if (const Change& change = turn->change(); change.sequence > included_) {
        summary_.users += (change.kind & Change::created) != 0 ? 1U : 0U;
        summary_.users -= (change.kind & Change::removed) != 0 ? 1U : 0U;
        summary_.extensions += change.to ? 1U : 0U;
        summary_.extensions -= change.from ? 1U : 0U;
      }
    }
    if (!more) {
      return std::unexpected(sqlite::damaged_turn(first, more.error()));
    }
    slice_ += turn->last() - copied_;
    copied_ = turn->last();
    const std::uint64_t total = summary_.last_change;
    step_({.phase = "copying changes", .unit = "changes", .done = copied_, .total = total});
    return copied_ < total && slice_ < limits::backup_slice;
  }

  Result<void> write_contents(const CopiedTable& table, const TableDigest& digest) {
    auto insert = target_.prepare("INSERT INTO contents VALUES(?1, ?2, ?3)");
    if (!insert) {
      return std::unexpected(std::move(insert.error()));
    }
    insert->bind_text(1, std::string_view(table.in_backup));
    insert->bind(2, digest.rows);
    insert->bind(3, digest.digest);
    return insert->run();
  }

  Result<void> write_manifest() {
    auto insert = target_.prepare("INSERT INTO manifest VALUES(1, ?1, ?2, ?3, ?4, ?5)");
    if (!insert) {
      return std::unexpected(std::move(insert.error()));
    }
    insert->bind(1, summary_.taken_at.ms);
    insert->bind(2, summary_.last_change);
    insert->bind(3, included_);
    insert->bind(4, summary_.users);
    insert->bind(5, summary_.extensions);
    return insert->run();
  }

  sqlite::SnapshotPair& source_;
  Connection& target_;
  const OnUpkeepStep& step_;
  BackupSummary summary_;
  std::uint64_t included_ = 0;
  std::uint64_t copied_ = 0;  // The last change of the turns that were copied.
  std::uint64_t slice_ = 0;   // How many changes of the present slice were.
};

}  // namespace

Result<BackupSummary> back_up_sqlite(const SqliteSettings& source, const std::filesystem::path& to,
                                     const Clock& clock, const OnUpkeepStep& step) {
  auto pair = sqlite::SnapshotPair::open(source);
  if (!pair) {
    return std::unexpected(std::move(pair.error()));
  }
  auto target = Connection::open(to, {.mode = Connection::Mode::draft});
  if (!target) {
    return std::unexpected(std::move(target.error()));
  }
  if (auto made = sqlite::migrate(**target, sqlite::backup_schema); !made) {
    return std::unexpected(std::move(made.error()));
  }
  sqlite::Transaction transaction(**target);
  if (auto begun = transaction.begin(); !begun) {
    return std::unexpected(std::move(begun.error()));
  }
  auto summary = Backup(**pair, **target, step).take(clock.now(), to);
  if (!summary) {
    return summary;
  }
  if (auto committed = transaction.commit(); !committed) {
    return std::unexpected(std::move(committed.error()));
  }
  if (auto synced = sync_file(to); !synced) {
    return std::unexpected(std::move(synced.error()));
  }
  return summary;
}

}  // namespace ringbook
