#include "store/sqlite/inspect.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite/contents_check.h"
#include "store/sqlite/database.h"
#include "store/sqlite/file_check.h"
#include "store/sqlite/files.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/people.h"
#include "store/sqlite/scratch_copy.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;

constexpr int inspection_cache_kib = 32 * 1024;

// The statements that made the tables and indexes of a database.
Result<std::set<std::string>> shape_of(Connection& database) {
  auto rows = database.prepare(
      "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM "
      "sqlite_schema");
  if (!rows) {
    return std::unexpected(std::move(rows.error()));
  }
  std::set<std::string> shape;
  while (true) {
    auto row = rows->step();
    if (!row) {
      return std::unexpected(std::move(row.error()));
    }
    if (!*row) {
      return shape;
    }
    shape.emplace(rows->bytes(0));
  }
}

// What `shape_of` gives for a new database of that kind and version.
Result<std::set<std::string>> shape_of(const sqlite::Schema& schema, std::int64_t version) {
  auto model = Connection::open(":memory:", {.mode = Connection::Mode::draft});
  if (!model) {
    return std::unexpected(std::move(model.error()));
  }
  for (std::int64_t at = 0; at < version; ++at) {
    if (auto done = sqlite::take_step(**model, schema, at, [](const UpkeepStep&) {}); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return shape_of(**model);
}

class Inspector {
 public:
  Inspector(const fs::path& folder, const fs::path& scratch, const OnFinding& found,
            const OnUpkeepStep& step)
      : folder_(folder), scratch_(scratch), found_(found), step_(step) {}

  Result<Inspection> run() {
    auto lock = sqlite::FolderLock::take(folder_);
    if (!lock) {
      return std::unexpected(std::move(lock.error()));
    }
    std::unique_ptr<Connection> journal;
    std::unique_ptr<Connection> people;
    if (auto opened = open_copies(journal, people); !opened) {
      return std::unexpected(std::move(opened.error()));
    }
    const sqlite::Files files = sqlite::files_in(folder_);
    auto kept = keep_if_sound(journal, files.journal, sqlite::journal_schema);
    if (kept) {
      kept = keep_if_sound(people, files.people, sqlite::people_schema);
    }
    if (!kept) {
      return std::unexpected(std::move(kept.error()));
    }
    check_marker(journal.get(), people.get());
    return journal != nullptr ? check(*journal, people.get()) : Inspection{};
  }

 private:
  void tell(const fs::path& file, std::string what) const {
    // Messages of SQLite name the copy, of which nobody knows.
    if (const auto at = what.find(copy_.string()); !copy_.empty() && at != std::string::npos) {
      what.replace(at, copy_.string().size(), folder_.string());
    }
    found_({.where = file.filename().string(),
            .what = std::move(what),
            .mend = sqlite::mend_contents});
  }

  // SQLite keeps what it has open when the names of the copies go, which they do here: so a kill
  // later leaves nothing behind.
  Result<void> open_copies(std::unique_ptr<Connection>& journal,
                           std::unique_ptr<Connection>& people) {
    const auto copy = sqlite::ScratchCopy::make(folder_, scratch_, step_);
    if (!copy) {
      return std::unexpected(copy.error());
    }
    copy_ = copy->path();
    const sqlite::Files files = sqlite::files_in(copy_);
    for (auto [database, file] :
         {std::pair(&journal, &files.journal), std::pair(&people, &files.people)}) {
      if (auto opened = open(*file, *database); !opened) {
        return opened;
      }
    }
    return {};
  }

  // Leaves null, after telling why, for a file that cannot be opened, and for one that is not
  // there.
  Result<void> open(const fs::path& file, std::unique_ptr<Connection>& database) {
    std::error_code ignored;
    if (!fs::exists(file, ignored) || fs::file_size(file, ignored) == 0) {
      absent_.push_back(file);
      return {};
    }
    if (auto checked = sqlite::check_bytes(file, found_); !checked) {
      return checked;
    }
    auto connection = Connection::open(
        file, {.cache_kib = inspection_cache_kib, .mode = Connection::Mode::read_only});
    if (!connection) {
      return tell_or_fail(file, std::move(connection.error()));
    }
    // The first read opens the log.
    if (auto read = (*connection)->query_integer("PRAGMA user_version"); !read) {
      return tell_or_fail(file, std::move(read.error()));
    }
    database = std::move(*connection);
    return {};
  }

  // What is wrong with the data is a finding; any other error ends the inspection.
  Result<void> tell_or_fail(const fs::path& file, Error error) const {
    if (!is_about_data(error.code)) {
      return std::unexpected(std::move(error));
    }
    tell(file, std::move(error.detail));
    return {};
  }

  Result<void> keep_if_sound(std::unique_ptr<Connection>& database, const fs::path& file,
                             const sqlite::Schema& schema) const {
    if (database == nullptr) {
      return {};
    }
    auto is_sound = is_sound_of(*database, file, schema);
    if (!is_sound.value_or(false)) {
      database.reset();
    }
    return is_sound ? Result<void>{} : tell_or_fail(file, std::move(is_sound.error()));
  }

  static bool is_about_data(Errc code) {
    return code == Errc::damaged || code == Errc::unavailable;
  }

  Result<bool> is_sound_of(Connection& database, const fs::path& file,
                           const sqlite::Schema& schema) const {
    const auto version = sqlite::version_of(database, schema);
    if (!version && version.error().code == Errc::newer) {
      found_({.weight = Finding::Weight::care,
              .where = file.filename().string(),
              .what = version.error().detail,
              .mend = "use the newer program, also to check"});
      return false;
    }
    if (!version) {
      return std::unexpected(version.error());
    }
    const auto shape = shape_of(database);
    const auto expected = shape_of(schema, *version);
    if (!shape || !expected) {
      return std::unexpected(shape ? expected.error() : shape.error());
    }
    if (*shape != *expected) {
      tell(file, "its tables are not those of schema version " + std::to_string(*version));
      return false;
    }
    return has_sound_pages(database, file);
  }

  Result<bool> has_sound_pages(Connection& database, const fs::path& file) const {
    const std::string name = file.filename().string();
    step_({.phase = "checking the pages of " + name, .unit = "pages", .done = 0, .total = {}});
    auto rows = database.prepare("PRAGMA integrity_check");
    if (!rows) {
      return std::unexpected(std::move(rows.error()));
    }
    bool is_sound = true;
    while (true) {
      auto row = rows->step();
      if (!row) {
        return std::unexpected(std::move(row.error()));
      }
      if (!*row) {
        return is_sound;
      }
      if (rows->bytes(0) != "ok") {
        is_sound = false;
        tell_lines(file, rows->bytes(0));
      }
    }
  }

  // SQLite puts what it finds in the pages of one tree into one row: a heading, then its lines.
  void tell_lines(const fs::path& file, std::string_view text) const {
    constexpr std::string_view heading = "*** in database main ***\n";
    text.remove_prefix(text.starts_with(heading) ? heading.size() : 0);
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      tell(file, std::string(text.substr(0, end)));
      text.remove_prefix(end + 1);
    }
    tell(file, std::string(text));
  }

  // Whether the folder is whole: its marker, its databases, and that they belong together.
  void check_marker(Connection* journal, Connection* people) {
    const fs::path file = sqlite::files_in(folder_).marker;
    std::error_code ignored;
    const bool is_there = fs::exists(file, ignored);
    // A first start that was cut short leaves no marker, and nothing that anybody was told of. Of
    // turns and changes, the journal's version has one.
    if (!is_there && !has_content(journal, "SELECT count(*) FROM turns") &&
        !has_content(journal, "SELECT count(*) FROM changes") &&
        !has_content(people, "SELECT sequence FROM included")) {
      return;
    }
    if (!is_there) {
      tell(file, "it is missing, although there are changes");
    }
    for (const fs::path& absent : absent_) {
      tell(absent, "it is missing or empty");
    }
    if (!is_there || !absent_.empty()) {
      return;
    }
    const auto id = sqlite::read_marker(folder_);
    if (!id) {
      tell(file, id.error().detail);
      return;
    }
    check_id("journal.db", journal, id->value_or(0));
    check_id("directory.db", people, id->value_or(0));
  }

  static bool has_content(Connection* database, const char* count) {
    return database != nullptr && database->query_integer(count).value_or(0) != 0;
  }

  void check_id(const char* file, Connection* database, sqlite::FolderId expected) const {
    if (database == nullptr) {
      return;
    }
    if (const auto id = sqlite::id_in(*database); !id) {
      tell(file, id.error().detail);
    } else if (*id != expected) {
      tell(file, "it comes from another folder than the marker");
    }
  }

  Result<Inspection> check(Connection& journal, Connection* people) const {
    auto inspection = sqlite::check_contents(journal, people, found_, step_);
    if (!inspection && is_about_data(inspection.error().code)) {
      tell("journal.db", inspection.error().detail);
      return Inspection{};
    }
    return inspection;
  }

  const fs::path& folder_;
  const fs::path& scratch_;
  const OnFinding& found_;
  const OnUpkeepStep& step_;
  fs::path copy_;
  std::vector<fs::path> absent_;
};

}  // namespace

Result<Inspection> inspect_sqlite(const fs::path& folder, const fs::path& scratch,
                                  const OnFinding& found, const OnUpkeepStep& step) {
  return Inspector(folder, scratch, found, step).run();
}

}  // namespace ringbook
