#include "cli/import_people.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "directory/identity.h"

namespace ringbook {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
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
  Result<std::vector<KnownPeople>> people_with(std::span<const std::string> emails) override {
    return people_where(emails, [](const User& user, const std::string& email) {
      return user.profile.email && email_key(*user.profile.email) == email_key(email);
    });
  }
  Result<std::vector<KnownPeople>> people_named(std::span<const std::string> names) override {
    return people_where(names, [](const User& user, const std::string& name) {
      return is_same_name(user.profile.name.value_or(""), name);
    });
  }

 private:
  template <class Fits>
  std::vector<KnownPeople> people_where(std::span<const std::string> texts, Fits fits) const {
    std::vector<KnownPeople> out;
    for (const auto& text : texts) {
      auto& people = out.emplace_back();
      for (const auto& user : users_) {
        if (fits(user, text)) {
          people.push_back({user.id, user.profile.name});
        }
      }
    }
    return out;
  }

  std::vector<User> users_;
};

class FindPeople : public testing::Test {
 protected:
  FindPeople() {
    directory_.add('1', "Ada", "ada@example.com", "0011");
    directory_.add('2', "Grace", "shared@example.com", "22");
    directory_.add('3', "Alan", "shared@example.com", "33");
  }

  std::vector<ImportRow> find(const std::string& rows, bool may_create = false) {
    ByteSource source = ByteSource::of_text(header + rows);
    Refusals refusals(limits::import_problems);
    Refusals warnings(limits::import_problems);
    auto file =
        read_import_file(source, refusals, warnings, [](std::uint64_t, std::optional<double>) {});
    EXPECT_TRUE(
        find_people(*file, may_create, Instant(), directory_, refusals, [](std::uint64_t) {}));
    problems_.clear();
    for (const auto& [line, refusal] : refusals.list()) {
      problems_.push_back(refusal.message());
    }
    warnings_.clear();
    for (const auto& [line, warning] : warnings.list()) {
      warnings_.push_back(warning.message());
    }
    return std::move(file->rows);
  }

  PeopleByEmail directory_;
  std::vector<std::string> problems_;
  std::vector<std::string> warnings_;
};

// [IMP-4]
TEST_F(FindPeople, AreFoundByAddressWhateverTheNumberSays) {
  const auto rows = find("99,Ada L.,sip,ADA@example.com\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].user.text(), id_of('1'));
  EXPECT_FALSE(rows[0].gives(Column::email)) << "the address names, and is not changed";
  EXPECT_TRUE(rows[0].gives(Column::name));
}

// [IMP-4]
TEST_F(FindPeople, AreNotMadeUnlessAsked) {
  EXPECT_THAT(find("44,Eve,sip,eve@example.com\n45,Bob,sip,\n"), IsEmpty());
  EXPECT_THAT(problems_,
              ElementsAre("line 2, column 12: nobody has the e-mail \"eve@example.com\"; --create "
                          "makes people of such rows",
                          HasSubstr("line 3, column 1: no e-mail says whom this row is "
                                    "about, and nobody holds extension 45; --create")));
  const auto rows = find("44,Eve,sip,eve@example.com\n45,Bob,sip,\n", true);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NE(rows[0].user, rows[1].user);
  EXPECT_TRUE(rows[0].gives(Column::email));
}

// [IMP-4]
TEST_F(FindPeople, AreToldByNameWhereSeveralHaveTheAddressAndOtherwiseRefusedWithTheirIds) {
  const auto rows = find("77,GRACE,sip,shared@example.com\n", true);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].user.text(), id_of('2'));
  EXPECT_THAT(find("22,Someone,sip,shared@example.com\n", true), IsEmpty());
  EXPECT_THAT(problems_, ElementsAre("line 2, column 16: several people have the e-mail "
                                     "\"shared@example.com\": " +
                                     id_of('2') + ", " + id_of('3') +
                                     "; without it the row is told by its number and name"));
}

// [IMP-4]
TEST_F(FindPeople, WithoutAddressAreThoseWhoHoldTheNumberUnderTheName) {
  const auto rows = find("22,Grace,sip,\n33,Someone,sip,\n,Nobody,sip,\n", true);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].user.text(), id_of('2'));
  EXPECT_THAT(problems_,
              ElementsAre(AllOf(HasSubstr("line 3, column 1: no e-mail says whom this row "
                                          "is about, and extension 33 is held by Alan (" +
                                          id_of('3') + ") since "),
                                EndsWith(", not by \"Someone\"")),
                          "line 4: neither an e-mail nor a name with an extension says whom this "
                          "row is about"));
}

// [IMP-4]
TEST_F(FindPeople, HaveOneRowHoweverTheyAreNamed) {
  const auto rows = find("22,Grace,sip,\n44,Grace,sip,g@example.com\n", true);
  EXPECT_EQ(rows.size(), 2U);
  directory_.add('4', "Grace", "g@example.com", "55");
  EXPECT_EQ(find("55,Grace,sip,\n44,Grace,sip,g@example.com\n").size(), 1U);
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("line 3, column 14: user " + id_of('4') +
                                               " stands already in line 2")));
}

// [IMP-4] [IMP-17]
TEST_F(FindPeople, AreFoundWhateverCannotBeSeenInTheAddress) {
  directory_.add('5', "Kay", " Kay@example.com\u200B", "55");
  for (const std::string address : {" ada@example.com ", "ADA@example.com\u00A0",
                                    "\uFEFFada@example.com", "\"ada@example.com\t\""}) {
    const auto rows = find("11,Ada,sip," + address + "\n", true);
    ASSERT_EQ(rows.size(), 1U) << address;
    EXPECT_EQ(rows[0].user.text(), id_of('1')) << address;
  }
  EXPECT_EQ(find("55,Kay,sip,kay@example.com\n", true).at(0).user.text(), id_of('5'));
  EXPECT_THAT(find("66,Eve,sip,eve@exa\u200Bmple.com\n", true), IsEmpty());
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("holds U+200B, which cannot be seen")));
}

