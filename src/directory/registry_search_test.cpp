#include "directory/registry_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <random>

#include "base/limits.h"
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
  prepare_search(registry);
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

// [IMP-4]
TEST(RegistrySearch, FindsAnAddressHoweverItIsWritten) {
  Registry registry;
  prepare_search(registry);
  std::vector<Change> made;
  ChangeSet set;
  set.edits = {put(id(1), "Kay"), put(id(2), "Other")};
  set.edits[0].profile.email = " Kay@exam\u200Bple.com\u00A0";
  set.edits[1].profile.email = "kay@example.org";
  ASSERT_EQ(registry.decide(set, Instant{1000}, made)->kind, Outcome::Kind::applied);
  for (const std::string email : {"kay@example.com", "KAY@EXAMPLE.COM ", "\uFEFFkay@example.com"}) {
    UserQuery query;
    query.email = email;
    query.limit = 10;
    UserScan scan(query);
    EXPECT_TRUE(registry.step(scan, 100));
    ASSERT_EQ(scan.page.users.size(), 1U) << email;
    EXPECT_EQ(scan.page.users[0].id, id(1));
  }
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
    Edit edit = put(scattered_id(n), std::string(n % 2 == 0 ? "Ada " : "Grace ") +
                                         (n % 5 == 0   ? "Lovelace"
                                          : n % 7 == 0 ? "Noether"
                                                       : "Hopper") +
                                         (n % 100 == 0 ? " Rare" : ""));
    edit.profile.department = n % 5 == 0 ? "Support" : n % 200 == 1 ? "Board" : "Sales";
    decide(std::move(edit));
    decide(assign(scattered_id(n), std::to_string(10000 + n)));
    registry.commit();
    if (n == users / 2) {
      prepare_search(registry);  // Some are found as they were, some as they came.
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
    prepare_search(registry);
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

// Changes while the index is being made: of those whom it has taken in, of those whom it has not,
// of new ones, and some that are taken back.
class PreparingTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t users = 400;

  void decide(Edit edit) {
    ChangeSet set;
    set.edits.push_back(std::move(edit));
    ASSERT_TRUE(registry.decide(set, Instant{1000}, made));
  }
  void change_somebody() {
    const UserId user = scattered_id(static_cast<std::uint32_t>(random()) % (users + users / 4));
    switch (random() % 4) {
      case 0: return decide(remove(user));
      case 1: return decide(put(user, "Grace " + std::to_string(random() % 20)));
      default: return decide(assign(user, std::to_string(1000 + random() % (2 * users))));
    }
  }
  bool prepare() { return registry.prepare_search(random() % 4); }

  std::vector<UserId> listed(const UserQuery& query) {
    UserScan scan(query);
    while (!registry.step(scan, 7)) {
    }
    std::vector<UserId> ids;
    std::ranges::transform(scan.page.users, std::back_inserter(ids), &User::id);
    return ids;
  }
  // A list shows whom a look at everybody finds.
  void expect_list(const UserQuery& query, std::move_only_function<bool(const User&)> fits) {
    std::vector<UserId> expected;
    registry.visit_in_order([&](const User& user) {
      if (fits(user)) {
        expected.push_back(user.id);
      }
      return true;
    });
    EXPECT_EQ(listed(query), expected) << query.search;
  }
  void expect_lists() {
    const auto query = [](std::string search) {
      UserQuery all;
      all.search = std::move(search);
      all.limit = limits::page_rows_max;
      return all;
    };
    expect_list(query(""), [](const User&) { return true; });
    for (int n = 0; n < 20; ++n) {
      const std::string name = "Grace " + std::to_string(n);
      expect_list(query("grace " + std::to_string(n)), [&](const User& user) {
        return user.profile.name->starts_with(name) ||
               (user.profile.name->starts_with("Grace") && user.extension &&
                user.extension->text().starts_with(std::to_string(n)));
      });
    }
    for (std::uint64_t n = 1000; n < 1000 + 2 * users; ++n) {
      UserQuery of_number = query("");
      of_number.extension = number(std::to_string(n));
      expect_list(of_number,
                  [&](const User& user) { return user.extension == of_number.extension; });
    }
  }

  std::mt19937 random{1};  // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable.
  Registry registry;
  std::vector<Change> made;
};

TEST_F(PreparingTest, KeepsUpWithWhatChangesMeanwhile) {
  for (std::uint32_t n = 0; n < users; ++n) {
    decide(put(scattered_id(n), "Ada " + std::to_string(n)));
    decide(assign(scattered_id(n), std::to_string(1000 + n)));
  }
  registry.commit();
  bool is_prepared = false;
  int steps = 0;
  for (; !is_prepared; ++steps) {
    ASSERT_LT(steps, 10'000);
    change_somebody();
    is_prepared = prepare();
    change_somebody();
    random() % 3 == 0 ? registry.roll_back() : registry.commit();
    is_prepared = is_prepared || prepare();
  }
  EXPECT_GT(steps, 100) << "or little came meanwhile";
  expect_lists();
  change_somebody();
  registry.roll_back();
  change_somebody();
  registry.commit();
  expect_lists();
}

TEST_F(PreparingTest, IsDoneAtOnceWhereThereIsNobody) {
  EXPECT_TRUE(registry.prepare_search(0));
  decide(put(scattered_id(1), "Ada"));
  expect_lists();
}

}  // namespace
}  // namespace ringbook::test
