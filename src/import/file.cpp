#include "import/file.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/wording.h"
#include "import/csv.h"

namespace ringbook {
namespace {

// An export puts a quote mark before what a spreadsheet would take for a formula.
constexpr std::string_view guarded_beginnings = "=+-@'\t\r";

std::string_view without_guard(std::string_view cell) {
  const bool is_guarded = cell.size() >= 2 && cell[0] == '\'' &&
                          guarded_beginnings.find(cell[1]) != std::string_view::npos;
  return is_guarded ? cell.substr(1) : cell;
}

Result<void> take_row(ImportFile& file, RowBuilder& builder, const ByteSource& source,
                      const ReadingProgress& progress) {
  if (auto row = builder.finish()) {
    file.rows.push_back(*std::move(row));
  }
  ++file.records;
  progress(file.records, source.share_taken());
  if (file.records > limits::change_set_edits) {
    return fail(Errc::invalid, "the file has more than " +
                                   with_thousands(limits::change_set_edits) +
                                   " rows, the most that one import takes: split the file");
  }
  return {};
}

// RingCentral's words for a person's state; nothing for one that says nothing of a person. Somebody
// who was invited and has not signed in yet has the number all the same.
std::optional<std::string_view> active_of_status(std::string_view status) {
  struct Word {
    std::string_view status;
    std::string_view active;
  };
  constexpr std::array words{Word{"enabled", "true"}, Word{"not activated", "true"},
                             Word{"notactivated", "true"}, Word{"disabled", "false"},
                             Word{"frozen", "false"}};
  const auto found = std::ranges::find_if(
      words, [&](const Word& word) { return equals_ignoring_ascii_case(word.status, status); });
  return found == words.end() ? std::nullopt : std::optional(found->active);
}

// Spreadsheets leave rows behind in which nothing stands.
bool is_blank(const CsvRecord& record) {
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (!record.cell(i).empty()) {
      return false;
    }
  }
  return true;
}

// Makes rows of records, cell by cell as the header says.
class CsvRows {
 public:
  CsvRows(const ImportHeader& header, ImportFile& file, RowBuilder& builder)
      : header_(header), file_(file), builder_(builder) {}

  void build(const CsvRecord& record) {
    builder_.begin(record.line());
    name_.clear();
    if (record.size() != header_.fields.size()) {
      builder_.refuse({.line = record.line()}, "",
                      "has " + std::to_string(record.size()) +
                          " cells, where the header line has " +
                          std::to_string(header_.fields.size()));
    }
    for (std::size_t i = 0; i < std::min(record.size(), header_.fields.size()); ++i) {
      put(header_.fields[i], record.cell(i), record.place(i));
    }
    if (!name_.empty()) {
      builder_.put(Column::name, name_, name_place_);
    }
  }

 private:
  void put(CsvField field, std::string_view cell, FilePlace place) {
    const bool is_own = header_.format == ImportFormat::ringbook;
    if (field == CsvField::ignored || (!is_own && cell.empty())) {
      return;
    }
    switch (field) {
      case CsvField::first_name: put_name(cell, place, true); return;
      case CsvField::last_name: put_name(cell, place, false); return;
      case CsvField::status: put_status(cell, place); return;
      default: break;
    }
    if (field == CsvField::active && !cell.empty()) {
      file_.is_as_exported &= cell == "true" || cell == "false";
    }
    const auto value =
        cell.empty() ? std::nullopt : std::optional(is_own ? without_guard(cell) : cell);
    builder_.put(static_cast<Column>(field), value, place);
  }

  // The columns may stand in any order.
  void put_name(std::string_view cell, FilePlace place, bool is_first) {
    if (name_.empty()) {
      name_ = cell;
      name_place_ = place;
    } else {
      name_ = is_first ? std::string(cell) + " " + name_ : name_ + " " + std::string(cell);
    }
  }

