#include "cli/new_store.h"

#include <optional>
#include <utility>

#include "cli/log_settings.h"
#include "cli/upkeep_report.h"
#include "net/url.h"
#include "store/data_folder.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;

// A folder that was not there or was empty, and is so again unless it is kept.
class NewFolder {
 public:
  static Result<NewFolder> make(const fs::path& path) {
    std::error_code error;
    const bool is_there = fs::exists(path, error);
    if (is_there && !fs::is_empty(path, error)) {
      return fail(Errc::invalid, path.string() +
                                     " is there and not empty; a new folder is made: name one "
                                     "that is not there, or move this one away");
    }
    auto folder = DataFolder::open(path, DataFolder::Missing::create);
    if (!folder) {
      return std::unexpected(std::move(folder.error()));
    }
    return NewFolder(*std::move(folder), !is_there);
  }
  NewFolder(NewFolder&& other) noexcept
      : folder_(std::move(other.folder_)),
        is_made_(other.is_made_),
        is_kept_(std::exchange(other.is_kept_, true)) {}
  NewFolder& operator=(NewFolder&&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    if (is_kept_) {
      return;
    }
    for (const auto& entry : fs::directory_iterator(folder_.path(), ignored)) {
      fs::remove_all(entry.path(), ignored);
    }
    if (is_made_) {
      fs::remove(folder_.path(), ignored);
    }
  }
  void keep() { is_kept_ = true; }

 private:
  NewFolder(DataFolder folder, bool is_made) : folder_(std::move(folder)), is_made_(is_made) {}
  DataFolder folder_;
  bool is_made_;
  bool is_kept_ = false;
};

// What doctor would say of a folder.
Result<void> verify(const StoreSettings& store, const BackupSummary& summary,
                    const Upkeep& upkeep) {
  Findings findings;
  const auto inspection = inspect_store(
      store, upkeep.scratch, [&](Finding finding) { findings.add(std::move(finding)); },
      upkeep.step);
  if (!inspection) {
    return std::unexpected(inspection.error());
  }
  if (!findings.empty()) {
    return fail(Errc::damaged, "it was made of damaged data, and is not kept:\n" + findings.text());
  }
  if (inspection->last_change != summary.last_change || inspection->users != summary.users ||
      inspection->extensions != summary.extensions) {
    return fail(Errc::damaged, "what was made is not what it was made of");
  }
  return {};
}

}  // namespace

Result<BackupSummary> make_store(const Context& context, const StoreSettings& store,
                                 const std::function<Result<BackupSummary>(const Upkeep&)>& make) {
  std::optional<NewFolder> folder;
  if (!is_database_url(store.url)) {
    const auto path = store_folder(store);
    auto made = path ? NewFolder::make(*path) : std::unexpected(path.error());
    if (!made) {
      return std::unexpected(std::move(made.error()));
    }
    folder.emplace(*std::move(made));
  }
  const auto scratch = scratch_folder();
  if (!scratch) {
    return std::unexpected(scratch.error());
  }
  const SystemClock clock;
  Log log(clock, LogLevel::warning, log_format_of(context.settings));
  Progress progress(context.console, clock);
  const OnUpkeepStep step = shown_by(progress);
  const Upkeep upkeep{.clock = clock, .log = log, .scratch = *scratch, .step = step};
  auto summary = make(upkeep);
  Result<void> verified;
  if (summary && folder) {
    verified = verify(store, *summary, upkeep);
  }
  progress.clear();
  if (!verified) {
    return std::unexpected(std::move(verified.error()));
  }
  if (summary && folder) {
    folder->keep();
  }
  return summary;
}

std::string place_of(const StoreSettings& store) {
  const auto folder = store_folder(store);
  return folder ? folder->string() : without_secrets(store.url);
}

}  // namespace ringbook