// [IMP-18]
TEST_F(FindPeople, AreTheHoldersOfTheirNumbersHoweverTheNameIsWritten) {
  directory_.add('6', "Zo\u00EB M\u00FCller", "zoe@example.com", "0142");
  for (const std::string name : {"Zoe\u0308 Mu\u0308ller", "zo\u00EB  m\u00FCller", "Zoe Muller",
                                 "\"M\u00FCller, Zo\u00EB\"", "Zo\u00EB\u00A0M\u00FCller"}) {
    const auto rows = find("0142," + name + ",sip,\n");
    ASSERT_EQ(rows.size(), 1U) << name;
    EXPECT_EQ(rows[0].user.text(), id_of('6'));
    EXPECT_FALSE(rows[0].gives(Column::name)) << "it names, and changes nothing";
  }
  EXPECT_THAT(find("0142,Zoe Miller,sip,\n"), IsEmpty());
  EXPECT_THAT(problems_, ElementsAre(AllOf(HasSubstr("held by Zo\u00EB M\u00FCller ("),
                                           EndsWith(", not by \"Zoe Miller\""))));
}

// [IMP-19]
TEST_F(FindPeople, WhoShareAMailboxAreToldByNumberAndName) {
  const std::string list =
      "0011,Ada,sip,office@example.com\n"
      "41,Front Desk,sip,Office@example.com\n"
      "42,Bob,sip,office@example.com \n";
  auto rows = find(list, true);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].user.text(), id_of('1'));
  EXPECT_FALSE(rows[1].gives(Column::email)) << "nobody gets an address that is several people's";
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("3 rows share the e-mail office@example.com under "
                                               "several names")));
  directory_.add('7', "Front Desk", "", "41");
  directory_.add('8', "Bob", "", "42");
  rows = find(list);
  ASSERT_EQ(rows.size(), 3U) << "a repeat finds everybody";
  EXPECT_EQ(rows[1].user.text(), id_of('7'));
  EXPECT_EQ(rows[2].user.text(), id_of('8'));
}

// [IMP-19]
TEST_F(FindPeople, WhoHaveAnAddressAreFoundByItAlsoWhereOthersUseIt) {
  const auto rows = find("99,Ada,sip,ada@example.com\n98,Assistant,sip,ada@example.com\n", true);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].user.text(), id_of('1'));
  EXPECT_NE(rows[1].user.text(), id_of('1'));
}

// [IMP-19]
TEST_F(FindPeople, AreNotMadeWhereTheNameIsSomebodysAndNothingElseTells) {
  EXPECT_THAT(find("44,ada,sip,\n", true), IsEmpty());
  EXPECT_THAT(problems_, ElementsAre(AllOf(HasSubstr("\"ada\" is the name of " + id_of('1')),
                                           HasSubstr("`ringbook set ID 44`"))));
  EXPECT_EQ(find("44,Ada,sip,ada@example.org\n", true).size(), 1U)
      << "an address of one's own tells one namesake from the other";
}

// [IMP-18]
TEST_F(FindPeople, KeepTheirNumberUnderANewAddress) {
  const auto rows = find("0011,Ada,sip,ada@new.example.com\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].user.text(), id_of('1'));
  EXPECT_TRUE(rows[0].gives(Column::email));
}

// [IMP-18]
TEST_F(FindPeople, AreNotToldByANameWithoutAnyWord) {
  directory_.add('6', "", "", "818");
  directory_.add('7', "-", "", "819");
  for (const std::string row : {"818,-,sip,new@example.com\n", "818,,sip,new@example.com\n",
                                "819,-,sip,new@example.com\n"}) {
    EXPECT_THAT(find(row), IsEmpty()) << row;
    EXPECT_THAT(problems_, ElementsAre(HasSubstr("nobody has the e-mail \"new@example.com\"")))
        << row;
  }
  directory_.add('8', "", "office@example.com", "");
  directory_.add('9', "Uma", "office@example.com", "");
  EXPECT_THAT(find("820,.,sip,office@example.com\n"), IsEmpty());
}

// [IMP-19]
TEST_F(FindPeople, AreNotMadeWhereARepeatCouldNotFindThem) {
  for (const std::string row : {"44,-,sip,\n", "44,,sip,\n"}) {
    EXPECT_THAT(find(row, true), IsEmpty()) << row;
    EXPECT_THAT(problems_,
                ElementsAre(HasSubstr("neither an e-mail nor a name with an extension says "
                                      "whom this row is about")))
        << row;
  }
  EXPECT_EQ(find("44,-,sip,eve@example.com\n", true).size(), 1U) << "the address tells";
}

// [IMP-19]
TEST_F(FindPeople, WhoShareAMailboxAreToldByNumberAndNameAlsoWhereSeveralHaveIt) {
  directory_.add('6', "Kay", "", "44");
  const auto rows = find("44,Kay,sip,shared@example.com\n45,Bob,sip,shared@example.com\n", true);
  EXPECT_THAT(problems_, IsEmpty());
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].user.text(), id_of('6'));
  EXPECT_FALSE(rows[0].gives(Column::email));
  EXPECT_FALSE(rows[1].gives(Column::email));
}

}  // namespace
}  // namespace ringbook
