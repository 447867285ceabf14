#include "cli/import_people.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string header = "extension,name,tech,voicemail_email\n";

std::string id_of(char last) {
  return "64b7f1a2e4b0a5d3f9c1234" + std::string(1, last);
}

class PeopleByEmail final : public Present {
 public:
  void add(char last, const std::string& name, const std::string& email,
           const std::string& number) {
    User user;
    user.id = *UserId::parse(id_of(last));
    user.profile.name = name;
    user.profile.email = email;
    user.extension = Extension::parse(number);
    users_.push_back(std::move(user));
  }

  Result<std::vector<std::optional<User>>> users(std::span<const UserId> ids) override {
    return std::vector<std::optional<User>>(ids.size());
  }
  Result<std::vector<ExtensionState>> extensions(std::span<const Extension> numbers) override {
    std::vector<ExtensionState> out;
    for (const auto& number : numbers) {
      const auto found = std::ranges::find(users_, std::optional(number), &User::extension);
      out.push_back(found == users_.end()
                        ? ExtensionState()
                        : ExtensionState{found->id, found->profile.name, Instant()});
    }
    return out;
  }
  Result<std::vector<std::vector<UserId>>> people_with(
      std::span<const std::string> emails) override {
    std::vector<std::vector<UserId>> out;
    for (const auto& email : emails) {
      auto& people = out.emplace_back();
      for (const auto& user : users_) {
        if (equals_ignoring_ascii_case(*user.profile.email, email)) {
          people.push_back(user.id);
        }
      }
    }
    return out;
  }

 private:
  std::vector<User> users_;
};

class People : public testing::Test {
 protected:
  People() {
    directory_.add('1', "Ada", "ada@example.com", "0011");
    directory_.add('2', "Grace", "shared@example.com", "22");
    directory_.add('3', "Alan", "shared@example.com", "33");
  }

  std::vector<ImportRow> find(const std::string& rows, bool may_create = false) {
    ByteSource source = ByteSource::of_text(header + rows);
    Refusals refusals(limits::import_problems);
    auto file = read_import_file(source, refusals, [](std::uint64_t, std::optional<double>) {});
    EXPECT_TRUE(
        find_people(*file, may_create, Instant(), directory_, refusals, [](std::uint64_t) {}));
    problems_.clear();
    for (const auto& [line, refusal] : refusals.list()) {
      problems_.push_back(refusal.message());
    }
    return std::move(file->rows);
  }

  PeopleByEmail directory_;
  std::vector<std::string> problems_;
};

// [IMP-4]
TEST_F(People, AreFoundByAddressWhateverTheNumberSays) {
  const auto rows = find("99,Ada L.,sip,ADA@example.com\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].user.text(), id_of('1'));
  EXPECT_FALSE(rows[0].gives(Column::email)) << "the address names, and is not changed";
  EXPECT_TRUE(rows[0].gives(Column::name));
}

// [IMP-4]
TEST_F(People, AreNotMadeUnlessAsked) {
  EXPECT_THAT(find("44,Eve,sip,eve@example.com\n45,Bob,sip,\n"), IsEmpty());
  EXPECT_THAT(problems_,
              ElementsAre("line 2, column 12: nobody has the e-mail \"eve@example.com\"; --create "
                          "makes people of such rows",
                          HasSubstr("line 3, column 1: no e-mail says whom this row is about, and "
                                    "nobody holds extension 45; --create")));
  const auto rows = find("44,Eve,sip,eve@example.com\n45,Bob,sip,\n", true);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NE(rows[0].user, rows[1].user);
  EXPECT_TRUE(rows[0].gives(Column::email));
}

// [IMP-4]
TEST_F(People, AreRefusedWithTheirIdsWhenSeveralHaveTheAddress) {
  EXPECT_THAT(find("22,Grace,sip,shared@example.com\n", true), IsEmpty());
  EXPECT_THAT(problems_, ElementsAre("line 2, column 14: several people have the e-mail "
                                     "\"shared@example.com\": " +
                                     id_of('2') + ", " + id_of('3')));
}

// [IMP-4]
TEST_F(People, WithoutAddressAreThoseWhoHoldTheNumberUnderTheName) {
  const auto rows = find("22,Grace,sip,\n33,Someone,sip,\n,Nobody,sip,\n", true);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].user.text(), id_of('2'));
  EXPECT_THAT(problems_,
              ElementsAre(HasSubstr("line 3, column 1: no e-mail says whom this row is about, and "
                                    "extension 33 is held by Alan (" +
                                    id_of('3') + ") since "),
                          "line 4: neither an e-mail nor an extension says whom this row is "
                          "about"));
}

// [IMP-4]
TEST_F(People, HaveOneRowHoweverTheyAreNamed) {
  const auto rows = find("22,Grace,sip,\n44,Grace,sip,g@example.com\n", true);
  EXPECT_EQ(rows.size(), 2U);
  directory_.add('4', "Grace", "g@example.com", "55");
  EXPECT_EQ(find("55,Grace,sip,\n44,Grace,sip,g@example.com\n").size(), 1U);
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("line 3, column 14: user " + id_of('4') +
                                               " stands already in line 2")));
}

}  // namespace
}  // namespace ringbook
