// The work that fault tests interrupt: turns that meet every kind of change, and one large import.
#pragma once

#include <vector>

#include "base/limits.h"
#include "contract/engine.h"
#include "model/model.h"

namespace ringbook::test {

using Turn = std::vector<ChangeSet>;

inline Universe small_universe() {
  return {{user_id(1), user_id(2), user_id(3), user_id(4)},
          {number("11"), number("22"), number("0022"), number("33")}};
}

inline std::vector<Turn> script() {
  const UserId ada = user_id(1);
  const UserId grace = user_id(2);
  const UserId alan = user_id(3);
  const UserId mary = user_id(4);
  const Extension e11 = number("11");
  const Extension e22 = number("22");
  const Extension e0022 = number("0022");
  const Extension e33 = number("33");
  const auto one = [](Edit edit) { return change_set({std::move(edit)}); };
  Edit mary_with_number = put(mary, "Mary");
  mary_with_number.number = Edit::Number::assign;
  mary_with_number.extension = e33;
  return {
      {change_set({put(ada, "Ada"), put(grace, "Grace")}), one(put(alan, "Alan"))},
      {one(assign(ada, e11)), one(assign(grace, e11)), one(assign(grace, e22))},
      {change_set({assign(ada, e22), assign(grace, e11)})},
      {one(put(ada, Profile{"Ada Lovelace", "ada@example.com", "Support", "admin", false}))},
      {one(release(grace)), one(assign(alan, e11)), one(release(grace))},
      {one(mary_with_number), one(assign(ada, e0022))},
      {one(remove(alan))},
      {one(put(alan, "Alan again")), one(assign(alan, e22))},
      {one(assign(mary, e22)), one(assign(mary, e33))},
      {change_set({assign(ada, e33), release(mary), remove(alan), assign(grace, e22)})},
  };
}

// Some thousand people with the largest profiles there may be, one page each.
inline ChangeSet large_import(std::uint32_t people, std::uint32_t first = 1000) {
  const auto large = [](std::size_t code_points) {
    std::string text;
    for (std::size_t i = 0; i < code_points; ++i) {
      text += "\xF0\x9F\x98\x80";
    }
    return text;
  };
  constexpr std::size_t digits = 10;
  Profile profile{large(limits::name_chars),
                  {},
                  large(limits::department_chars),
                  large(limits::role_chars),
                  true};
  const std::string email = large(limits::email_chars - digits);
  std::vector<Edit> edits;
  for (std::uint32_t i = 0; i < people; ++i) {
    profile.email = email + std::to_string(i);
    edits.push_back(put(user_id(first + i), profile));
  }
  return change_set(std::move(edits));
}

}  // namespace ringbook::test
