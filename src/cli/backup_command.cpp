// `ringbook backup`: everything of one moment in one file, also while a server has the folder.
#include "cli/local_directory.h"
#include "cli/log_settings.h"
#include "cli/readable_store.h"
#include "cli/upkeep_report.h"
#include "store/open.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;

std::string text_of(const BackupSummary& summary, std::string_view file) {
  return "backed up " + amounts(summary.last_change, summary.users, summary.extensions) + " to " +
         printable(file) + "; the secret that signs tokens is not in it\n";
}

// A backup in the place of a database would take it from whoever has it open, --force or not.
Result<void> refuse_own_folder(const Settings& settings, const fs::path& file) {
  const fs::path target = file.has_parent_path() ? file.parent_path() : ".";
  const auto store = store_folder(settings.store_settings());
  for (const fs::path& own : {settings.data, store.value_or(settings.data)}) {
    std::error_code ignored;
    if (fs::equivalent(target, own, ignored)) {
      return fail(Errc::usage, in_quotes(file.string()) +
                                   " lies in the data folder, with which it would be lost: name "
                                   "another folder");
    }
  }
  return {};
}

}  // namespace

CommandResult run_backup(const Context& context, const BackupArguments& arguments) {
  const Settings& settings = context.settings;
  if (const auto is_local = refuse_server(settings, "backup"); !is_local) {
    return std::unexpected(is_local.error());
  }
  if (const auto holder = DataFolder::holder_of(settings.data);
      !holder && !settings.is_memory_store() && !is_database_url(settings.store)) {
    return std::unexpected(folder_error(holder.error()));
  }
  if (const auto is_elsewhere = refuse_own_folder(settings, arguments.file); !is_elsewhere) {
    return std::unexpected(is_elsewhere.error());
  }
  const auto scratch = scratch_folder();
  if (!scratch) {
    return std::unexpected(scratch.error());
  }
  const SystemClock clock;
  Log log(clock, LogLevel::warning, log_format_of(settings));
  Progress progress(context.console, clock);
  const OnUpkeepStep step = shown_by(progress);
  const Upkeep upkeep{.clock = clock, .log = log, .scratch = *scratch, .step = step};
  const auto store = ReadableStore::open(settings, step);
  const auto summary =
      store ? back_up_store(store->settings(), arguments.file, arguments.force, upkeep)
            : std::unexpected(store.error());
  progress.clear();
  if (!summary) {
    return std::unexpected(summary.error());
  }
  context.console.print(arguments.json ? json_of(*summary, "file", arguments.file)
                                       : text_of(*summary, arguments.file));
  return ExitCode::done;
}

}  // namespace ringbook
