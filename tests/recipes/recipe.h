// What the recipes of docs/operations.md are tried with.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "support/vectors.h"

namespace ringbook::test {

// `text` with every `from` as `to`; a failure where there is none.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  std::size_t found = 0;
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
    ++found;
  }
  EXPECT_GT(found, 0U) << "the recipe has no " << from;
  return text;
}

// Why a recipe cannot be tried for want of `program`; "" when it can. A failure where it is
// required.
inline std::string missing(const std::filesystem::path& program) {
  if (std::filesystem::exists(program)) {
    return "";
  }
  const std::string why =
      "NOT TESTED: no " + program.string() + "; `script/setup --recipes` installs it";
  if (is_required("recipes")) {
    ADD_FAILURE() << why << ", but RINGBOOK_REQUIRE names it";
  }
  return why;
}

}  // namespace ringbook::test
