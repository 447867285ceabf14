// What an import says of itself: to people, to programs, and in a file of what it refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/import_plan.h"
#include "import/refusals.h"

namespace ringbook {

struct ImportReport {
  ImportCounts counts;
  std::uint64_t rows = 0;
  std::uint64_t unchanged = 0;
  bool is_applied = false;
  std::vector<std::string> ignored_columns;
};

// "change 64b7… (Ada Lovelace): rcExtension 1234 → 1235", for one edit and whom it meets.
std::string described(const Edit& edit, const std::optional<User>& user);

// The report as one JSON object and a line end.
std::string json_of(const ImportReport& report, const Refusals& refusals, const Refusals& warnings);
// "imported: 3 created, …" and a line end.
std::string sentence_of(const ImportReport& report, const Refusals& refusals, bool is_dry_run);
// Why nothing of it is imported, for people: "nothing was imported: 1 of 2 rows is refused; …".
std::string stopped_sentence_of(const ImportReport& report, const Refusals& refusals,
                                bool is_dry_run, bool skips_invalid);
// The refusals as CSV with a header line: line, column, value, reason, holder, since.
std::string csv_of(const Refusals& refusals);

}  // namespace ringbook
