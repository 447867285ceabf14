#include "cli/import_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/limits.h"

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string user_id(char last) {
  return "64b7f1a2e4b0a5d3f9c1234" + std::string(1, last);
}

class PeopleById final : public Present {
 public:
  void add(char last, const std::string& number, Profile profile = {}) {
    User user;
    user.id = *UserId::parse(user_id(last));
    user.profile = std::move(profile);
    user.extension = Extension::parse(number);
    users_.push_back(user);
  }

  Result<std::vector<std::optional<User>>> users(std::span<const UserId> ids) override {
    std::vector<std::optional<User>> out;
    for (const auto& id : ids) {
      const auto found = std::ranges::find(users_, id, &User::id);
      out.push_back(found == users_.end() ? std::nullopt : std::optional(*found));
    }
    return out;
  }

  Result<std::vector<ExtensionState>> extensions(std::span<const Extension> numbers) override {
    std::vector<ExtensionState> out;
    for (const auto& number : numbers) {
      auto& state = out.emplace_back();
      for (const auto& user : users_) {
        if (user.extension == number) {
          state.holder = user.id;
          state.holder_name = user.profile.name;
        }
      }
    }
    return out;
  }

  Result<std::vector<KnownPeople>> people_with(std::span<const std::string> emails) override {
    return std::vector<KnownPeople>(emails.size());
  }
  Result<std::vector<KnownPeople>> people_named(std::span<const std::string> names) override {
    return std::vector<KnownPeople>(names.size());
  }

 private:
  std::vector<User> users_;
};

struct Planned {
  ImportPlan plan;
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
};

std::vector<std::string> messages_of(const Refusals& refusals) {
  std::vector<std::string> out;
  for (const auto& [line, refusal] : refusals.list()) {
    out.push_back(refusal.message());
  }
  return out;
}

Planned plan(const std::string& text, Present& present, PlanRules rules = {}) {
  ByteSource source = ByteSource::of_text(text);
  Refusals refusals(limits::import_problems);
  Refusals warnings(limits::import_problems);
  auto file =
      read_import_file(source, refusals, warnings, [](std::uint64_t, std::optional<double>) {});
  EXPECT_TRUE(file.has_value());
  auto made =
      plan_import(*std::move(file), rules, present, refusals, warnings, [](std::uint64_t) {});
  EXPECT_TRUE(made.has_value());
  return {*std::move(made), messages_of(refusals), messages_of(warnings)};
}

// "userId,rcExtension" and a line for each pair.
std::string numbers(std::initializer_list<std::pair<char, std::string>> rows) {
  std::string out = "userId,rcExtension\n";
  for (const auto& [last, number] : rows) {
    out += user_id(last) + "," + number + "\n";
  }
  return out;
}

TEST(ImportPlan, CreatesWhoIsNew) {
  NobodyPresent nobody;
  const auto planned = plan(
      "userId,name,rcExtension\n" + user_id('1') + ",Ada,0011\n" + user_id('2') + ",,\n", nobody);
  ASSERT_EQ(planned.plan.edits.size(), 2U);
  EXPECT_EQ(planned.plan.edits[0].person, Edit::Person::create);
  EXPECT_EQ(planned.plan.edits[0].profile.name, "Ada");
  EXPECT_EQ(planned.plan.edits[0].extension->text(), "0011");
  EXPECT_EQ(planned.plan.edits[1].number, Edit::Number::keep);
  EXPECT_EQ(planned.plan.edits[1].profile, Profile{});
  EXPECT_EQ(planned.plan.origins.at(0).line, 2U);
  EXPECT_EQ(planned.plan.origins.at(1).line, 3U);
}

