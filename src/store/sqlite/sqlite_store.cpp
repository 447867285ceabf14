#include "store/sqlite/sqlite_store.h"

#include <array>
#include <optional>
#include <vector>

#include "base/check.h"
#include "store/embedded/registry_store.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/disk_vfs.h"
#include "store/sqlite/files.h"
#include "store/sqlite/fold.h"
#include "store/sqlite/journal.h"
#include "store/sqlite/journal_thread.h"
#include "store/sqlite/people.h"
#include "store/sqlite/people_writer.h"
#include "store/sqlite/replay.h"

namespace ringbook {
namespace {

using sqlite::Connection;

constexpr std::array<double, 9> batch_bounds{1, 2, 4, 8, 16, 32, 64, 128, 256};
constexpr std::array<double, 9> commit_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                              0.005,  0.01,    0.1,    1};

class SqliteStore final : public RegistryStore {
 public:
  using OnFailure = std::move_only_function<void(Error)>;

  SqliteStore(Loop& loop, const Clock& clock, Metrics& metrics, Log& log, OnFailure on_failure)
      : RegistryStore(loop, clock),
        log_(log),
        on_failure_(std::move(on_failure)),
        commits_(metrics.counter("ringbook_commits_total", "Commits of the change journal.")),
        checkpoints_(
            metrics.counter("ringbook_checkpoints_total",
                            "Times that the log of the change journal was moved into its file.")),
        batch_sizes_(
            metrics.histogram("ringbook_commit_changes", "Changes in one commit.", batch_bounds)),
        commit_seconds_(metrics.histogram("ringbook_commit_duration_seconds",
                                          "Time of one commit, its sync included.",
                                          commit_bounds)) {}

  Result<void> open(const SqliteSettings& settings);

  bool is_durable() const override { return true; }
  std::vector<std::string> not_ready() const override;
  StoreStatistics statistics() const override;

 protected:
  Result<void> may_write() override;
  Result<void> keep(Batch& batch) override;
  void read_journal(Touched, std::unique_ptr<JournalQuestion> question) override {
    histories_->post(std::move(question));
  }
  void on_failure(const Error& error) override;

 private:
  void log_upgrade(const UpkeepStep& step);
  void on_fold(Result<std::uint64_t> folded);
  void on_checkpoint(const Result<void>& moved);
  void end_of_turn() override;
  Result<void> forget_profiles();
  Result<void> checkpoint_if_due();

