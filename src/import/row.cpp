#include "import/row.h"

#include <algorithm>

#include "base/text.h"
#include "base/wording.h"
#include "import/known_lists.h"

namespace ringbook {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What a spreadsheet, or a hand, did to a number that is none any more; "" where that does not
// show.
std::string trace_of_typing(std::string_view value) {
  if (const auto unseen = find_unseen(value); unseen && count_code_points(value)) {
    return "; it holds " + code_point_name(*unseen) + ", which cannot be seen";
  }
  const bool is_number = std::ranges::all_of(
      value, [](char c) { return is_digit(c) || std::string_view(".,+-eE").contains(c); });
  if (value.size() == 1 && is_digit(value[0])) {
    return "; a spreadsheet takes leading zeros away: format the column as text";
  }
  if (value.contains(' ')) {
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

// Words of several programs for a person's state; nothing for one that says nothing of a person.
// Somebody who was invited and has not signed in yet has the number all the same.
std::optional<std::string_view> active_of_status(std::string_view status) {
  struct Word {
    std::string_view status;
    std::string_view active;
  };
  constexpr std::array words{Word{"enabled", "true"},       Word{"active", "true"},
                             Word{"not activated", "true"}, Word{"notactivated", "true"},
                             Word{"disabled", "false"},     Word{"inactive", "false"},
                             Word{"frozen", "false"}};
  const auto found = std::ranges::find_if(
      words, [&](const Word& word) { return equals_ignoring_ascii_case(word.status, status); });
  return found == words.end() ? std::nullopt : std::optional(found->active);
}

// As mongoexport and mongosh show an id: ObjectId(64b7…), with quotes or without.
std::string_view without_object_id(std::string_view value) {
  constexpr std::string_view opening = "ObjectId(";
  if (!equals_ignoring_ascii_case(value.substr(0, opening.size()), opening) ||
      !value.ends_with(')')) {
    return value;
  }
  value.remove_prefix(opening.size());
  value.remove_suffix(1);
  const bool is_quoted = value.size() >= 2 && value.front() == value.back() &&
                         (value.front() == '"' || value.front() == '\'');
  return is_quoted ? value.substr(1, value.size() - 2) : value;
}

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at != 0 && text.find('@', at + 1) == text.npos &&
         text.substr(at).contains('.') && !std::ranges::all_of(text.substr(0, at), is_digit);
}

// Whether somebody's address stands in it, also among other words; not that of a telephone's
// account (sip:ada@pbx.example.com, 1234@pbx.example.com).
bool holds_address(std::string_view text) {
  constexpr std::string_view between = " \t,;:<>()[]\"'=";
  if (!text.contains('@') || text.contains("sip:")) {
    return false;
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(between), text.size());
    if (is_address(text.substr(0, end))) {
      return true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

bool is_for_secrets(std::string_view column) {
  const std::string key = column_key(column);
  return std::ranges::any_of(std::array{"secret", "passw", "pwd", "pin"},
                             [&](const char* word) { return key.contains(word); });
}

// Quotation marks around an address are of whoever wrote the list; a single one at the beginning
// is how a spreadsheet keeps text.
std::string_view without_quotes(std::string_view address) {
  for (const char quote : {'\'', '"'}) {
    if (address.starts_with(quote)) {
      address.remove_prefix(1);
      address.remove_suffix(address.ends_with(quote) ? 1 : 0);
    }
  }
  return trimmed(address);
}

// Keeps only what a profile may hold, so that a refused row has one, too.
template <class Text>
std::optional<std::string> keep(Text& text, std::string_view value,
                                std::optional<std::string> problem) {
  if (!problem) {
    text = value;
  }
  return problem;
}

bool is_one_address(std::string_view value) {
  return std::ranges::count(value, '@') == 1 && !value.starts_with('@') && !value.ends_with('.') &&
         value.find_first_of(" ,;:<>()\"") == std::string_view::npos;
}

}  // namespace

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
  for (Said& said : said_) {
    said.column = nullptr;
  }
  has_user_ = false;
  first_name_.clear();
  last_name_.clear();
  passed_over_.clear();
}

void RowBuilder::put(const KnownColumn& known, std::optional<std::string_view> value,
                     FilePlace place) {
  const Field field = known.field;
  const bool is_text = field == Field::name || field == Field::department || field == Field::role;
  if (value && !(rules_.is_own && is_text)) {
    // Blanks alone are nothing.
    const bool is_blank = !value->empty() && trimmed(*value).empty();
    value = is_blank ? std::nullopt : std::optional(trimmed(*value));
  }
  if (value && field == Field::email && !rules_.is_own) {
    const std::string_view address = without_quotes(*value);
    value = address.empty() ? std::nullopt : std::optional(address);
  }
  const bool says_nothing = !rules_.is_own && !is_given(value);
  if (says_nothing || (value && !is_first_of_field(known, *value, place))) {
    return;
  }
  switch (field) {
    case Field::first_name:
    case Field::last_name: put_part_of_name(field, *value, place); return;
    case Field::status: put_status(*value, place); return;
    default: break;
  }
  const auto column = static_cast<Column>(field);
  if (value) {
    put_value(column, *value, place);
    return;
  }
  // What is cleared stays as a new profile has it.
  speak_of(column, place);
  if (column == Column::user_id) {
    refuse(place, "", "userId is required");
  }
}

bool RowBuilder::is_first_of_field(const KnownColumn& column, std::string_view value,
                                   FilePlace place) {
  Said& said = said_[static_cast<std::size_t>(column.field)];
  if (said.column == nullptr) {
    said.column = &column;
    said.value = value;
    return true;
  }
  if (said.value != value) {
    refuse(place, value,
           std::string(column.name) + " is " + in_quotes(value) + ", but " +
               std::string(said.column->name) + " is " + in_quotes(said.value) +
               ": one value is wanted");
  }
  return false;
}

void RowBuilder::speak_of(Column column, FilePlace place) {
  row_.given |= ImportRow::bit_of(column);
  const bool names_people_by_email = rules_.named_by == RowRules::NamedBy::email;
  if (column == (names_people_by_email ? Column::email : Column::user_id)) {
    row_.person_place = place;
  } else if (column == Column::extension) {
    row_.extension_place = place;
  }
}

void RowBuilder::put_value(Column column, std::string_view value, FilePlace place) {
  speak_of(column, place);
  if (!count_code_points(value)) {
    note_foreign_text(place);
  }
  if (const auto problem = problem_of(column, value)) {
    refuse(place, value,
           std::string(column_names[static_cast<std::size_t>(column)]) + " " + in_quotes(value) +
               " " + *problem);
  }
}

void RowBuilder::put_part_of_name(Field field, std::string_view part, FilePlace place) {
  (field == Field::first_name ? first_name_ : last_name_) = part;
  name_place_ = place;
}

void RowBuilder::put_status(std::string_view status, FilePlace place) {
  if (const auto active = active_of_status(status)) {
    put_value(Column::active, *active, place);
  } else {
    refuse(place, status,
           "status " + in_quotes(status) +
               " is not Enabled, Active, Not Activated, Disabled, Inactive or Frozen");
  }
}

void RowBuilder::note_foreign_text(FilePlace place) {
  if (!first_foreign_text_) {
    first_foreign_text_ = place;
  }
}

std::optional<std::string> RowBuilder::problem_of(Column column, std::string_view value) {
  if (value.find('\0') != std::string_view::npos) {
    return "holds a NUL";
  }
  switch (column) {
    case Column::user_id: {
      const auto id = UserId::parse(without_object_id(value));
      has_user_ = id.has_value();
      row_.user = id.value_or(UserId());
      return id ? std::nullopt
                : std::optional("is not 24 hexadecimal digits" + trace_of_typing(value));
    }
    case Column::name:
      if (!rules_.is_own && holds_address(value)) {
        return "holds an e-mail address, which belongs into a column of its own";
      }
      return keep(profile_.name, value, problem_of_name(value));
    case Column::email: return problem_of_address(value);
    case Column::department: return keep(profile_.department, value, problem_of_department(value));
    case Column::role: return keep(profile_.role, value, problem_of_role(value));
    case Column::active:
      // Spreadsheets write them in capitals.
      profile_.active = equals_ignoring_ascii_case(value, "true");
      return profile_.active || equals_ignoring_ascii_case(value, "false")
                 ? std::nullopt
                 : std::optional<std::string>("is not true or false");
    case Column::extension:
      row_.extension = Extension::parse(value);
      return row_.extension ? std::nullopt
                            : std::optional("is not 2 to 10 digits" + trace_of_typing(value));
  }
  return std::nullopt;
}

// In lists of other programs an address names somebody, so it must be one, as people type it.
std::optional<std::string> RowBuilder::problem_of_address(std::string_view value) {
  const auto problem = keep(profile_.email, value, problem_of_email(value));
  if (problem || rules_.is_own) {
    return problem;
  }
  if (!is_one_address(value)) {
    profile_.email.reset();
    return "is not one e-mail address; leave the cell empty where there is none";
  }
  const auto unseen = find_unseen(value);
  return unseen ? std::optional("holds " + code_point_name(*unseen) + ", which cannot be seen")
                : std::nullopt;
}

void RowBuilder::refuse(FilePlace place, std::string_view value, std::string reason) {
  row_.is_refused = true;
  refusals_.add(row_.line, place, value, std::move(reason));
}

void RowBuilder::pass_over(std::string_view column, std::string_view value) {
  if (rules_.named_by == RowRules::NamedBy::email && passed_over_.empty() && holds_address(value) &&
      !is_for_secrets(column)) {
    passed_over_ = column;
  }
}

std::optional<ImportRow> RowBuilder::finish() {
  if (column_like_addresses_.empty() && !row_.gives(Column::email)) {
    column_like_addresses_ = passed_over_;
  }
  // A name as a whole says more than its parts.
  if (!row_.gives(Column::name) && !(first_name_.empty() && last_name_.empty())) {
    const bool has_both = !first_name_.empty() && !last_name_.empty();
    put_value(Column::name, first_name_ + (has_both ? " " : "") + last_name_, name_place_);
  }
  const bool needs_user = rules_.named_by == RowRules::NamedBy::user_id;
  if (needs_user && !row_.gives(Column::user_id) && !row_.is_refused) {
    refuse({.line = row_.line}, "", "userId is required");
  }
  if (needs_user && !has_user_) {
    return std::nullopt;
  }
  row_.profile = PackedProfile(profile_);
  return std::move(row_);
}

}  // namespace ringbook
