// The lists that import knows: one table, by which a list is told, read, and named to people.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "import/row.h"

namespace ringbook {

struct KnownList {
  std::string_view name;  // Of the program: "FreePBX".
  RowRules rules;
  // A list is this one when it has all of these.
  std::span<const std::string_view> marks;
  // What is read. Several columns may be of one field; where a row gives it twice, they must agree.
  std::span<const KnownColumn> columns;

  // The column that is called so; null for one that is not read.
  const KnownColumn* column_of(std::string_view wanted) const;
  // "Extension, Ext": the columns of a field, those that mark the list, and those that are read
  // beside what names people and their numbers; for people.
  std::string names_of(Field field) const;
  std::string names_of_marks() const;
  std::string names_of_others() const;
};

// In the order in which they are tried: the first whose marks are there is meant.
std::span<const KnownList> known_lists();
// Ringbook's own.
const KnownList& own_list();

// The list to which columns with these names belong; null when it is none that is known. Names are
// compared without regard to case and to whatever is no letter or digit.
const KnownList* list_with(std::span<const std::string> columns);
// What such a comparison sees of a name.
std::string column_key(std::string_view name);
// "Ringbook (userId), FreePBX (extension, name, tech), …": each with its marks, for messages.
std::string all_known_lists();

}  // namespace ringbook