  Log& log_;
  OnFailure on_failure_;
  Counter& commits_;
  Counter& checkpoints_;
  Histogram& batch_sizes_;
  Histogram& commit_seconds_;
  std::filesystem::path folder_;
  std::uint64_t folded_ = 0;
  bool is_fold_full_ = false;
  bool is_forgetting_due_ = false;
  // What becomes of a log that has grown: the thread moves it, and the loop what came meanwhile.
  enum class Checkpoint : std::uint8_t { none, on_the_thread, on_the_loop };
  Checkpoint checkpoint_ = Checkpoint::none;
  // In this order: the lock goes last, the journal's connection is closed after its readers and the
  // checkpointer's, and the paced VFS is there as long as who writes by it.
  sqlite::FolderLock lock_;
  std::unique_ptr<sqlite::Journal> journal_;
  std::unique_ptr<sqlite::JournalThread> histories_;
  std::optional<sqlite::DiskVfs> paced_;
  std::unique_ptr<sqlite::Checkpointer> checkpointer_;  // None where nobody waits for answers.
  std::unique_ptr<sqlite::Fold> fold_;
};

Result<void> SqliteStore::open(const SqliteSettings& settings) {
  folder_ = settings.folder;
  const auto files = sqlite::files_in(folder_);
  auto lock = sqlite::FolderLock::take(settings.folder);
  if (!lock) {
    return std::unexpected(std::move(lock.error()));
  }
  lock_ = std::move(*lock);
  const auto marker = sqlite::read_marker(settings.folder);
  if (!marker) {
    return std::unexpected(marker.error());
  }
  const bool must_exist = marker->has_value();
  auto journal = sqlite::Journal::open({files.journal, settings.vfs, must_exist,
                                        [this](const UpkeepStep& step) { log_upgrade(step); }});
  if (!journal) {
    return std::unexpected(std::move(journal.error()));
  }
  if (!settings.is_alone) {
    paced_.emplace(settings.vfs, sqlite::DiskVfs::Syncs::in_pieces);
  }
  auto people =
      sqlite::open_people({files.people, paced_ ? paced_->name() : settings.vfs, must_exist});
  if (!people) {
    return std::unexpected(std::move(people.error()));
  }
  auto reading =
      Connection::open(files.journal, {.vfs = settings.vfs, .mode = Connection::Mode::read_only});
  if (!reading) {
    return std::unexpected(std::move(reading.error()));
  }
  if (auto agreed = sqlite::agree((*journal)->connection(), **people, settings.folder, *marker);
      !agreed) {
    return agreed;
  }
  auto unfolded = sqlite::replay_files({files.people, settings.vfs}, **reading, registry());
  if (!unfolded) {
    return std::unexpected(std::move(unfolded.error()));
  }
  auto writer = sqlite::PeopleWriter::prepare(**people);
  auto reader = sqlite::ChangeReader::prepare(**reading);
  if (!writer || !reader) {
    return std::unexpected(writer ? reader.error() : writer.error());
  }
  if (paced_) {
    auto moving = Connection::open(files.journal, {.vfs = paced_->name()});
    if (!moving) {
      return std::unexpected(std::move(moving.error()));
    }
    checkpointer_ = std::make_unique<sqlite::Checkpointer>(
        std::move(*moving), loop(), [this, alive = is_alive()](const Result<void>& moved) {
          if (*alive) {
            on_checkpoint(moved);
          }
        });
  }
  folded_ = registry().last_sequence() - unfolded->size();
  log_.info("replayed", {{"changes", unfolded->size()},
                         {"users", registry().users()},
                         {"last_change", registry().last_sequence()}});
  journal_ = std::move(*journal);
  histories_ =
      std::make_unique<sqlite::JournalThread>(std::move(*reading), std::move(*reader), loop());
  fold_ = std::make_unique<sqlite::Fold>(
      std::move(*people), std::move(*writer), folded_,
      [this, alive = is_alive()](Result<std::uint64_t> folded) {
        loop().post([this, alive, folded = std::move(folded)]() mutable {
          if (*alive) {
            on_fold(std::move(folded));
          }
        });
      },
      sqlite::FoldPace{.delay = settings.fold_delay});
  if (!unfolded->empty()) {
    fold_->push(*unfolded);
  } else {
    is_forgetting_due_ = true;
    want_turn();
  }
  return {};
}

void SqliteStore::log_upgrade(const UpkeepStep& step) {
  if (step.done == 1 || step.done == step.total || step.done % limits::upgrade_step == 0) {
    log_.info("upgrading", {{"file", "journal.db"},
                            {"changes", step.done},
                            {"of_changes", step.total.value_or(step.done)}});
  }
}

// --- writing -------------------------------------------------------------------------------------

Result<void> SqliteStore::may_write() {
  if (registry().last_sequence() - folded_ >= limits::unfolded_changes) {
    return fail(Errc::overloaded, "too many changes wait to be folded");
  }
  return {};
}

Result<void> SqliteStore::keep(Batch& batch) {
  const Tick began = clock().tick();
  // What takes long is written to both files at once; a turn of requests shares slices of the fold.
  const bool is_begun = batch.changes.size() > limits::turn_changes && fold_->begin(batch.changes);
  if (auto appended = journal_->append(batch); !appended) {
    if (is_begun) {
      fold_->forget();
    }
    return appended;
  }
  commits_.add();
  batch_sizes_.observe(static_cast<double>(batch.changes.size()));
  commit_seconds_.observe(std::chrono::duration<double>(clock().tick() - began).count());
  const std::uint64_t unfolded = journal_->last_sequence() - folded_;
  if (is_begun) {
    fold_->keep(std::exchange(batch.changes, {}));
  } else {
    fold_->push(batch.changes);
  }
  if (unfolded >= limits::unfolded_slow) {
    fold_->wait_for_progress(limits::turn_time);
  }
  return {};
}

void SqliteStore::on_failure(const Error& error) {
  log_.error("store_failed", {{"detail", error.detail}});
  // What a failed sync left behind must not be written over.
  journal_->connection().leave_log();
  fold_->abandon();
  on_failure_(error);
}

// --- the fold's news -----------------------------------------------------------------------------

void SqliteStore::on_fold(Result<std::uint64_t> folded) {
  is_fold_full_ = !folded && folded.error().code == Errc::no_space;
  if (is_fold_full_) {
    log_.warning("fold_has_no_room", {{"detail", folded.error().detail}});
    return;
  }
  if (!folded) {
    return fail_for_good(folded.error());
  }
  folded_ = *folded;
  is_forgetting_due_ = true;
  want_turn();
}

void SqliteStore::on_checkpoint(const Result<void>& moved) {
  if (!moved && moved.error().code != Errc::no_space) {
    return fail_for_good(moved.error());
  }
  checkpoint_ = Checkpoint::on_the_loop;
  want_turn();
}

// Within the turn, so that whoever watches over the disk sees these commits too. Without room
// nothing is lost: the next progress of the fold tries again, and the log simply stays.
void SqliteStore::end_of_turn() {
  if (has_failed()) {
    return;
  }
  for (auto step : {&SqliteStore::forget_profiles, &SqliteStore::checkpoint_if_due}) {
    if (auto done = (this->*step)(); !done && done.error().code != Errc::no_space) {
      return fail_for_good(done.error());
    }
  }
}

// Forgets the profiles that are folded, a step a turn, so that other requests get theirs.
Result<void> SqliteStore::forget_profiles() {
  if (!std::exchange(is_forgetting_due_, false)) {
    return {};
  }
  const auto more = journal_->forget_profiles(folded_);
  if (!more) {
    return std::unexpected(more.error());
  }
  if (*more) {
    is_forgetting_due_ = true;
    want_turn();
  }
  return {};
}

Result<void> SqliteStore::checkpoint_if_due() {
  if (checkpoint_ == Checkpoint::on_the_thread) {
    if (journal_->log_pages() >= limits::checkpoint_pages_slow) {
      checkpointer_->wait(limits::turn_time);
    }
    return {};
  }
  const bool has_rest = std::exchange(checkpoint_, Checkpoint::none) == Checkpoint::on_the_loop;
  if (!has_rest && journal_->log_pages() < limits::checkpoint_pages) {
    return {};
  }
  if (!has_rest && checkpointer_) {
    checkpoint_ = Checkpoint::on_the_thread;
    checkpointer_->begin();
    return {};
  }
  auto moved = journal_->checkpoint();
  checkpoints_.add(moved ? 1 : 0);
  return moved;
}

// --- state ---------------------------------------------------------------------------------------

std::vector<std::string> SqliteStore::not_ready() const {
  std::vector<std::string> reasons = RegistryStore::not_ready();
  if (is_fold_full_ && reasons.empty()) {
    reasons.emplace_back("disk_full");
  }
  return reasons;
}

StoreStatistics SqliteStore::statistics() const {
  StoreStatistics statistics = RegistryStore::statistics();
  statistics.unfolded_changes = statistics.last_change - folded_;
  statistics.unwritten_changes = statistics.last_change - fold_->written();
  std::error_code unknown;
  const auto space = std::filesystem::space(folder_, unknown);
  if (!unknown) {
    statistics.free_bytes = space.available;
  }
  return statistics;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteSettings& settings, Loop& loop,
                                                 const Clock& clock, Metrics& metrics, Log& log,
                                                 std::move_only_function<void(Error)> on_failure) {
  auto store = std::make_unique<SqliteStore>(loop, clock, metrics, log, std::move(on_failure));
  if (auto opened = store->open(settings); !opened) {
    return std::unexpected(std::move(opened.error()));
  }
  return store;
}

}  // namespace ringbook
