// From a backup to the databases of a new folder.
//
// The marker is written first and `directory.db` in one transaction last, so that whatever a kill
// leaves lacks something that the marker promises.
#include <string>

#include "base/limits.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/backup_file.h"
#include "store/sqlite/files.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/people.h"

namespace ringbook {
namespace {

using sqlite::Connection;
using sqlite::CopiedTable;
using sqlite::TableDigest;

class Restore {
 public:
  Restore(Connection& backup, const SqliteSettings& target, const OnUpkeepStep& step)
      : backup_(backup), files_(sqlite::files_in(target.folder)), target_(target), step_(step) {}

  Result<BackupSummary> run() {
    for (auto part : {&Restore::check_pages, &Restore::read_manifest, &Restore::make_marker,
                      &Restore::make_journal, &Restore::make_people}) {
      if (auto done = (this->*part)(); !done) {
        return std::unexpected(std::move(done.error()));
      }
    }
    return summary_;
  }

 private:
  Result<void> check_pages() {
    step_({.phase = "checking the backup", .unit = "pages", .done = 0, .total = {}});
    auto rows = backup_.prepare("PRAGMA integrity_check(1)");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    const auto row = rows->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    return rows->bytes(0) == "ok" ? Result<void>{} : damaged(std::string(rows->bytes(0)));
  }

  static std::unexpected<Error> damaged(const std::string& what) {
    return fail(Errc::damaged, "the backup is damaged: " + what + "; use another one");
  }

  Result<void> read_manifest() {
    auto rows =
        backup_.prepare("SELECT taken_at, last_change, included, users, extensions FROM manifest");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    const auto row = rows->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    if (!*row) {
      return damaged("it has no manifest");
    }
    summary_ = {.taken_at = Instant{rows->integer(0)},
                .last_change = static_cast<std::uint64_t>(rows->integer(1)),
                .users = static_cast<std::uint64_t>(rows->integer(3)),
                .extensions = static_cast<std::uint64_t>(rows->integer(4))};
    included_ = rows->integer(2);
    return {};
  }

  Result<void> make_marker() {
    const auto id = sqlite::mark(target_.folder);
    if (!id) {
      return std::unexpected(id.error());
    }
    id_ = *id;
    return {};
  }

  Result<void> make_journal() {
    auto journal = sqlite::open_file({.file = files_.journal, .vfs = target_.vfs},
                                     sqlite::journal_schema, cache_kib);
    if (!journal) {
      return std::unexpected(std::move(journal.error()));
    }
    for (const CopiedTable& table :
         {sqlite::changes_table, sqlite::actors_table, sqlite::kept_profiles_table}) {
      if (auto done = copy_in_slices(table, **journal); !done) {
        return done;
      }
    }
    if (auto done = set_id(**journal); !done) {
      return done;
    }
    return (*journal)->checkpoint_all();
  }

  // Moves each slice from the log into the file, so that it needs its room once.
  Result<void> copy_in_slices(const CopiedTable& table, Connection& to) {
    TableDigest digest;
    std::uint64_t before = 0;
    do {
      before = digest.rows;
      sqlite::Transaction transaction(to);
      if (auto begun = transaction.begin(); !begun) {
        return begun;
      }
      if (auto done = copy(table, to, limits::backup_slice, digest); !done) {
        return done;
      }
      if (auto committed = transaction.commit(); !committed) {
        return committed;
      }
      if (auto moved = to.checkpoint(); !moved) {
        return moved;
      }
    } while (digest.rows > before);
    return compare(table, digest);
  }

  Result<void> make_people() {
    auto people = sqlite::open_file({.file = files_.people, .vfs = target_.vfs},
                                    sqlite::people_schema, cache_kib);
    if (!people) {
      return std::unexpected(std::move(people.error()));
    }
    sqlite::Transaction transaction(**people);
    if (auto begun = transaction.begin(); !begun) {
      return begun;
    }
    for (const CopiedTable& table : sqlite::people_tables) {
      TableDigest digest;
      auto done = copy(table, **people, -1, digest);
      if (done) {
        done = compare(table, digest);
      }
      if (!done) {
        return done;
      }
    }
    const std::string set_included = "UPDATE included SET sequence = " + std::to_string(included_);
    if (auto done = (*people)->run(set_included.c_str()); !done) {
      return done;
    }
    if (auto done = set_id(**people); !done) {
      return done;
    }
    if (auto committed = transaction.commit(); !committed) {
      return committed;
    }
    return (*people)->checkpoint_all();
  }

  Result<void> copy(const CopiedTable& table, Connection& to, std::int64_t most,
                    TableDigest& digest) {
    const std::string phase = std::string("restoring ") + table.in_backup;
    return sqlite::copy_rows(
        backup_, table.in_backup, to, table.in_source, {.most = most}, digest,
        [&](std::uint64_t rows) { step_({.phase = phase, .unit = "rows", .done = rows}); });
  }

  Result<void> compare(const CopiedTable& table, const TableDigest& digest) {
    auto rows = backup_.prepare("SELECT rows, digest FROM contents WHERE table_name = ?1");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    rows->bind_text(1, std::string_view(table.in_backup));
    const auto row = rows->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    const bool is_same = *row && static_cast<std::uint64_t>(rows->integer(0)) == digest.rows &&
                         static_cast<std::uint64_t>(rows->integer(1)) == digest.digest;
    return is_same ? Result<void>{}
                   : damaged(std::string("what it holds of ") + table.in_backup +
                             " is not what its manifest says");
  }

  Result<void> set_id(Connection& database) const {
    return database.run(("INSERT INTO folder VALUES(" + std::to_string(id_) + ")").c_str());
  }

  static constexpr int cache_kib = 32 * 1024;

  Connection& backup_;
  const sqlite::Files files_;
  const SqliteSettings& target_;
  const OnUpkeepStep& step_;
  BackupSummary summary_;
  std::int64_t included_ = 0;
  sqlite::FolderId id_ = 0;
};

}  // namespace

Result<BackupSummary> restore_sqlite(const std::filesystem::path& backup,
                                     const SqliteSettings& target, const OnUpkeepStep& step) {
  auto connection = Connection::open(
      backup,
      {.mode = Connection::Mode::read_only, .schema = &sqlite::backup_schema, .must_exist = true});
  if (!connection && connection.error().code == Errc::damaged) {
    return fail(Errc::damaged, backup.string() + " is no backup, or a damaged one");
  }
  if (!connection) {
    return std::unexpected(std::move(connection.error()));
  }
  return Restore(**connection, target, step).run();
}

}  // namespace ringbook
