// From a backup to the databases of a new folder.
//
// The marker is written first and `directory.db` in one transaction last, so that whatever a kill
// leaves lacks something that the marker promises.
#include <functional>
#include <string>

#include "base/limits.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/backup_file.h"
#include "store/sqlite/files.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/older_journal.h"
#include "store/sqlite/people.h"
#include "store/sqlite/turns.h"

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
    const auto version = sqlite::version_of(backup_, sqlite::backup_schema);
    if (!version) {
      return std::unexpected(version.error());
    }
    auto done = *version <= sqlite::older_backup_version ? convert_changes(**journal)
                                                         : copy_turns(**journal);
    if (done) {
      done = copy_in_slices(sqlite::kept_profiles_table, **journal, {});
    }
    if (done) {
      done = set_id(**journal);
    }
    if (!done) {
      return done;
    }
    return (*journal)->checkpoint_all();
  }

  Result<void> copy_turns(Connection& journal) {
    auto milestones = sqlite::MilestoneWriter::prepare(journal);
    if (!milestones) {
      return std::unexpected(std::move(milestones.error()));
    }
    return copy_in_slices(sqlite::turns_table, journal, [&](const sqlite::Statement& row) {
      return write_milestones(row, *milestones);
    });
  }

  // Of the changes in a row of turns; gives how many there are.
  static Result<std::uint64_t> write_milestones(const sqlite::Statement& row,
                                                sqlite::MilestoneWriter& milestones) {
    const auto first = static_cast<std::uint64_t>(row.integer(0));
    auto turn = sqlite::open_turn(first, row.bytes(1));
    if (!turn) {
      return damaged(turn.error().detail);
    }
    auto more = turn->next();
    for (; more && *more; more = turn->next()) {
      if (auto written = milestones.write(turn->change()); !written) {
        return std::unexpected(std::move(written.error()));
      }
    }
    if (!more) {
      return damaged(sqlite::damaged_turn(first, more.error()).detail);
    }
    return turn->last() - first + 1;
  }

  // What a backup of an older program has instead of turns.
  Result<void> convert_changes(Connection& journal) {
    auto changes = sqlite::OlderChanges::all(backup_);
    auto writer = sqlite::TurnWriter::prepare(journal);
    if (!changes || !writer) {
      return std::unexpected(changes ? writer.error() : changes.error());
    }
    sqlite::OlderConversion conversion(*writer);
    TableDigest digest;
    Result<bool> more = true;
    while (more && *more) {
      auto done = in_slice(journal, [&]() -> Result<void> {
        const std::uint64_t before = digest.rows;
        while (digest.rows < before + limits::backup_slice) {
          more = changes->next();
          if (!more || !*more) {
            return more ? conversion.finish() : std::unexpected(more.error());
          }
          if (auto added = conversion.add(*changes); !added) {
            return is_damage(added.error()) ? damaged(added.error().detail) : added;
          }
          digest.add(changes->row(), sqlite::OlderChanges::columns);
          tell("changes", digest);
        }
        return {};
      });
      if (!done) {
        return done;
      }
    }
    if (auto same = compare("changes", digest); !same) {
      return same;
    }
    return compare_actors();
  }

  // Whoever made the changes stands in the turns.
  Result<void> compare_actors() {
    auto rows = backup_.prepare("SELECT * FROM actors ORDER BY rowid");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    TableDigest digest;
    auto row = rows->step();
    for (; row && *row; row = rows->step()) {
      digest.add(*rows);
    }
    return row ? compare("actors", digest) : std::unexpected(row.error());
  }

  static bool is_damage(const Error& error) { return error.code == Errc::damaged; }

  // Does a part of the work as one commit and moves it from the log into the file, so that the
  // whole needs its room once.
  static Result<void> in_slice(Connection& to, const std::function<Result<void>()>& work) {
    sqlite::Transaction transaction(to);
    auto done = transaction.begin();
    if (done) {
      done = work();
    }
    if (done) {
      done = transaction.commit();
    }
    return done ? to.checkpoint() : done;
  }

  // `changes_in` says how many changes a row stands for; one, if it is not given.
  Result<void> copy_in_slices(
      const CopiedTable& table, Connection& to,
      const std::function<Result<std::uint64_t>(const sqlite::Statement&)>& changes_in) {
    TableDigest digest;
    Result<bool> is_over = false;
    while (is_over && !*is_over) {
      std::uint64_t slice = 0;
      auto done = in_slice(to, [&]() -> Result<void> {
        is_over = copy(table, to, digest, [&](const sqlite::Statement& row) -> Result<bool> {
          const auto count = changes_in ? changes_in(row) : Result<std::uint64_t>(1);
          if (!count) {
            return std::unexpected(count.error());
          }
          slice += *count;
          return slice < limits::backup_slice;
        });
        return is_over ? Result<void>{} : std::unexpected(is_over.error());
      });
      if (!done) {
        return done;
      }
    }
    return compare(table.in_backup, digest);
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
      const auto copied =
          copy(table, **people, digest, [](const sqlite::Statement&) { return true; });
      const auto done = copied ? compare(table.in_backup, digest) : std::unexpected(copied.error());
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

  Result<bool> copy(const CopiedTable& table, Connection& to, TableDigest& digest,
                    const sqlite::OnCopied& copied) {
    return sqlite::copy_rows(backup_, table.in_backup, to, table.in_source, digest,
                             [&](const sqlite::Statement& row) {
                               tell(table.in_backup, digest);
                               return copied(row);
                             });
  }

  void tell(const char* table, const TableDigest& digest) const {
    const std::string phase = std::string("restoring ") + table;
    step_({.phase = phase, .unit = "rows", .done = digest.rows});
  }

  Result<void> compare(const char* table, const TableDigest& digest) {
    auto rows = backup_.prepare("SELECT rows, digest FROM contents WHERE table_name = ?1");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    rows->bind_text(1, std::string_view(table));
    const auto row = rows->step();
    if (!row) {
      return std::unexpected(row.error());
    }
    const bool is_same = *row && static_cast<std::uint64_t>(rows->integer(0)) == digest.rows &&
                         static_cast<std::uint64_t>(rows->integer(1)) == digest.digest;
    return is_same ? Result<void>{}
                   : damaged(std::string("what it holds of ") + table +
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
