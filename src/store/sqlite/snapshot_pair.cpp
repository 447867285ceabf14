#include "store/sqlite/snapshot_pair.h"

#include <string>

#include "store/sqlite/files.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/older_journal.h"
#include "store/sqlite/people.h"

namespace ringbook::sqlite {
namespace {

// Between the two snapshots the fold may include more than the journal's snapshot has; the next try
// finds them in step, since the fold pauses between its slices.
constexpr int tries = 20;

}  // namespace

Result<std::unique_ptr<SnapshotPair>> SnapshotPair::open(const SqliteSettings& settings) {
  if (const auto marker = read_marker(settings.folder); !marker) {
    return std::unexpected(marker.error());
  }
  const auto files = files_in(settings.folder);
  const auto reading = [&](const Schema& schema) {
    return Connection::Settings{.vfs = settings.vfs,
                                .mode = Connection::Mode::read_only,
                                .schema = &schema,
                                .must_exist = true};
  };
  auto journal = Connection::open(files.journal, reading(journal_schema));
  auto people = Connection::open(files.people, reading(people_schema));
  if (!journal || !people) {
    return std::unexpected(journal ? people.error() : journal.error());
  }
  if (const auto version = version_of(**journal, journal_schema);
      !version || *version <= older_journal_version) {
    return version ? fail(Errc::unavailable,
                          "the data has schema version " + std::to_string(*version) +
                              ", which the next start of this program brings to its own: start it, "
                              "or use the program that wrote the data")
                   : std::unexpected(version.error());
  }
  std::unique_ptr<SnapshotPair> pair(new SnapshotPair);
  pair->journal_ = std::move(*journal);
  pair->people_ = std::move(*people);
  return pair;
}

Result<std::uint64_t> SnapshotPair::begin() {
  for (int i = 0; i < tries; ++i) {
    if (auto begun = journal_snapshot_.emplace(*journal_).begin("BEGIN"); !begun) {
      return std::unexpected(std::move(begun.error()));
    }
    const auto last = last_change_in(*journal_);
    if (!last) {
      return std::unexpected(last.error());
    }
    if (auto begun = people_snapshot_.emplace(*people_).begin("BEGIN"); !begun) {
      return std::unexpected(std::move(begun.error()));
    }
    const auto included = included_in(*people_);
    if (!included) {
      return std::unexpected(included.error());
    }
    if (*included <= *last) {
      return *last;
    }
    end_people();
    end_journal();
  }
  return fail(Errc::unavailable, "the directory changes too fast for a snapshot; try again");
}

}  // namespace ringbook::sqlite
