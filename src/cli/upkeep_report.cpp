#include "cli/upkeep_report.h"

#include "base/json.h"
#include "base/limits.h"

namespace ringbook {
namespace {

std::string_view name_of(Finding::Weight weight) {
  switch (weight) {
    case Finding::Weight::damage: return "damage";
    case Finding::Weight::care: return "care";
  }
  return "";
}

}  // namespace

OnUpkeepStep shown_by(Progress& progress) {
  return [&progress, phase = std::string()](const UpkeepStep& step) mutable {
    if (step.phase != phase) {
      phase = step.phase;
      progress.begin(step.phase, step.unit, step.total);
    }
    progress.at(step.done);
  };
}

void Findings::add(Finding finding) {
  // A damaged file can name its tables as it likes, and who mends it must tell the names apart.
  finding.what = escaped(finding.what);
  (finding.weight == Finding::Weight::damage ? damages_ : cares_) += 1;
  if (kept_.size() < limits::findings) {
    kept_.push_back(std::move(finding));
  }
}

std::string Findings::text() const {
  std::string out;
  for (const Finding& finding : kept_) {
    out += std::string(name_of(finding.weight)) + ": " + printable(finding.where) + ": " +
           finding.what + "\n  mend: " + printable(finding.mend) + "\n";
  }
  if (omitted() > 0) {
    out += "… and " + with_thousands(omitted()) + " more\n";
  }
  return out;
}

std::string Findings::json_members() const {
  std::string out = R"("findings":[)";
  std::string_view separator;
  for (const Finding& finding : kept_) {
    out += separator;
    separator = ",";
    out += R"({"weight":)";
    append_json_string(out, name_of(finding.weight));
    out += R"(,"where":)";
    append_json_string(out, finding.where);
    out += R"(,"what":)";
    append_json_string(out, finding.what);
    out += R"(,"mend":)";
    append_json_string(out, finding.mend);
    out += '}';
  }
  return out + R"(],"omittedFindings":)" + std::to_string(omitted());
}

ExitCode Findings::exit_code() const {
  if (damages_ > 0) {
    return ExitCode::damaged;
  }
  return cares_ > 0 ? ExitCode::refused : ExitCode::done;
}

std::string amounts(std::uint64_t changes, std::uint64_t people, std::uint64_t numbers) {
  return counted(changes, "change", "changes") + ", " + counted(people, "person", "people") + ", " +
         counted(numbers, "number", "numbers");
}

std::string json_amounts(std::uint64_t changes, std::uint64_t people, std::uint64_t numbers) {
  return "\"lastChange\":" + std::to_string(changes) + ",\"users\":" + std::to_string(people) +
         ",\"extensions\":" + std::to_string(numbers);
}

std::string json_of(const BackupSummary& summary, std::string_view name, std::string_view place) {
  std::string out = "{\"" + std::string(name) + "\":";
  append_json_string(out, place);
  out += ",\"takenAt\":\"" + to_rfc3339(summary.taken_at) + "\"," +
         json_amounts(summary.last_change, summary.users, summary.extensions) + "}\n";
  return out;
}

Result<void> refuse_server(const Settings& settings, std::string_view command) {
  if (!settings.server) {
    return {};
  }
  return fail(Errc::usage, std::string(command) +
                               " is about files, not for --server: run it where the data folder "
                               "is, and name that with --data");
}

Result<std::filesystem::path> scratch_folder() {
  std::error_code error;
  auto path = std::filesystem::temp_directory_path(error);
  if (error) {
    return fail(Errc::unavailable, "there is no folder for temporary files; TMPDIR names one");
  }
  return path;
}

}  // namespace ringbook
