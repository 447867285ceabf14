#include "import/file.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "base/wording.h"
#include "directory/identity.h"
#include "import/file_kind.h"
#include "import/reading.h"

namespace ringbook {
namespace {

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

void drop_refused(ImportFile& file) {
  std::erase_if(file.rows, [](const ImportRow& row) { return row.is_refused; });
}

std::string name_of(const ImportRow& row) {
  return std::string(row.profile.name().value_or(""));
}

// Rows with one address, refused ones too: of one person, of whom the first counts, or, under
// several names, of a mailbox that several share.
class AddressGroups {
 public:
  AddressGroups(ImportFile& file, Refusals& refusals, Refusals& warnings)
      : file_(file), refusals_(refusals), warnings_(warnings) {}

  void judge() {
    std::vector<std::pair<std::string, std::uint32_t>> keys;
    for (std::uint32_t i = 0; i < file_.rows.size(); ++i) {
      if (const auto email = file_.rows[i].profile.email()) {
        keys.emplace_back(email_key(*email), i);
      }
    }
    std::ranges::sort(keys);
    for (auto first = keys.begin(); first != keys.end();) {
      const auto last = std::find_if(
          first, keys.end(), [&](const auto& entry) { return entry.first != first->first; });
      group_.clear();
      std::transform(first, last, std::back_inserter(group_),
                     [&](const auto& entry) { return &file_.rows[entry.second]; });
      judge_group(first->first);
      first = last;
    }
  }

 private:
  void judge_group(const std::string& key) {
    if (group_.size() == 1) {
      return;
    }
    const ImportRow& first = *group_.front();
    // A row without a name gives no other one; of one that could not be read nobody knows.
    const auto named =
        std::ranges::find_if(group_, [](const ImportRow* row) { return !name_of(*row).empty(); });
    const std::string name = named == group_.end() ? "" : name_of(**named);
    const bool is_one_person = std::ranges::all_of(group_, [&](const ImportRow* row) {
      const std::string other = name_of(*row);
      const bool gives_none = other.empty() && (!row->is_refused || name.empty());
      return gives_none || other == name || is_same_name(other, name);
    });
    if (is_one_person) {
      for (std::size_t i = 1; i < group_.size(); ++i) {
        group_[i]->is_refused = true;
        refusals_.add(group_[i]->line, group_[i]->person_place, key,
                      "e-mail " + key + " stands already in " + at_line(first.line));
      }
      return;
    }
    for (ImportRow* row : group_) {
      row->shares_address = true;
    }
    warnings_.add(first.line, first.person_place, key,
                  counted(group_.size(), "row", "rows") + " share the e-mail " + key +
                      " under several names, so that it names nobody: they are told by number and "
                      "name, and it is left out");
  }

  ImportFile& file_;
  Refusals& refusals_;
  Refusals& warnings_;
  std::vector<ImportRow*> group_;
};

Result<void> check_is_a_list(ByteSource& source) {
  if (source.peek() == ByteSource::end && !source.has_failed()) {
    return fail(Errc::invalid, "the file is empty");
  }
  const auto kind = other_kind_of_file(source.ahead());
  return kind ? Result<void>(fail(Errc::invalid, *kind)) : Result<void>();
}

bool is_json(ByteSource& source) {
  const std::string_view text = trimmed(source.ahead().substr(0, limits::import_record_bytes));
  return text.starts_with('{') || text.starts_with('[');
}

}  // namespace

Result<void> Reading::take_row(RowBuilder& builder) const {
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

void Reading::leave_out(std::string_view name) const {
  auto& names = file.ignored_columns;
  const bool is_new = !name.empty() && std::ranges::find(names, name) == names.end();
  if (is_new && names.size() < limits::import_ignored_names) {
    names.emplace_back(name);
  }
}

void Reading::warn_of_foreign_text(const RowBuilder& builder) const {
  if (const auto place = builder.first_foreign_text()) {
    warnings.add(place->line, *place, "",
                 "the file is not in UTF-8: save it as \"CSV UTF-8\" in the program that it comes "
                 "from, and import that");
  }
}

Result<void> Reading::look_for_addresses(const RowBuilder& builder) const {
  const std::string& column = builder.column_like_addresses();
  if (column.empty()) {
    return {};
  }
  return fail(Errc::invalid,
              "column " + in_quotes(column) +
                  " looks like the e-mail addresses by which people are told, but in a list of " +
                  std::string(file.list->name) + " these stand in the column " +
                  file.list->names_of(Field::email) + ": give it that name, or take it away");
}

void refuse_repeated_users(ImportFile& file, Refusals& refusals) {
  refuse_repeated<UserId>(
      file, refusals, "user", [](const ImportRow& row) { return std::optional(row.user); },
      [](const UserId& user) { return user.text(); }, &ImportRow::person_place);
  drop_refused(file);
}

Result<ImportFile> read_import_file(ByteSource& source, Refusals& refusals, Refusals& warnings,
                                    const ReadingProgress& progress) {
  if (const auto is_list = check_is_a_list(source); !is_list) {
    return std::unexpected(is_list.error());
  }
  ImportFile file;
  const Reading reading{source, file, refusals, warnings, progress};
  if (const auto read = is_json(source) ? read_json(reading) : read_csv(reading); !read) {
    return std::unexpected(read.error());
  }
  if (file.records == 0) {
    warnings.add(1, {.line = 1}, "", "the file has no rows: there is nothing to import");
  }
  refuse_repeated<Extension>(
      file, refusals, "extension", [](const ImportRow& row) { return row.extension; },
      [](const Extension& extension) { return extension.text(); }, &ImportRow::extension_place);
  if (file.list->rules.named_by == RowRules::NamedBy::user_id) {
    refuse_repeated_users(file, refusals);
  } else {
    AddressGroups(file, refusals, warnings).judge();
    drop_refused(file);
  }
  return file;
}

}  // namespace ringbook
