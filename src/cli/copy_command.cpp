// `ringbook copy`: from a data folder to a database, or back, with the whole history.
#include "cli/new_store.h"
#include "cli/upkeep_report.h"
#include "net/url.h"

namespace ringbook {
namespace {

// The settings' store with this URL, if one is given.
Result<StoreSettings> store_at(const Settings& settings, const std::optional<std::string>& url,
                               std::string_view flag) {
  StoreSettings store = settings.store_settings();
  if (!url) {
    return store;
  }
  if (!url->starts_with(sqlite_scheme) && has_password(*url)) {
    return fail(Errc::usage,
                std::string(flag) +
                    ": a password on the command line can be read by everybody on this machine; "
                    "write the URL into a file, give --store-file, and leave " +
                    std::string(flag) + " out");
  }
  if (!is_store_url(*url)) {
    return fail(Errc::usage, std::string(flag) + ": " + in_quotes(without_secrets(*url)) +
                                 " is no store; write sqlite:FOLDER or mongodb://…");
  }
  store.url = *url;
  return store;
}

std::string text_of(const BackupSummary& summary, const std::string& place) {
  return "copied " + amounts(summary.last_change, summary.users, summary.extensions) + " to " +
         printable(place) + "\n";
}

}  // namespace

CommandResult run_copy(const Context& context, const CopyArguments& arguments) {
  if (const auto is_local = refuse_server(context.settings, "copy"); !is_local) {
    return std::unexpected(is_local.error());
  }
  if (!arguments.from && !arguments.to) {
    return fail(Errc::usage, "say what is copied with --from URL, or where to with --to URL");
  }
  const auto from = store_at(context.settings, arguments.from, "--from");
  const auto to = store_at(context.settings, arguments.to, "--to");
  if (!from || !to) {
    return std::unexpected(from ? to.error() : from.error());
  }
  const auto summary = make_store(context, *to, [&](const Upkeep& upkeep) {
    auto copied = copy_directory(*from, *to, upkeep);
    if (!copied && copied.error().code == Errc::locked) {
      copied.error().detail += "; stop the server first: what it did later would not be copied";
    }
    return copied;
  });
  if (!summary) {
    return std::unexpected(summary.error());
  }
  const std::string place = place_of(*to);
  context.console.print(arguments.json ? json_of(*summary, "to", place) : text_of(*summary, place));
  return ExitCode::done;
}

}  // namespace ringbook
