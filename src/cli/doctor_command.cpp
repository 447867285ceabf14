// `ringbook doctor`: every invariant of a data folder, without changing a byte of it.
#include "auth/secret_file.h"
#include "cli/local_directory.h"
#include "cli/upkeep_report.h"
#include "store/open.h"

namespace ringbook {
namespace {

void check_secret(const std::filesystem::path& folder, Findings& findings) {
  const auto file = secret_file_in(folder);
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    return;  // Keys come from elsewhere, or the next start makes one.
  }
  if (const auto secret = read_secret_file(file); !secret) {
    findings.add({.weight = Finding::Weight::care,
                  .where = file.filename().string(),
                  .what = secret.error().detail,
                  .mend = "make it readable by its owner alone (chmod 600), or remove it: the next "
                          "start makes a new one, and tokens must be made anew"});
  }
}

// Keeps servers away. Nothing for a folder that has lost its lock: there is nothing to hold then.
Result<std::optional<DataFolder>> keep_free(const Settings& settings, Findings& findings) {
  auto folder = DataFolder::keep_free(settings.data);
  if (folder) {
    return std::optional(*std::move(folder));
  }
  if (folder.error().code == Errc::locked) {
    return fail(Errc::locked, folder.error().detail +
                                  ", and doctor needs it free: stop the server, check, and start "
                                  "it again");
  }
  const auto store = store_folder(settings.store_settings());
  std::error_code ignored;
  if (folder.error().code != Errc::not_found || !store ||
      !std::filesystem::exists(*store / "journal.db", ignored)) {
    return std::unexpected(folder_error(folder.error()));
  }
  if (*store == settings.data) {
    findings.add({.weight = Finding::Weight::care,
                  .where = "lock",
                  .what = "it is missing, so commands do not take this for a data folder",
                  .mend = "start `ringbook serve` once, which makes it"});
  }
  return std::nullopt;
}

std::string json_of(const Findings& findings, const Inspection& inspection) {
  return "{" + findings.json_members() +
         ",\"unfoldedChanges\":" + std::to_string(inspection.unfolded) + "," +
         json_amounts(inspection.last_change, inspection.users, inspection.extensions) + "}\n";
}

std::string text_of(const Findings& findings, const Inspection& inspection) {
  const std::string seen = amounts(inspection.last_change, inspection.users, inspection.extensions);
  return findings.text() +
         (findings.empty() ? "all is well: " : "checked, as far as it can be read: ") + seen + "\n";
}

// Tells what an inspection of the store finds, beside what was found before it.
CommandResult inspect(const Context& context, const DoctorArguments& arguments,
                      const std::filesystem::path& scratch, Findings& findings) {
  const SystemClock clock;
  Progress progress(context.console, clock);
  const auto inspection = inspect_store(
      context.settings.store_settings(), scratch,
      [&](Finding finding) { findings.add(std::move(finding)); }, shown_by(progress));
  progress.clear();
  if (!inspection) {
    return std::unexpected(inspection.error());
  }
  context.console.print(arguments.json ? json_of(findings, *inspection)
                                       : text_of(findings, *inspection));
  return findings.exit_code();
}

}  // namespace

CommandResult run_doctor(const Context& context, const DoctorArguments& arguments) {
  const Settings& settings = context.settings;
  if (const auto is_local = refuse_server(settings, "doctor"); !is_local) {
    return std::unexpected(is_local.error());
  }
  Findings findings;
  if (is_database_url(settings.store)) {
    return inspect(context, arguments, {}, findings);
  }
  if (const auto has_files = store_folder(settings.store_settings()); !has_files) {
    return std::unexpected(has_files.error());
  }
  const auto folder = keep_free(settings, findings);
  const auto scratch = scratch_folder();
  if (!folder || !scratch) {
    return std::unexpected(folder ? scratch.error() : folder.error());
  }
  check_secret(settings.data, findings);
  return inspect(context, arguments, *scratch, findings);
}

}  // namespace ringbook
