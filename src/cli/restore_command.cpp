// `ringbook restore`: a new data folder or a new database from a backup, verified before anything
// is said.
//
// Whatever is cut short leaves nothing, or what no server takes: the store sees to that.
#include <optional>

#include "cli/new_store.h"
#include "cli/upkeep_report.h"

namespace ringbook {
namespace {

std::string text_of(const BackupSummary& summary, const std::string& place, bool is_database) {
  return "restored " + amounts(summary.last_change, summary.users, summary.extensions) + " of " +
         to_rfc3339(summary.taken_at) + " to " + printable(place) +
         (is_database ? "\n"
                      : "; the next start makes a new secret, so tokens must be made anew\n");
}

}  // namespace

CommandResult run_restore(const Context& context, const RestoreArguments& arguments) {
  const StoreSettings store = context.settings.store_settings();
  if (const auto is_local = refuse_server(context.settings, "restore"); !is_local) {
    return std::unexpected(is_local.error());
  }
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(arguments.file, ignored)) {
    return fail(Errc::usage, in_quotes(arguments.file) + " is no file");
  }
  const auto summary = make_store(context, store, [&](const Upkeep& upkeep) {
    return restore_store(store, arguments.file, upkeep);
  });
  if (!summary) {
    return std::unexpected(summary.error());
  }
  const bool is_database = is_database_url(store.url);
  const std::string place = place_of(store);
  context.console.print(arguments.json
                            ? json_of(*summary, is_database ? "database" : "folder", place)
                            : text_of(*summary, place, is_database));
  return ExitCode::done;
}

}  // namespace ringbook
