#include "directory/compact_profile.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace ringbook {
namespace {

std::string repeated(std::size_t times, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

TEST(CompactProfile, GivesBackWhatItWasMadeOf) {
  const Profile profiles[] = {
      {},
      {"Ada", "ada@example.com", "Support", "admin", false},
      {std::nullopt, "ada@example.com", std::nullopt, "user", true},
      {"漢字", std::nullopt, "Søren", "u", false},
      // Around the length that takes a second octet, and the longest ones.
      {repeated(127, "a"), repeated(128, "b"), repeated(129, "c"), repeated(255, "d"), true},
      {repeated(256, "a"), repeated(257, "b"), repeated(384, "c"), repeated(400, "d"), true},
      {repeated(limits::name_chars, "𝄞"), repeated(limits::email_chars, "𝄞"),
       repeated(limits::department_chars, "𝄞"), repeated(limits::role_chars, "𝄞"), true}};
  for (const Profile& profile : profiles) {
    const CompactProfile compact(profile.view());
    EXPECT_TRUE(compact);
    EXPECT_EQ(to_profile(compact.view()), profile);
    EXPECT_EQ(compact.name(), profile.view().name);
  }
  EXPECT_FALSE(CompactProfile());
}

TEST(CompactProfile, TakesAnEmptyTextForNone) {
  const CompactProfile compact(Profile{"", "", "", "x", true}.view());
  EXPECT_EQ(to_profile(compact.view()),
            (Profile{std::nullopt, std::nullopt, std::nullopt, "x", true}));
}

}  // namespace
}  // namespace ringbook
