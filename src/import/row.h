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

std::optional<Column> column_named(std::string_view name);
// "userId, name, …", for messages.
std::string all_column_names();

struct ImportRow {
  UserId user;  // Where the file names people by e-mail: nobody yet.
  std::uint32_t line = 0;
  std::uint8_t given = 0;  // A bit for each column that the row speaks of.
  bool is_refused = false;
  std::optional<Extension> extension;  // Nothing, though given: the number is to be released.
  FilePlace person_place;              // Of what names the person, and of the number.
  FilePlace extension_place;
  PackedProfile profile;  // The given members; the others as in a new profile.

  bool gives(Column column) const { return (given & bit_of(column)) != 0; }
  static std::uint8_t bit_of(Column column) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(column));
  }
};

// Puts a row together from its cells or members, refusing what they may not hold.
class RowBuilder {
 public:
  enum class NamedBy : std::uint8_t { user_id, email };

  explicit RowBuilder(Refusals& refusals, NamedBy named_by = NamedBy::user_id)
      : refusals_(refusals), named_by_(named_by) {}

  void begin(std::uint32_t line);
  // A value; an absent one clears the column. `place` is for messages.
  void put(Column column, std::optional<std::string_view> value, FilePlace place);
  void refuse(FilePlace place, std::string_view value, std::string reason);
  // The row; also a refused one, since its user and number still count as spoken of. Nothing when
  // it has no usable userId and is not named by e-mail.
  std::optional<ImportRow> finish();

 private:
  std::optional<std::string> problem_of(Column column, std::string_view value);

  Refusals& refusals_;
  NamedBy named_by_;
  ImportRow row_;
  Profile profile_;
  bool has_user_ = false;
};

}  // namespace ringbook