TEST(ImportPlan, LeavesAloneWhatHasNoColumnAndClearsWhatIsEmpty) {
  PeopleById directory;
  directory.add(
      '1', "11",
      {.name = "Ada", .email = "a@b.c", .department = "Sales", .role = "lead", .active = false});
  const auto planned = plan("userId,email,department\n" + user_id('1') + ",,Support\n", directory);
  ASSERT_EQ(planned.plan.edits.size(), 1U);
  const Edit& edit = planned.plan.edits[0];
  EXPECT_EQ(edit.person, Edit::Person::put);
  EXPECT_EQ(edit.number, Edit::Number::keep);
  EXPECT_EQ(
      edit.profile,
      (Profile{
          .name = "Ada", .email = {}, .department = "Support", .role = "lead", .active = false}));
}

TEST(ImportPlan, ClearsRoleAndActiveToWhatANewPersonHas) {
  PeopleById directory;
  directory.add('1', "",
                {.name = "Ada", .email = {}, .department = {}, .role = "lead", .active = false});
  const auto planned = plan("userId,role,active\n" + user_id('1') + ",,\n", directory);
  ASSERT_EQ(planned.plan.edits.size(), 1U);
  EXPECT_EQ(planned.plan.edits[0].profile.role, "user");
  EXPECT_TRUE(planned.plan.edits[0].profile.active);
}

TEST(ImportPlan, CountsWhatIsSoAlready) {
  PeopleById directory;
  directory.add('1', "11", {.name = "", .email = {}, .department = {}});
  // A name that is empty and one that is absent are the same empty cell.
  const auto planned = plan("userId,name,rcExtension\n" + user_id('1') + ",,11\n", directory);
  EXPECT_THAT(planned.plan.edits, IsEmpty());
  EXPECT_EQ(planned.plan.unchanged, 1U);
  // JSON Lines tells the two apart.
  EXPECT_EQ(
      plan(R"({"userId":")" + user_id('1') + R"(","name":null})", directory).plan.edits.size(), 1U);
}

TEST(ImportPlan, ReleasesOnlyWhereThatIsAllowed) {
  PeopleById directory;
  directory.add('1', "11");
  directory.add('2', "");
  const auto refused = plan(numbers({{'1', ""}, {'2', ""}}), directory);
  EXPECT_THAT(refused.problems,
              ElementsAre("line 2, column 26: would take extension 11 from user " + user_id('1') +
                          "; --allow-release permits that"));
  const auto allowed = plan(numbers({{'1', ""}, {'2', ""}}), directory, {.allow_release = true});
  EXPECT_THAT(allowed.problems, IsEmpty());
  ASSERT_EQ(allowed.plan.edits.size(), 1U);
  EXPECT_EQ(allowed.plan.edits[0].number, Edit::Number::release);
  EXPECT_EQ(allowed.plan.unchanged, 1U);
}

TEST(ImportPlan, RefusesNumbersThatSomebodyKeepsNamingLineAndHolder) {
  PeopleById directory;
  directory.add('1', "11", {.name = "Ada", .email = {}, .department = {}});
  directory.add('2', "12");
  const auto planned = plan(numbers({{'3', "11"}, {'4', "12"}}), directory);
  EXPECT_THAT(planned.problems,
              ElementsAre("line 2, column 26: extension 11 is held by Ada (" + user_id('1') + ")",
                          "line 3, column 26: extension 12 is held by user " + user_id('2')));
  EXPECT_THAT(planned.plan.edits, IsEmpty());
}

TEST(ImportPlan, LetsNumbersBeSwappedAndPassedOn) {
  PeopleById directory;
  directory.add('1', "11");
  directory.add('2', "12");
  EXPECT_THAT(plan(numbers({{'1', "12"}, {'2', "11"}}), directory).problems, IsEmpty());
  EXPECT_THAT(plan(numbers({{'3', "12"}, {'1', "99"}, {'2', "11"}}), directory).problems,
              IsEmpty());
  EXPECT_THAT(plan(numbers({{'3', "11"}, {'1', ""}}), directory, {.allow_release = true}).problems,
              IsEmpty());
}

