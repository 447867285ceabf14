#include "store/sqlite/folder_writer.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "base/limits.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/people.h"
#include "store/sqlite/snapshot_pair.h"

namespace ringbook::sqlite {
namespace {

constexpr int writer_cache_kib = 32 * 1024;

}  // namespace

Result<std::unique_ptr<FolderWriter>> FolderWriter::begin(const SqliteSettings& target) {
  const auto id = mark(target.folder);
  if (!id) {
    return std::unexpected(id.error());
  }
  const Files files = files_in(target.folder);
  auto journal =
      open_file({.file = files.journal, .vfs = target.vfs}, journal_schema, writer_cache_kib);
  auto people =
      open_file({.file = files.people, .vfs = target.vfs}, people_schema, writer_cache_kib);
  if (!journal || !people) {
    return std::unexpected(std::move(journal ? people.error() : journal.error()));
  }
  std::unique_ptr<FolderWriter> writer(
      new FolderWriter(*id, std::move(*journal), std::move(*people)));
  if (auto prepared = writer->prepare(); !prepared) {
    return std::unexpected(std::move(prepared.error()));
  }
  return writer;
}

Result<void> FolderWriter::prepare() {
  auto turns = TurnWriter::prepare(*journal_);
  auto fold = PeopleWriter::prepare(*people_);
  auto put_profile = people_->prepare(
      "UPDATE profiles SET name=?2, email=?3, department=?4, role=?5, active=?6 "
      "WHERE slot = ?1");
  if (!turns || !fold) {
    return std::unexpected(std::move(turns ? fold.error() : turns.error()));
  }
  if (!put_profile) {
    return std::unexpected(std::move(put_profile.error()));
  }
  turns_ = std::move(*turns);
  fold_ = std::move(*fold);
  put_profile_ = std::move(*put_profile);
  return {};
}

Result<void> FolderWriter::add(RecordedChange recorded) {
  Change& change = recorded.change;
  if (change.set == change.sequence) {
    if (auto ended = end_set(); !ended) {
      return ended;
    }
    if (batch_.changes.size() >= limits::backup_slice) {
      if (auto flushed = flush(); !flushed) {
        return flushed;
      }
    }
    batch_.sets.push_back({std::move(recorded.issuer), std::move(recorded.subject),
                           std::move(recorded.request_id), batch_.changes.size(), 0});
  }
  if (batch_.sets.empty()) {
    return fail(Errc::damaged, "change " + std::to_string(change.sequence) + " has no set");
  }
  // Who has a profile is described when all are there.
  const bool has_profile = (change.kind & (Change::created | Change::edited)) != 0;
  change.profile = has_profile ? PackedProfile(Profile{}) : PackedProfile();
  batch_.changes.push_back(std::move(change));
  batch_.sets.back().end = batch_.changes.size();
  return {};
}

Result<void> FolderWriter::end_set() {
  const auto set = std::span(batch_.changes).subspan(replayed_);
  if (set.empty()) {
    return {};
  }
  if (auto replayed = registry_.replay(set); !replayed) {
    return replayed;
  }
  for (const Change& change : set) {
    slots_.emplace(change.user, change.slot);
  }
  replayed_ = batch_.changes.size();
  return {};
}

// Turns first: what `directory.db` includes stands in the journal.
Result<void> FolderWriter::flush() {
  if (auto ended = end_set(); !ended || batch_.changes.empty()) {
    return ended;
  }
  Transaction transaction(*journal_);
  auto done = transaction.begin();
  if (done) {
    done = write_turns();
  }
  if (done) {
    done = transaction.commit();
  }
  if (done) {
    done = journal_->checkpoint();
  }
  if (done) {
    done = fold_.fold(*people_, batch_.changes, [](std::uint64_t) {}, [] { return true; });
  }
  if (done) {
    done = people_->checkpoint();
  }
  batch_ = Batch();
  replayed_ = 0;
  return done;
}

Result<void> FolderWriter::write_turns() {
  const std::size_t all = batch_.changes.size();
  for (std::size_t first = 0; first < all; first += limits::turn_changes) {
    if (auto written = turns_.write(batch_, first, std::min(first + limits::turn_changes, all));
        !written) {
      return written;
    }
  }
  return {};
}

Result<void> FolderWriter::describe(UserId user, const PackedProfile& profile) {
  if (auto flushed = flush(); !flushed) {
    return flushed;
  }
  if (!describing_) {
    describing_ = std::make_unique<Transaction>(*people_);
    if (auto begun = describing_->begin(); !begun) {
      return begun;
    }
  }
  put_profile_.bind(1, std::int64_t{slots_.at(user)});
  put_profile_.bind_text(2, profile.name());
  put_profile_.bind_text(3, profile.email());
  put_profile_.bind_text(4, profile.department());
  put_profile_.bind_text(5, profile.role());
  put_profile_.bind(6, std::int64_t{profile.active()});
  return put_profile_.run();
}

Result<BackupSummary> FolderWriter::finish(Instant taken_at) {
  auto done = flush();
  if (done && describing_) {
    done = describing_->commit();
    describing_.reset();
  }
  for (Connection* connection : {journal_.get(), people_.get()}) {
    if (done) {
      done = connection->run(("INSERT INTO folder VALUES(" + std::to_string(id_) + ")").c_str());
    }
    if (done) {
      done = connection->checkpoint_all();
    }
  }
  if (!done) {
    return std::unexpected(std::move(done.error()));
  }
  return BackupSummary{.taken_at = taken_at,
                       .last_change = registry_.last_sequence(),
                       .users = registry_.users(),
                       .extensions = registry_.extensions()};
}

Result<void> read_changes(const SqliteSettings& source,
                          const std::function<Result<void>(RecordedChange)>& each) {
  auto files = SnapshotPair::open(source);
  if (!files) {
    return std::unexpected(std::move(files.error()));
  }
  auto rows = TurnRows::all((*files)->journal());
  if (!rows) {
    return std::unexpected(std::move(rows.error()));
  }
  auto row = rows->next();
  for (; row && *row; row = rows->next()) {
    auto turn = open_turn(rows->first(), rows->record());
    if (!turn) {
      return std::unexpected(std::move(turn.error()));
    }
    auto more = turn->next();
    for (; more && *more; more = turn->next()) {
      auto taken = each({turn->change(), std::string(turn->issuer()), std::string(turn->subject()),
                         std::string(turn->request_id())});
      if (!taken) {
        return taken;
      }
    }
    if (!more) {
      return std::unexpected(damaged_turn(rows->first(), more.error()));
    }
  }
  return row ? Result<void>() : std::unexpected(std::move(row.error()));
}

}  // namespace ringbook::sqlite
