#include "directory/registry_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/text.h"
#include "directory/registry.h"
#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

// Numbers that begin alike stand side by side in the index.
TEST(RegistrySearch, FindsTheHolderOfANumberAndNobodyElse) {
  Registry registry;
  std::vector<Change> made;
  const auto decide = [&](std::vector<Edit> edits) {
    ChangeSet set;
    set.edits = std::move(edits);
    ASSERT_EQ(registry.decide(set, Instant{1000}, made)->kind, Outcome::Kind::applied);
  };
  const auto found = [&](std::string_view extension, std::string search = {}) {
    UserQuery query;
    query.extension = number(extension);
    query.search = std::move(search);
    query.limit = 10;
    UserScan scan(query);
    EXPECT_TRUE(registry.step(scan, 100));
    std::vector<UserId> ids;
    std::ranges::transform(scan.page.users, std::back_inserter(ids), &User::id);
    return ids;
  };
  using testing::ElementsAre;
  using testing::IsEmpty;
  registry.prepare_search();
  decide({put(id(1), "Ada"), put(id(2), "Grace"), put(id(3), "Ada")});
  decide({assign(id(1), "12"), assign(id(2), "120"), assign(id(3), "1200000000")});
  registry.commit();
  EXPECT_THAT(found("12"), ElementsAre(id(1)));
  EXPECT_THAT(found("120"), ElementsAre(id(2)));
  EXPECT_THAT(found("1200000000"), ElementsAre(id(3)));
  EXPECT_THAT(found("1200"), IsEmpty());
  EXPECT_THAT(found("12", "ada"), ElementsAre(id(1)));
  EXPECT_THAT(found("120", "ada"), IsEmpty());
  decide({assign(id(1), "120"), assign(id(2), "12")});
  EXPECT_THAT(found("12"), ElementsAre(id(2)));
  decide({remove(id(2))});
  EXPECT_THAT(found("12"), IsEmpty());
  registry.roll_back();
  EXPECT_THAT(found("12"), ElementsAre(id(1)));
  EXPECT_THAT(found("120"), ElementsAre(id(2)));
}

// Whatever way a search takes, in order and each once.
TEST(RegistrySearch, ShowsWhomALookAtEverybodyFinds) {
  Registry registry(/*search_candidates=*/50);
  std::vector<Change> made;
  constexpr std::uint32_t users = 2000;
  const auto decide = [&](Edit edit) {
    ChangeSet set;
    set.edits.push_back(std::move(edit));
    ASSERT_TRUE(registry.decide(set, Instant{1000}, made));
  };
  for (std::uint32_t n = 0; n < users; ++n) {
    UserId::Bytes bytes{};
    const std::uint64_t scattered = mix(n);
    std::memcpy(bytes.data(), &scattered, sizeof scattered);
    Edit edit = put(UserId(bytes), std::string(n % 2 == 0 ? "Ada " : "Grace ") +
                                       (n % 5 == 0   ? "Lovelace"
                                        : n % 7 == 0 ? "Noether"
                                                     : "Hopper") +
                                       (n % 100 == 0 ? " Rare" : ""));
    edit.profile.department = n % 5 == 0 ? "Support" : n % 200 == 1 ? "Board" : "Sales";
    decide(std::move(edit));
    decide(assign(UserId(bytes), std::to_string(10000 + n)));
    registry.commit();
    if (n == users / 2) {
      registry.prepare_search();  // Some are found as they were, some as they came.
    }
  }
  std::vector<std::pair<User, SearchTexts>> everybody;
  registry.visit_in_order([&](const User& user) {
    everybody.push_back({user, SearchTexts{.name = fold_for_search(*user.profile.name),
                                           .email = "",
                                           .number = user.extension->text()}});
    return true;
  });
  const auto expect_all = [&](UserQuery query) {
    const UserScan wanted(query);
    std::vector<UserId> expected;
    for (const auto& [user, texts] : everybody) {
      if (std::ranges::all_of(wanted.words, [&](const auto& word) { return texts.meet(word); }) &&
          (!query.department || user.profile.department == query.department)) {
        expected.push_back(user.id);
      }
    }
    std::vector<UserId> shown;
    query.limit = 99;
    for (bool has_more = true; has_more;) {
      UserScan scan(query);
      while (!registry.step(scan, 7)) {
      }
      for (const User& user : scan.page.users) {
        shown.push_back(user.id);
      }
      has_more = scan.page.has_more;
      query.after = shown.empty() ? std::nullopt : std::optional(shown.back());
    }
    EXPECT_EQ(shown, expected) << wanted.query.search << query.department.value_or("");
  };
  // Everybody, half, a fifth, few and nobody, alone and together.
  for (const auto* words :
       {"", "ada", "a", "lovelace", "ada lovelace", "noether lovelace", "noether ada", "rare",
        "ada rare", "hopper ada 1", "1", "11", "115", "11999", "nobody", "ada love r", "g h"}) {
    UserQuery query;
    query.search = words;
    expect_all(query);
    query.department = "Support";
    expect_all(query);
    query.department = "Board";
    expect_all(query);
  }
}

// So that a step takes about the same time whatever stands in the directory.
TEST(RegistrySearch, LooksAtFewerInAStepWhenTheirTextsAreLong) {
  constexpr int users = 100;
  const auto steps = [](std::size_t candidates, const std::string& name,
                        const std::string& search) {
    Registry registry(candidates);
    std::vector<Change> made;
    ChangeSet set;
    for (std::uint8_t n = 0; n < users; ++n) {
      set.edits.push_back(put(id(n), name));
    }
    EXPECT_TRUE(registry.decide(set, Instant{1000}, made));
    UserQuery query;
    query.search = search;
    registry.prepare_search();
    UserScan scan(query);
    int taken = 1;
    while (!registry.step(scan, 10)) {
      ++taken;
    }
    EXPECT_EQ(scan.page.users.size(), 0U) << search;
    return taken;
  };
  const auto times = [](int count, const std::string& text) {
    std::string out;
    for (int i = 0; i < count; ++i) {
      out += text;
    }
    return out;
  };
  // In order, and through candidates. The index takes the words for those of the names, which begin
  // with the same twelve octets.
  const std::string word = times(13, "a");
  const std::string other = times(12, "a") + "q";
  for (const std::size_t candidates : {std::size_t{0}, std::size_t{users}}) {
    EXPECT_LE(steps(candidates, word, other), users / 10 + 2);
    EXPECT_EQ(steps(candidates, times(200, "漢"), "漢漢漢漢字"), users) << "one costs a step";
    EXPECT_GE(steps(candidates, times(14, word + " "), other), users / 10 * 3 / 2);
    EXPECT_GE(steps(candidates, word + " " + times(90, "a "), times(49, "a ") + other), users / 2);
  }
}

}  // namespace
}  // namespace ringbook::test
