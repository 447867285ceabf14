#include "import/header.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "base/wording.h"

namespace ringbook {
namespace {

std::vector<std::string> names_in(const CsvRecord& record) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < record.size(); ++i) {
    names.emplace_back(trimmed(record.cell(i)));
  }
  return names;
}

// Ringbook's own column that was meant.
std::optional<std::string_view> nearest_own(std::string_view name) {
  std::vector<std::string> keys;
  std::ranges::transform(column_names, std::back_inserter(keys), column_key);
  const auto found = nearest(column_key(name), keys);
  return found ? std::optional(own_list()
                                   .columns[static_cast<std::size_t>(
                                       std::ranges::find(keys, *found) - keys.begin())]
                                   .name)
               : std::nullopt;
}

// `"nmae" (did you mean name?), "phone"`: those that Ringbook's own list does not have.
std::string unknown_columns(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (name.empty() || own_list().column_of(name) != nullptr) {
      continue;
    }
    const auto meant = nearest_own(name);
    out += (out.empty() ? "" : ", ") + in_quotes(name) +
           (meant ? " (did you mean " + std::string(*meant) + "?)" : "");
  }
  return out;
}

std::string problem_of_unknown_list(const std::vector<std::string>& names) {
  const bool has_userlike = std::ranges::any_of(
      names, [](const std::string& name) { return nearest_own(name) == column_names[0]; });
  const std::string unknown = unknown_columns(names);
  if (unknown.empty()) {
    return "the header line has no column userId, which says whom a row is about; new people get "
           "their id from `ringbook user add`";
  }
  if (has_userlike) {
    return "unknown columns " + unknown + "; known are " + all_column_names();
  }
  const bool is_text = std::ranges::all_of(
      names, [](const std::string& name) { return count_code_points(name).has_value(); });
  return "no list that is known has the columns of this header line. Known are, by these "
         "columns: " +
         all_known_lists() +
         ". Give the columns the names of one of them (`ringbook import --lists` shows all), at "
         "best "
         "userId and rcExtension" +
         (is_text ? "" : "; and save the file as \"CSV UTF-8\"");
}

// The columns of `list` that stand there twice.
std::string repeated_columns(const ImportHeader& header, const CsvRecord& record) {
  std::string problems;
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    const auto here = header.columns.begin() + static_cast<std::ptrdiff_t>(i);
    if (*here != nullptr && std::find(header.columns.begin(), here, *here) != here) {
      problems += (problems.empty() ? "" : "\n") + record.place(i).text() + ": column " +
                  in_quotes(header.names[i]) + " stands here a second time";
    }
  }
  return problems;
}

bool is_of(const KnownColumn* column, Field field) {
  return column != nullptr && column->field == field;
}

bool is_in_the_order_of_exports(const std::vector<const KnownColumn*>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_of(columns[i], static_cast<Field>(i))) {
      return false;
    }
  }
  return columns.size() == column_names.size();
}

}  // namespace

bool is_known_header(const CsvRecord& record) {
  return !record.fault() && list_with(names_in(record)) != nullptr;
}

Result<ImportHeader> read_import_header(const CsvRecord& record) {
  if (const auto& fault = record.fault()) {
    return fail(Errc::invalid, fault->place.text() + ": " + fault->what);
  }
  ImportHeader header{.list = nullptr, .columns = {}, .names = names_in(record)};
  const std::string here = at_line(record.line()) + ": ";
  header.list = list_with(header.names);
  if (header.list == nullptr) {
    return fail(Errc::invalid, here + problem_of_unknown_list(header.names));
  }
  for (const std::string& name : header.names) {
    header.columns.push_back(header.list->column_of(name));
  }
  const bool is_own = header.list->rules.is_own;
  if (is_own && !unknown_columns(header.names).empty()) {
    return fail(Errc::invalid, here + "unknown columns " + unknown_columns(header.names) +
                                   "; known are " + all_column_names());
  }
  if (const std::string problems = repeated_columns(header, record); !problems.empty()) {
    return fail(Errc::invalid, problems);
  }
  const bool has_numbers = std::ranges::any_of(
      header.columns, [](const KnownColumn* column) { return is_of(column, Field::extension); });
  if (!is_own && !has_numbers) {
    return fail(Errc::invalid, here + "this is a list of " + std::string(header.list->name) +
                                   " without its numbers: a column " +
                                   header.list->names_of(Field::extension) + " is wanted");
  }
  header.is_in_the_order_of_exports = is_in_the_order_of_exports(header.columns);
  return header;
}

}  // namespace ringbook
