// Import files of every form: each row is taken or refused, what is taken keeps the rules, and an
// export of it is imported as the same rows.
#include <algorithm>
#include <set>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/export_format.h"
#include "fuzz/target.h"
#include "import/file.h"

namespace ringbook::fuzz {
namespace {

Result<ImportFile> read(std::string text, Refusals& refusals) {
  ByteSource source = ByteSource::of_text(std::move(text));
  Refusals warnings(limits::import_problems);
  return read_import_file(source, refusals, warnings, [](std::uint64_t, std::optional<double>) {});
}

User user_of(const ImportRow& row) {
  User user;
  user.id = row.user;
  user.profile = row.profile.unpack();
  user.extension = row.extension;
  return user;
}

bool is_own(const ImportFile& file) {
  return file.list->rules.is_own;
}

void check_rows(const ImportFile& file, const Refusals& refusals) {
  check(file.rows.size() + refusals.rows() == file.records, "every row is taken or refused");
  std::set<UserId> users;
  std::set<Extension> extensions;
  std::uint32_t line = 0;
  for (const ImportRow& row : file.rows) {
    check(row.line > line, "rows are in order of lines");
    line = row.line;
    check(!row.is_refused, "what is refused is left out");
    if (is_own(file)) {
      check(row.gives(Column::user_id), "a row says whom it is about");
      check(users.insert(row.user).second, "a user has one row");
    }
    check(!row.extension || extensions.insert(*row.extension).second, "a number has one row");
    const Profile profile = row.profile.unpack();
    check(!problem_of(profile), "a profile keeps its rules");
    for (const auto& text : {profile.name, profile.email, profile.department}) {
      check(!text || count_code_points(*text), "a profile is UTF-8");
    }
  }
}

// Empty texts are none wherever they are stored.
Profile normal(Profile profile) {
  for (auto* text : {&profile.name, &profile.email, &profile.department}) {
    if (*text && (*text)->empty()) {
      text->reset();
    }
  }
  return profile;
}

void check_export(const ImportFile& file, ExportFormat format) {
  std::string text;
  append_export_header(text, format);
  for (const ImportRow& row : file.rows) {
    append_export_row(text, format, view_of(user_of(row)));
  }
  Refusals refusals(limits::import_problems);
  const auto again = read(std::move(text), refusals);
  check(again && refusals.empty() && again->rows.size() == file.rows.size(),
        "an export is imported");
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    check(again->rows[i].user == file.rows[i].user &&
              again->rows[i].extension == file.rows[i].extension &&
              normal(again->rows[i].profile.unpack()) == normal(file.rows[i].profile.unpack()),
          "a row comes back");
  }
}

void run(std::string_view text) {
  Refusals refusals(limits::import_problems);
  const auto file = read(std::string(text), refusals);
  for (const auto& [line, refusal] : refusals.list()) {
    check(line > 0 && refusal.place.line >= line, "a refusal says where");
  }
  if (file) {
    check_rows(*file, refusals);
    // The export of nobody as JSON Lines is an empty file, which import refuses.
    if (is_own(*file) && !file->rows.empty()) {
      check_export(*file, ExportFormat::csv);
      check_export(*file, ExportFormat::json_lines);
    }
  }
}

const Target target("import", run);

}  // namespace
}  // namespace ringbook::fuzz
