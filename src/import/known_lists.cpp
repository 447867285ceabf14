#include "import/known_lists.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ringbook {
namespace {

using Mark = std::string_view;

constexpr RowRules ours{.named_by = RowRules::NamedBy::user_id, .is_own = true};
constexpr RowRules by_id{.named_by = RowRules::NamedBy::user_id, .is_own = false};
constexpr RowRules by_email{.named_by = RowRules::NamedBy::email, .is_own = false};

constexpr std::array own_marks{Mark("userId")};
constexpr std::array own_columns{KnownColumn{"userId", Field::user_id},
                                 KnownColumn{"name", Field::name},
                                 KnownColumn{"email", Field::email},
                                 KnownColumn{"department", Field::department},
                                 KnownColumn{"role", Field::role},
                                 KnownColumn{"active", Field::active},
                                 KnownColumn{"rcExtension", Field::extension}};

// Users as the API answers them.
constexpr std::array api_marks{Mark("userId"), Mark("personalInformation.rcExtension")};
constexpr std::array api_columns{KnownColumn{"userId", Field::user_id},
                                 KnownColumn{"name", Field::name},
                                 KnownColumn{"email", Field::email},
                                 KnownColumn{"department", Field::department},
                                 KnownColumn{"role", Field::role},
                                 KnownColumn{"active", Field::active},
                                 KnownColumn{"personalInformation.rcExtension", Field::extension}};

// The collection of users from which the ids come.
constexpr std::array mongoexport_marks{Mark("_id")};
constexpr std::array mongoexport_columns{
    KnownColumn{"_id", Field::user_id},
    KnownColumn{"name", Field::name},
    KnownColumn{"firstName", Field::first_name},
    KnownColumn{"lastName", Field::last_name},
    KnownColumn{"email", Field::email},
    KnownColumn{"department", Field::department},
    KnownColumn{"role", Field::role},
    KnownColumn{"active", Field::active},
    KnownColumn{"personalInformation.rcExtension", Field::extension},
    KnownColumn{"rcExtension", Field::extension}};

// Bulk Handler, extensions. It has the address of a person only where voicemail is sent to it.
constexpr std::array freepbx_marks{Mark("extension"), Mark("name"), Mark("tech")};
constexpr std::array freepbx_columns{KnownColumn{"extension", Field::extension},
                                     KnownColumn{"name", Field::name},
                                     KnownColumn{"voicemail_email", Field::email}};

constexpr std::array fusionpbx_marks{Mark("extension"), Mark("effective_caller_id_name")};
constexpr std::array fusionpbx_columns{KnownColumn{"extension", Field::extension},
                                       KnownColumn{"effective_caller_id_name", Field::name},
                                       KnownColumn{"voicemail_mail_to", Field::email}};

// Its Department is DEFAULT for whoever has none, and is left out.
constexpr std::array threecx_marks{Mark("Number"), Mark("FirstName"), Mark("LastName"),
                                   Mark("AuthID")};
constexpr std::array threecx_columns{
    KnownColumn{"Number", Field::extension}, KnownColumn{"FirstName", Field::first_name},
    KnownColumn{"LastName", Field::last_name}, KnownColumn{"EmailAddress", Field::email}};

// Control Hub, users.
constexpr std::array webex_marks{Mark("User ID/Email (Required)")};
constexpr std::array webex_columns{KnownColumn{"Extension", Field::extension},
                                   KnownColumn{"Display Name", Field::name},
                                   KnownColumn{"First Name", Field::first_name},
                                   KnownColumn{"Last Name", Field::last_name},
                                   KnownColumn{"User ID/Email (Required)", Field::email},
                                   KnownColumn{"Department", Field::department}};

// MX Administrator, users.
constexpr std::array zultys_marks{Mark("User Profile"), Mark("Voice DID")};
constexpr std::array zultys_columns{
    KnownColumn{"Extension", Field::extension}, KnownColumn{"First Name", Field::first_name},
    KnownColumn{"Last Name", Field::last_name}, KnownColumn{"E-mail", Field::email}};

// Admin Console, bulk upload.
constexpr std::array eightbyeight_marks{Mark("User.FirstName"), Mark("User.LastName"),
                                        Mark("User.Voice.Extension")};
constexpr std::array eightbyeight_columns{KnownColumn{"User.Voice.Extension", Field::extension},
                                          KnownColumn{"User.FirstName", Field::first_name},
                                          KnownColumn{"User.LastName", Field::last_name},
                                          KnownColumn{"User.Email", Field::email},
                                          KnownColumn{"User.Department", Field::department}};

// RingCentral publishes no list of its columns: these are the labels of its user list, its upload
// template and its help pages. Site is what others do not have.
constexpr std::array ringcentral_marks{Mark("First Name"), Mark("Last Name"), Mark("Site")};
// Whatever other program: who has first and last names tells little else apart.
constexpr std::array names_marks{Mark("First Name"), Mark("Last Name")};
constexpr std::array ringcentral_columns{
    KnownColumn{"Extension", Field::extension}, KnownColumn{"Extension Number", Field::extension},
    KnownColumn{"Ext", Field::extension},       KnownColumn{"First Name", Field::first_name},
    KnownColumn{"Last Name", Field::last_name}, KnownColumn{"Email", Field::email},
    KnownColumn{"Email Address", Field::email}, KnownColumn{"Department", Field::department},
    KnownColumn{"Dept", Field::department},     KnownColumn{"Role", Field::role},
    KnownColumn{"Status", Field::status}};

constexpr std::array lists{
    KnownList{"Ringbook's API", by_id, api_marks, api_columns},
    KnownList{"Ringbook", ours, own_marks, own_columns},
    KnownList{"mongoexport", by_id, mongoexport_marks, mongoexport_columns},
    KnownList{"FreePBX", by_email, freepbx_marks, freepbx_columns},
    KnownList{"FusionPBX", by_email, fusionpbx_marks, fusionpbx_columns},
    KnownList{"3CX", by_email, threecx_marks, threecx_columns},
    KnownList{"Webex", by_email, webex_marks, webex_columns},
    KnownList{"Zultys", by_email, zultys_marks, zultys_columns},
    KnownList{"8x8", by_email, eightbyeight_marks, eightbyeight_columns},
    KnownList{"RingCentral", by_email, ringcentral_marks, ringcentral_columns},
    KnownList{"first and last names", by_email, names_marks, ringcentral_columns}};
constexpr std::size_t own_position = 1;

std::string joined(std::span<const std::string_view> names) {
  std::string out;
  for (const auto name : names) {
    out += (out.empty() ? "" : ", ") + std::string(name);
  }
  return out;
}

}  // namespace

