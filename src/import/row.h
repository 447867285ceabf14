// One row of an import: which columns exist, what each may hold, and what a row says of a user.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "directory/extension.h"
#include "directory/packed_profile.h"
#include "directory/user_id.h"
#include "import/file_place.h"
#include "import/refusals.h"

namespace ringbook {

enum class Column : std::uint8_t { user_id, name, email, department, role, active, extension };

// In the order of an export; the position is the enumerator's value.
inline constexpr std::array<std::string_view, 7> column_names{
    "userId", "name", "email", "department", "role", "active", "rcExtension"};

// "userId, name, …", for messages.
std::string all_column_names();

// What a column of any list means: one of ours, or what one of ours is made of.
enum class Field : std::uint8_t {
  user_id,
  name,
  email,
  department,
  role,
  active,
  extension,
  first_name,
  last_name,
  status,  // A word for whether somebody is active.
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::status) + 1;

struct KnownColumn {
  std::string_view name;  // As the program writes it.
  Field field;
};

struct ImportRow {
  UserId user;  // Where the file names people by e-mail: nobody yet.
  std::uint32_t line = 0;
  std::uint8_t given = 0;  // A bit for each column that the row speaks of.
  bool is_refused = false;
  bool shares_address = false;         // With rows of other people, so that it names nobody.
  std::optional<Extension> extension;  // Nothing, though given: the number is to be released.
  FilePlace person_place;              // Of what names the person, and of the number.
  FilePlace extension_place;
  PackedProfile profile;  // The given members, as far as they keep the rules; else as a new one.

  bool gives(Column column) const { return (given & bit_of(column)) != 0; }
  static std::uint8_t bit_of(Column column) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(column));
  }
};

// How the rows of a list are to be understood.
struct RowRules {
  enum class NamedBy : std::uint8_t { user_id, email };

  NamedBy named_by = NamedBy::user_id;
  // In Ringbook's own format texts are kept as they stand, and an absent value clears. Elsewhere
  // texts are without what cannot be seen at their edges, and an absent value says nothing.
  bool is_own = true;
};

// Puts a row together from its cells or members, refusing what they may not hold. What cannot be
// seen at the edges of ids, addresses, numbers and truths is no part of them.
class RowBuilder {
 public:
  explicit RowBuilder(Refusals& refusals, RowRules rules = {})
      : refusals_(refusals), rules_(rules) {}

  void begin(std::uint32_t line);
  // A value, or that there is none; another value for a field that has one refuses the row. `place`
  // is for messages. Lifetime: `column` outlives the row.
  void put(const KnownColumn& column, std::optional<std::string_view> value, FilePlace place);
  void refuse(FilePlace place, std::string_view value, std::string reason);
  bool is_refused() const { return row_.is_refused; }
  // A value of a column that is not read; where people are named by address, one is looked for.
  void pass_over(std::string_view column, std::string_view value);
  // The row; also a refused one, since its user, number and address still count as spoken of.
  // Nothing when it has no usable userId and is not named by e-mail.
  std::optional<ImportRow> finish();

  // Where the first text stands that is not UTF-8.
  std::optional<FilePlace> first_foreign_text() const { return first_foreign_text_; }
  void note_foreign_text(FilePlace place);
  // The column that holds an address of a row that gives none; "" when there is no such row.
  const std::string& column_like_addresses() const { return column_like_addresses_; }

 private:
  bool is_first_of_field(const KnownColumn& column, std::string_view value, FilePlace place);
  void put_value(Column column, std::string_view value, FilePlace place);
  void put_status(std::string_view status, FilePlace place);
  void put_part_of_name(Field field, std::string_view part, FilePlace place);
  std::optional<std::string> problem_of(Column column, std::string_view value);
  std::optional<std::string> problem_of_address(std::string_view value);
  void speak_of(Column column, FilePlace place);

  Refusals& refusals_;
  RowRules rules_;
  ImportRow row_;
  Profile profile_;
  // What the first column of a field said.
  struct Said {
    const KnownColumn* column = nullptr;
    std::string value;
  };
  std::array<Said, field_count> said_;
  bool has_user_ = false;
  std::string first_name_;
  std::string last_name_;
  FilePlace name_place_;
  std::optional<FilePlace> first_foreign_text_;
  std::string passed_over_;  // The column of this row that holds an address and is not read.
  std::string column_like_addresses_;
};

}  // namespace ringbook
