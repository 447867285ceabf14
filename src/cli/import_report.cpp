#include "cli/import_report.h"

#include "base/json.h"
#include "cli/console.h"
#include "cli/export_format.h"

namespace ringbook {
namespace {

std::string text_or_none(const std::optional<std::string>& text) {
  return text ? in_quotes(*text) : "none";
}

std::string number_text(const std::optional<Extension>& extension) {
  return extension ? extension->text() : "none";
}

void append_change(std::string& out, Column column, const std::string& from,
                   const std::string& to) {
  if (from != to) {
    out += out.empty() ? ": " : ", ";
    out += column_names[static_cast<std::size_t>(column)];
    out += " " + from + " → " + to;
  }
}

void append_count(std::string& out, std::string_view name, std::uint64_t value) {
  append_json_string(out, name);
  out += ':' + std::to_string(value) + ',';
}

void append_refusal(std::string& out, const Refusal& refusal) {
  out += R"({"line":)" + std::to_string(refusal.place.line);
  out +=
      R"(,"column":)" + (refusal.place.column == 0 ? "null" : std::to_string(refusal.place.column));
  out += R"(,"value":)";
  append_json_string(out, refusal.value);
  out += R"(,"message":)";
  append_json_string(out, refusal.message());
  if (refusal.holder) {
    out += R"(,"holder":{"userId":)";
    append_json_string(out, refusal.holder->user.text());
    out += R"(,"name":)";
    append_json_or_null(out, refusal.holder->name);
    out += R"(,"since":)";
    append_json_or_null(out, refusal.holder->since
                                 ? std::optional(to_rfc3339(*refusal.holder->since))
                                 : std::nullopt);
    out += '}';
  }
  out += '}';
}

void append_refusals(std::string& out, std::string_view name, const Refusals& refusals) {
  append_json_string(out, name);
  out += ":[";
  std::string_view separator;
  for (const auto& [line, refusal] : refusals.list()) {
    out += separator;
    append_refusal(out, refusal);
    separator = ",";
  }
  out += ']';
}

}  // namespace

std::string described(const Edit& edit, const std::optional<User>& user) {
  std::string changes;
  if (edit.person == Edit::Person::create || edit.person == Edit::Person::put) {
    const Profile from = user ? user->profile : Profile();
    const Profile& to = edit.profile;
    append_change(changes, Column::name, text_or_none(from.name), text_or_none(to.name));
    append_change(changes, Column::email, text_or_none(from.email), text_or_none(to.email));
    append_change(changes, Column::department, text_or_none(from.department),
                  text_or_none(to.department));
    append_change(changes, Column::role, text_or_none(from.role), text_or_none(to.role));
    append_change(changes, Column::active, from.active ? "true" : "false",
                  to.active ? "true" : "false");
  }
  if (edit.number != Edit::Number::keep) {
    append_change(changes, Column::extension, number_text(user ? user->extension : std::nullopt),
                  number_text(edit.extension));
  }
  const bool has_name = user && user->profile.name && !user->profile.name->empty();
  return printable((edit.person == Edit::Person::create ? "create " : "change ") +
                   edit.user.text() + (has_name ? " (" + *user->profile.name + ")" : "") + changes);
}

std::string json_of(const ImportReport& report, const Refusals& refusals,
                    const Refusals& warnings) {
  std::string out = report.is_applied ? R"({"applied":true,)" : R"({"applied":false,)";
  append_count(out, "rows", report.rows);
  append_count(out, "created", report.counts.created);
  append_count(out, "edited", report.counts.edited);
  append_count(out, "assigned", report.counts.assigned);
  append_count(out, "released", report.counts.released);
  append_count(out, "unchanged", report.unchanged);
  append_count(out, "refused", refusals.rows());
  append_refusals(out, "problems", refusals);
  out += R"(,"omittedProblems":)" + std::to_string(refusals.omitted()) + ",";
  append_refusals(out, "warnings", warnings);
  out += R"(,"ignoredColumns":[)";
  for (std::size_t i = 0; i < report.ignored_columns.size(); ++i) {
    out += i == 0 ? "" : ",";
    append_json_string(out, report.ignored_columns[i]);
  }
  out += "]}\n";
  return out;
}

std::string sentence_of(const ImportReport& report, const Refusals& refusals, bool is_dry_run) {
  const auto number = [](std::uint64_t value) { return with_thousands(value); };
  return std::string(is_dry_run ? "would import: " : "imported: ") + number(report.counts.created) +
         " created, " + number(report.counts.edited) + " edited, " +
         counted(report.counts.assigned, "number", "numbers") + " assigned, " +
         number(report.counts.released) + " released, " + counted(report.unchanged, "row", "rows") +
         " unchanged, " + number(refusals.rows()) + " refused\n";
}

std::string stopped_sentence_of(const ImportReport& report, const Refusals& refusals,
                                bool is_dry_run, bool skips_invalid) {
  return "nothing " + std::string(is_dry_run ? "would be" : "was") +
         " imported: " + with_thousands(refusals.rows()) + " of " +
         counted(report.rows, "row", "rows") +
         (refusals.rows() == 1 ? " is refused" : " are refused") +
         (skips_invalid ? "" : "; mend the file, or give --skip-invalid");
}

std::string csv_of(const Refusals& refusals) {
  std::string out = "line,column,value,reason,holder,since\n";
  for (const auto& [line, refusal] : refusals.list()) {
    const FilePlace& place = refusal.place;
    const auto& holder = refusal.holder;
    out += std::to_string(place.line) + ",";
    out += (place.column == 0 ? "" : std::to_string(place.column)) + ",";
    append_csv_cell(out, printable(refusal.value));
    out += ',';
    append_csv_cell(out, printable(refusal.reason));
    out += ',' + (holder ? holder->user.text() : "") + ',';
    out += holder && holder->since ? to_rfc3339(*holder->since) : "";
    out += '\n';
  }
  return out;
}

}  // namespace ringbook
