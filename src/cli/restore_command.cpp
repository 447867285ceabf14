// `ringbook restore`: a new data folder from a backup, verified before anything is said.
//
// Whatever is cut short leaves nothing, or a folder that no server takes: the store sees to that.
#include <utility>

#include "cli/upkeep_report.h"
#include "store/data_folder.h"
#include "store/open.h"

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
                                     " is there and not empty; restore makes a new folder: name "
                                     "one with --data, or move this one away");
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

// What doctor would say of the new folder.
Result<void> verify(const StoreSettings& store, const BackupSummary& summary,
                    const OnUpkeepStep& step) {
  const auto scratch = scratch_folder();
  if (!scratch) {
    return std::unexpected(scratch.error());
  }
  Findings findings;
  const auto inspection = inspect_store(
      store, *scratch, [&](Finding finding) { findings.add(std::move(finding)); }, step);
  if (!inspection) {
    return std::unexpected(inspection.error());
  }
  if (!findings.empty()) {
    return fail(Errc::damaged,
                "the backup was made of damaged data and is not restored:\n" + findings.text());
  }
  if (inspection->last_change != summary.last_change || inspection->users != summary.users ||
      inspection->extensions != summary.extensions) {
    return fail(Errc::damaged, "what was restored is not what the backup says it holds");
  }
  return {};
}

std::string text_of(const BackupSummary& summary, const fs::path& folder) {
  return "restored " + amounts(summary.last_change, summary.users, summary.extensions) + " of " +
         to_rfc3339(summary.taken_at) + " to " + printable(folder.string()) +
         "; the next start makes a new secret, so tokens must be made anew\n";
}

}  // namespace

CommandResult run_restore(const Context& context, const RestoreArguments& arguments) {
  const Settings& settings = context.settings;
  if (const auto is_local = refuse_server(settings, "restore"); !is_local) {
    return std::unexpected(is_local.error());
  }
  const auto path = store_folder(settings.store_settings());
  if (!path) {
    return std::unexpected(path.error());
  }
  std::error_code ignored;
  if (!fs::is_regular_file(arguments.file, ignored)) {
    return fail(Errc::usage, in_quotes(arguments.file) + " is no file");
  }
  auto folder = NewFolder::make(*path);
  if (!folder) {
    return std::unexpected(std::move(folder.error()));
  }
  const SystemClock clock;
  Progress progress(context.console, clock);
  const OnUpkeepStep step = shown_by(progress);
  const auto summary = restore_store(settings.store_settings(), arguments.file, step);
  auto verified = summary ? verify(settings.store_settings(), *summary, step)
                          : Result<void>(std::unexpected(summary.error()));
  progress.clear();
  if (!verified) {
    return std::unexpected(std::move(verified.error()));
  }
  folder->keep();
  context.console.print(arguments.json ? json_of(*summary, "folder", path->string())
                                       : text_of(*summary, *path));
  return ExitCode::done;
}

}  // namespace ringbook
