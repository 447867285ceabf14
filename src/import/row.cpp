#include "import/row.h"

#include <algorithm>

#include "base/text.h"
#include "base/wording.h"

namespace ringbook {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What a spreadsheet did to a number that is none any more; "" where that does not show.
std::string_view spreadsheet_trace(std::string_view value) {
  const bool is_number = std::ranges::all_of(
      value, [](char c) { return is_digit(c) || std::string_view(".,+-eE").contains(c); });
  if (value.size() == 1 && is_number) {
    return "; a spreadsheet takes leading zeros away: format the column as text";
  }
  if (value.find_first_of(" \t") != std::string_view::npos || value.contains("\u00A0")) {
    return "; spaces are no part of it";
  }
  if (value.starts_with('+')) {
    return "; this is a telephone number with its country code";
  }
  if (is_number && is_digit(value[0]) && value.find_first_of("eE") != std::string_view::npos) {
    return "; a spreadsheet wrote it in scientific notation, and digits are lost: format the "
           "column "
           "as text and enter it again";
  }
  if (is_number && is_digit(value[0]) && value.find_first_of(".,") != std::string_view::npos) {
    return "; a spreadsheet made a decimal number of it, and leading zeros may be lost: format the "
           "column as text";
  }
  return "";
}

}  // namespace

std::optional<Column> column_named(std::string_view name) {
  const auto found = std::ranges::find(column_names, name);
  if (found == column_names.end()) {
    return std::nullopt;
  }
  return static_cast<Column>(found - column_names.begin());
}

std::string all_column_names() {
  std::string out;
  for (const auto name : column_names) {
    out += (out.empty() ? "" : ", ") + std::string(name);
  }
  return out;
}

void RowBuilder::begin(std::uint32_t line) {
  row_ = {};
  row_.line = line;
  row_.person_place = {.line = line};
  profile_ = {};
  has_user_ = false;
}

void RowBuilder::put(Column column, std::optional<std::string_view> value, FilePlace place) {
  const std::string_view name = column_names[static_cast<std::size_t>(column)];
  row_.given |= ImportRow::bit_of(column);
  if (column == (named_by_ == NamedBy::email ? Column::email : Column::user_id)) {
    row_.person_place = place;
  } else if (column == Column::extension) {
    row_.extension_place = place;
  }
  if (!value) {
    // What is cleared stays as a new profile has it.
    if (column == Column::user_id) {
      refuse(place, "", "userId is required");
    }
    return;
  }
  if (const auto problem = problem_of(column, *value)) {
    refuse(place, *value, std::string(name) + " " + in_quotes(*value) + " " + *problem);
  }
}

std::optional<std::string> RowBuilder::problem_of(Column column, std::string_view value) {
  if (value.find('\0') != std::string_view::npos) {
    return "holds a NUL";
  }
  switch (column) {
    case Column::user_id: {
      const auto id = UserId::parse(value);
      has_user_ = id.has_value();
      row_.user = id.value_or(UserId());
      return id ? std::nullopt
                : std::optional("is not 24 hexadecimal digits" +
                                std::string(spreadsheet_trace(value)));
    }
    case Column::name: profile_.name = value; return problem_of_name(value);
    case Column::email: profile_.email = value; return problem_of_email(value);
    case Column::department: profile_.department = value; return problem_of_department(value);
    case Column::role: profile_.role = value; return problem_of_role(value);
    case Column::active:
      // Spreadsheets write them in capitals.
      profile_.active = equals_ignoring_ascii_case(value, "true");
      return profile_.active || equals_ignoring_ascii_case(value, "false")
                 ? std::nullopt
                 : std::optional<std::string>("is not true or false");
    case Column::extension:
      row_.extension = Extension::parse(value);
      return row_.extension
                 ? std::nullopt
                 : std::optional("is not 2 to 10 digits" + std::string(spreadsheet_trace(value)));
  }
  return std::nullopt;
}

void RowBuilder::refuse(FilePlace place, std::string_view value, std::string reason) {
  row_.is_refused = true;
  refusals_.add(row_.line, place, value, std::move(reason));
}

std::optional<ImportRow> RowBuilder::finish() {
  const bool needs_user = named_by_ == NamedBy::user_id;
  if (needs_user && !row_.gives(Column::user_id) && !row_.is_refused) {
    refuse({.line = row_.line}, "", "userId is required");
  }
  if (needs_user && !has_user_) {
    return std::nullopt;
  }
  if (!row_.is_refused) {
    row_.profile = PackedProfile(profile_);
  }
  return std::move(row_);
}

}  // namespace ringbook
