#include "store/sqlite/backup.h"

#include <string>

#include "base/file.h"
#include "base/limits.h"
#include "store/sqlite/backup_file.h"
#include "store/sqlite/files.h"
#include "store/sqlite/people.h"
#include "store/sqlite/snapshot_pair.h"

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
    if (auto done = copy_changes(file); !done) {
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
    auto done = sqlite::copy_rows(
        from, table.in_source, target_, table.in_backup, {}, digest,
        [&](std::uint64_t rows) { step_({.phase = phase, .unit = "rows", .done = rows}); });
    return done ? write_contents(table, digest) : done;
  }

  // What the journal does not keep for ever; after it the journal's snapshot is not needed.
  Result<void> copy_what_is_forgotten() {
    for (const CopiedTable& table : {sqlite::kept_profiles_table, sqlite::actors_table}) {
      if (auto done = copy(source_.journal(), table); !done) {
        return done;
      }
    }
    source_.end_journal();
    return {};
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
    return {};
  }

  // Changes never change, so they are read in slices, each a snapshot of its own.
  Result<void> copy_changes(const std::filesystem::path& file) {
    TableDigest digest;
    const std::uint64_t total = summary_.last_change;
    while (digest.rows < total) {
      const std::uint64_t before = digest.rows;
      const auto done = sqlite::copy_rows(
          source_.journal(), sqlite::changes_table.in_source, target_,
          sqlite::changes_table.in_backup,
          {.last = static_cast<std::int64_t>(total), .most = limits::backup_slice}, digest,
          [&](std::uint64_t rows) {
            step_({.phase = "copying changes", .unit = "changes", .done = rows, .total = total});
          });
      if (!done) {
        return done;
      }
      if (digest.rows == before || static_cast<std::uint64_t>(digest.last) != digest.rows) {
        return fail(Errc::damaged,
                    "the journal lacks changes; `ringbook doctor` says which, with no server "
                    "running");
      }
      if (auto synced = sync_file(file); !synced) {
        return synced;
      }
    }
    return write_contents(sqlite::changes_table, digest);
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

  // Counts who is there with what the directory did not include yet laid over it.
  Result<void> count_present() {
    const auto users = target_.query_integer(
        "SELECT (SELECT count(*) FROM users WHERE present) + "
        "(SELECT coalesce(sum((kind & 1 <> 0) - (kind & 4 <> 0)), 0) FROM changes "
        "WHERE sequence > " +
        std::to_string(included_) + ")");
    const auto extensions = target_.query_integer(
        "SELECT (SELECT count(extension) FROM users) + "
        "(SELECT coalesce(sum((to_extension IS NOT NULL) - (from_extension IS NOT NULL)), 0) "
        "FROM changes WHERE sequence > " +
        std::to_string(included_) + ")");
    if (!users || !extensions) {
      return std::unexpected(users ? extensions.error() : users.error());
    }
    summary_.users = static_cast<std::uint64_t>(*users);
    summary_.extensions = static_cast<std::uint64_t>(*extensions);
    return {};
  }

  Result<void> write_manifest() {
    if (auto counted = count_present(); !counted) {
      return counted;
    }
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