  void put_status(std::string_view cell, FilePlace place) {
    if (const auto active = active_of_status(cell)) {
      builder_.put(Column::active, *active, place);
    } else {
      builder_.refuse(
          place, cell,
          "status " + in_quotes(cell) + " is not Enabled, Not Activated, Disabled or Frozen");
    }
  }

  const ImportHeader& header_;
  ImportFile& file_;
  RowBuilder& builder_;
  std::string name_;
  FilePlace name_place_;
};

Result<void> read_csv(ByteSource& source, Refusals& refusals, const ReadingProgress& progress,
                      ImportFile& file) {
  file.is_csv = true;
  CsvReader reader(source);
  CsvRecord record;
  auto has_record = reader.next(record);
  if (!has_record || !*has_record) {
    return has_record ? Result<void>() : std::unexpected(has_record.error());
  }
  const auto header = read_import_header(record);
  if (!header) {
    return std::unexpected(header.error());
  }
  const bool is_own = header->format == ImportFormat::ringbook;
  file.format = header->format;
  file.ignored_columns = header->ignored;
  file.merges_empty_and_absent = is_own;
  file.is_as_exported = header->is_in_the_order_of_exports && reader.separator() == ',';
  RowBuilder builder(refusals, is_own ? RowBuilder::NamedBy::user_id : RowBuilder::NamedBy::email);
  CsvRows rows(*header, file, builder);
  for (has_record = reader.next(record); has_record && *has_record;
       has_record = reader.next(record)) {
    if (is_blank(record)) {
      continue;
    }
    rows.build(record);
    if (auto taken = take_row(file, builder, source, progress); !taken) {
      return taken;
    }
  }
  return has_record ? Result<void>() : std::unexpected(has_record.error());
}

// The next line without its end; false at the end of the file.
Result<bool> read_line(ByteSource& source, std::uint32_t number, std::string& line) {
  line.clear();
  if (source.peek() == ByteSource::end) {
    return source.has_failed() ? Result<bool>(fail(Errc::unavailable, "the file cannot be read on"))
                               : false;
  }
  for (int byte = source.take(); byte != '\n' && byte != ByteSource::end; byte = source.take()) {
    if (line.size() == limits::import_record_bytes) {
      return fail(Errc::invalid, at_line(number) + ": longer than " +
                                     std::to_string(limits::import_record_bytes) + " bytes");
    }
    line += static_cast<char>(byte);
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  return true;
}

void put_member(RowBuilder& builder, Column column, const JsonDocument::Value& value,
                FilePlace place) {
  const bool is_boolean = column == Column::active;
  if (value.is(JsonType::null)) {
    builder.put(column, std::nullopt, place);
  } else if (is_boolean && value.is(JsonType::boolean)) {
    builder.put(column, value.boolean() ? "true" : "false", place);
  } else if (!is_boolean && value.is(JsonType::string)) {
    builder.put(column, value.string(), place);
  } else {
    builder.refuse(place, "",
                   std::string(value.name()) +
                       (is_boolean ? " must be true, false or null" : " must be a string or null"));
  }
}

void build_row(RowBuilder& builder, JsonDocument& document, std::string_view text,
               std::uint32_t line) {
  const FilePlace place{.line = line};
  builder.begin(line);
  if (const auto parsed = document.parse(text); !parsed || !document.root().is(JsonType::object)) {
    builder.refuse(place, "", "is no JSON object in UTF-8");
    return;
  }
  for (auto member = document.root().first(); member; member = member->next()) {
    const auto column = column_named(member->name());
    if (!column) {
      builder.refuse(
          place, member->name(),
          "unknown member " + in_quotes(member->name()) + "; known are " + all_column_names());
    } else if (member->repeats_a_name()) {
      builder.refuse(place, member->name(),
                     "member " + in_quotes(member->name()) + " stands there twice");
    } else {
      put_member(builder, *column, *member, place);
    }
  }
}

Result<void> read_json_lines(ByteSource& source, Refusals& refusals,
                             const ReadingProgress& progress, ImportFile& file) {
  RowBuilder builder(refusals);
  JsonDocument document;
  std::string line;
  for (std::uint32_t number = 1;; ++number) {
    const auto has_line = read_line(source, number, line);
    if (!has_line || !*has_line) {
      return has_line ? Result<void>() : std::unexpected(has_line.error());
    }
    if (line.empty()) {
      continue;
    }
    build_row(builder, document, line, number);
    if (auto taken = take_row(file, builder, source, progress); !taken) {
      return taken;
    }
  }
}

// Refuses the later of two rows with the same key. `key_of` gives nothing for rows without one,
// `text_of` what a message calls the key.
template <class Key>
void refuse_repeated(ImportFile& file, Refusals& refusals, std::string_view what,
                     std::optional<Key> (*key_of)(const ImportRow&),
                     std::string (*text_of)(const Key&), FilePlace ImportRow::* place) {
  // Keys beside each other sort much faster than rows that are looked up for theirs.
  std::vector<std::pair<Key, std::uint32_t>> keys;
  keys.reserve(file.rows.size());
  for (std::uint32_t i = 0; i < file.rows.size(); ++i) {
    if (auto key = key_of(file.rows[i])) {
      keys.emplace_back(*std::move(key), i);
    }
  }
  std::ranges::sort(keys);
  std::uint32_t first_line = 0;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    const auto& [key, index] = keys[at];
    ImportRow& row = file.rows[index];
    if (at == 0 || keys[at - 1].first != key) {
      first_line = row.line;
      continue;
    }
    row.is_refused = true;
    const std::string text = text_of(key);
    refusals.add(row.line, row.*place, text,
                 std::string(what) + " " + text + " stands already in " + at_line(first_line));
  }
}

// What spreadsheets save when they are not told to write text.
Result<void> check_is_text(ByteSource& source) {
  const std::string_view first = source.ahead();
  if (first.starts_with("PK\x03")) {
    return fail(Errc::invalid, "this is a workbook and no text: save it as CSV in UTF-8");
  }
  if (first.starts_with("\xFF\xFE") || first.starts_with("\xFE\xFF")) {
    return fail(Errc::invalid, "this is text in UTF-16: save it as CSV in UTF-8");
  }
  return {};
}

void drop_refused(ImportFile& file) {
  std::erase_if(file.rows, [](const ImportRow& row) { return row.is_refused; });
}

}  // namespace