TEST(ImportPlan, RefusesAlongTheChainWhenItsEndIsRefused) {
  PeopleById directory;
  directory.add('1', "11");
  directory.add('2', "12");
  directory.add('3', "13");
  // 2 wants 13, which 3 keeps; so 1 cannot have 12, nor 4 have 11.
  const auto planned =
      plan(numbers({{'4', "11"}, {'1', "12"}, {'2', "13"}, {'5', "55"}}), directory);
  EXPECT_THAT(planned.problems, ElementsAre(HasSubstr("line 2, column 26: extension 11"),
                                            HasSubstr("line 3, column 26: extension 12"),
                                            HasSubstr("line 4, column 26: extension 13")));
  ASSERT_EQ(planned.plan.edits.size(), 1U);
  EXPECT_EQ(planned.plan.origins.at(0).line, 5U);
}

TEST(ImportPlan, RefusesAChainWhoseReleaseIsNotAllowed) {
  PeopleById directory;
  directory.add('1', "11");
  const auto planned = plan(numbers({{'2', "11"}, {'1', ""}}), directory);
  EXPECT_THAT(planned.problems, ElementsAre(HasSubstr("line 2, column 26: extension 11"),
                                            HasSubstr("line 3, column 26: would take")));
}

// [IMP-5]
TEST(ImportPlan, RefusesANumberThatItsPersonHoldsWithZerosBeforeIt) {
  PeopleById directory;
  directory.add('1', "0123");
  directory.add('2', "0012");
  const auto planned = plan(numbers({{'1', "123"}, {'2', "12"}}), directory);
  EXPECT_THAT(planned.problems,
              ElementsAre("line 2, column 26: extension 123 may have been 0123, which this person "
                          "holds, before a spreadsheet took leading zeros away; "
                          "--accept-short-numbers takes it as it stands",
                          HasSubstr("extension 12 may have been 0012")));
  EXPECT_THAT(planned.plan.edits, IsEmpty());
  const auto accepted =
      plan(numbers({{'1', "123"}, {'2', "12"}}), directory, {.accept_short_numbers = true});
  EXPECT_THAT(accepted.problems, IsEmpty());
  ASSERT_EQ(accepted.plan.edits.size(), 2U);
  EXPECT_EQ(accepted.plan.edits[0].extension->text(), "123");
}

// [IMP-5]
TEST(ImportPlan, WarnsOfAShortNumberInAShortFileAndTakesIt) {
  NobodyPresent nobody;
  const auto planned = plan(numbers({{'1', "1234"}, {'2', "1235"}, {'3', "123"}}), nobody);
  EXPECT_THAT(planned.problems, IsEmpty());
  EXPECT_THAT(planned.warnings, ElementsAre(HasSubstr("extension 123 may have been 0123")));
  EXPECT_EQ(planned.plan.edits.size(), 3U);
}

// [IMP-10]
TEST(ImportPlan, SaysNothingOfAShortNumberThatIsSoAlready) {
  PeopleById directory;
  directory.add('3', "123");
  const auto planned = plan(numbers({{'1', "1234"}, {'2', "1235"}, {'3', "123"}}), directory);
  EXPECT_THAT(planned.warnings, IsEmpty());
  EXPECT_EQ(planned.plan.unchanged, 1U);
}

TEST(ImportPlan, CountsEditsByWhatTheyDo) {
  PeopleById directory;
  directory.add('1', "11");
  directory.add('2', "12");
  const auto planned = plan("userId,name,rcExtension\n" + user_id('1') + ",Ada,\n" + user_id('2') +
                                ",,22\n" + user_id('3') + ",Eve,33\n",
                            directory, {.allow_release = true});
  const ImportCounts counts = count(planned.plan.edits);
  EXPECT_EQ(counts.created, 1U);
  EXPECT_EQ(counts.edited, 1U);
  EXPECT_EQ(counts.assigned, 2U);
  EXPECT_EQ(counts.released, 1U);
}

}  // namespace
}  // namespace ringbook