std::string column_key(std::string_view name) {
  std::string key;
  const std::string folded = fold_for_keys(name);
  for (std::string_view rest = folded; !rest.empty();) {
    const std::string_view character = take_character(rest);
    const char c = character[0];
    const bool is_sign = character.size() == 1 && (c < '0' || c > '9') && (c < 'a' || c > 'z');
    // What programs name with a mark before it (_id) is not what people call so (ID).
    if ((!is_sign || (c == '_' && key.empty())) && !trimmed(character).empty()) {
      key += character;
    }
  }
  return key;
}

const KnownColumn* KnownList::column_of(std::string_view wanted) const {
  auto found = std::ranges::find(columns, wanted, &KnownColumn::name);
  if (found == columns.end()) {
    const std::string key = column_key(wanted);
    found = std::ranges::find_if(
        columns, [&](const KnownColumn& known) { return column_key(known.name) == key; });
  }
  return found == columns.end() ? nullptr : &*found;
}

std::string KnownList::names_of(Field field) const {
  std::vector<std::string_view> names;
  for (const KnownColumn& column : columns) {
    if (column.field == field) {
      names.push_back(column.name);
    }
  }
  return joined(names);
}

std::string KnownList::names_of_marks() const {
  return joined(marks);
}

std::string KnownList::names_of_others() const {
  const Field key = rules.named_by == RowRules::NamedBy::email ? Field::email : Field::user_id;
  std::vector<std::string_view> names;
  for (const KnownColumn& column : columns) {
    if (column.field != key && column.field != Field::extension) {
      names.push_back(column.name);
    }
  }
  return joined(names);
}

std::span<const KnownList> known_lists() {
  return lists;
}

const KnownList& own_list() {
  return lists[own_position];
}

const KnownList* list_with(std::span<const std::string> columns) {
  std::vector<std::string> keys;
  std::ranges::transform(columns, std::back_inserter(keys), column_key);
  const auto has = [&](std::string_view name) {
    return std::ranges::find(keys, column_key(name)) != keys.end();
  };
  const auto found = std::ranges::find_if(
      lists, [&](const KnownList& list) { return std::ranges::all_of(list.marks, has); });
  return found == lists.end() ? nullptr : &*found;
}

std::string all_known_lists() {
  std::string out;
  for (const KnownList& list : lists) {
    out += (out.empty() ? "" : ", ") + std::string(list.name) + " (" + list.names_of_marks() + ")";
  }
  return out;
}

}  // namespace ringbook