void refuse_repeated_users(ImportFile& file, Refusals& refusals) {
  refuse_repeated<UserId>(
      file, refusals, "user", [](const ImportRow& row) { return std::optional(row.user); },
      [](const UserId& user) { return user.text(); }, &ImportRow::person_place);
  drop_refused(file);
}

Result<ImportFile> read_import_file(ByteSource& source, Refusals& refusals,
                                    const ReadingProgress& progress) {
  if (const auto is_text = check_is_text(source); !is_text) {
    return std::unexpected(is_text.error());
  }
  ImportFile file;
  const auto read = source.peek() == '{' ? read_json_lines(source, refusals, progress, file)
                                         : read_csv(source, refusals, progress, file);
  if (!read) {
    return std::unexpected(read.error());
  }
  refuse_repeated<Extension>(
      file, refusals, "extension", [](const ImportRow& row) { return row.extension; },
      [](const Extension& extension) { return extension.text(); }, &ImportRow::extension_place);
  if (file.format == ImportFormat::ringbook) {
    refuse_repeated_users(file, refusals);
  } else {
    refuse_repeated<std::string>(
        file, refusals, "e-mail",
        [](const ImportRow& row) -> std::optional<std::string> {
          const auto email = row.profile ? row.profile.email() : std::nullopt;
          return email ? std::optional(ascii_lower(*email)) : std::nullopt;
        },
        [](const std::string& email) { return email; }, &ImportRow::person_place);
    drop_refused(file);
  }
  return file;
}

}  // namespace ringbook
