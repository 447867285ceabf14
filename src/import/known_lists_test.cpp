#include "import/known_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/test_read.h"

namespace ringbook {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// What each program writes, shortened, of one person; her row is the same in all of them.
struct Sample {
  std::string list;
  std::string text;
};
const std::vector<Sample> by_email{
    {"FreePBX",
     "extension,password,name,voicemail,ringtimer,tech,secret,voicemail_email\n"
     "0777,,Vera Sample,default,0,pjsip,not-read,vera@example.com\n"},
    {"FusionPBX",
     "extension_uuid,extension,number_alias,password,effective_caller_id_name,"
     "effective_caller_id_number,voicemail_mail_to,user_context\n"
     "5e0d,0777,,not-read,Vera Sample,0777,vera@example.com,pbx.example.com\n"},
    {"3CX",
     "Number,FirstName,LastName,EmailAddress,MobileNumber,AuthID,AuthPassword,Department\n"
     "0777,Vera,Sample,vera@example.com,,x1,not-read,DEFAULT\n"},
    {"Webex",
     "First Name,Last Name,Display Name,User ID/Email (Required),User Status,Extension,Phone "
     "Number,Location\n"
     "Vera,Sample,Vera Sample,vera@example.com,Verified,0777,,HQ\n"},
    {"Zultys",
     "First Name,Last Name,Extension,User Profile,Fax DID,Voice DID,E-mail,Alternate E-mail,PIN\n"
     "Vera,Sample,0777,Default,,,vera@example.com,other@example.com,0\n"},
    {"8x8",
     "User.FirstName,User.LastName,User.Email,User.Site,User.Voice.Number,User.Voice.Extension\n"
     "Vera,Sample,vera@example.com,Main,,0777\n"},
    {"RingCentral",
     "Extension Number;First Name;Last Name;Email;Status;Site\n"
     "0777;Vera;Sample;vera@example.com;Enabled;Main\n"},
    {"first and last names",
     "First name;Last name;E-mail address;Ext.\n"
     "Vera;Sample;vera@example.com;0777\n"},
};

// [IMP-3]
TEST(KnownLists, AreReadAsEachProgramWritesThem) {
  for (const auto& [list, text] : by_email) {
    const auto read = test::read(text);
    ASSERT_EQ(read.error(), "") << list;
    EXPECT_EQ(read.file->list->name, list);
    EXPECT_THAT(read.problems(), IsEmpty()) << list;
    EXPECT_EQ(read.only_row().extension->text(), "0777") << list;
    EXPECT_EQ(read.only_row().profile.name(), "Vera Sample") << list;
    EXPECT_EQ(read.only_row().profile.email(), "vera@example.com") << list;
    EXPECT_FALSE(read.only_row().gives(Column::department)) << list;
  }
}

// [IMP-3]
TEST(KnownLists, HaveAProgramsNameOnlyWithEachOfItsMarks) {
  for (const KnownList& list : known_lists()) {
    for (std::size_t missing = 0; missing < list.marks.size(); ++missing) {
      std::vector<std::string> columns;
      for (std::size_t i = 0; i < list.marks.size(); ++i) {
        if (i != missing) {
          columns.emplace_back(list.marks[i]);
        }
      }
      const KnownList* other = list_with(columns);
      EXPECT_TRUE(other == nullptr || other->name != list.name) << list.name;
    }
    EXPECT_FALSE(list.names_of(Field::extension).empty()) << list.name;
  }
}

// [IMP-3]
TEST(KnownLists, AreReadWithoutTheirNumbersByNobody) {
  EXPECT_EQ(test::read("extension_no,name,tech\n").error().substr(0, 17), "line 1: no list t");
  EXPECT_EQ(test::read("User ID/Email (Required),First Name\nvera@example.com,Vera\n").error(),
            "line 1: this is a list of Webex without its numbers: a column Extension is wanted");
}

// [IMP-14]
TEST(KnownLists, AreNamedInOneLineWhereNoneIsMeant) {
  const std::string error =
      test::read(
          "GivenName,Surname,mail,telephoneNumber,ipPhone\nVera,Sample,v@example.com,,0777\n")
          .error();
  EXPECT_THAT(
      error,
      AllOf(HasSubstr("line 1: no list that is known"), HasSubstr("Ringbook (userId)"),
            HasSubstr("FreePBX (extension, name, tech)"), HasSubstr("`ringbook import --lists`"),
            HasSubstr("userId and rcExtension"), Not(HasSubstr("\n"))));
  EXPECT_THAT(test::read("ext,fname,lname,title\n").error(), HasSubstr("no list that is known"));
  EXPECT_THAT(test::read("extension,name\n").error(), HasSubstr("no list that is known"));
  EXPECT_THAT(test::read("Vera Sample,0777\nAda,0778\n").error(),
              HasSubstr("no list that is known"));
}

// [IMP-15]
TEST(KnownLists, LookForAddressesInEveryRowAndFormOfList) {
  const auto error_of = [](const std::string& list) { return test::read(list).error(); };
  const auto is_named = HasSubstr("looks like the e-mail addresses by which people are told");
  const std::string header = "First Name,Last Name,Email,Work Mail,Extension\n";
  EXPECT_THAT(error_of(header + "Vera,S,,vera@example.com,0777\nKim,S,kim@example.com,,0778\n"),
              is_named);
  EXPECT_EQ(error_of(header + "Vera,S,v@example.com,vera@example.com,0777\n"), "")
      << "she has one where it belongs";
  for (const char* cell :
       {"Vera <vera@example.com>", "mailto:vera@example.com", "vera@example.com; v@example.org"}) {
    EXPECT_THAT(error_of(header + "Vera,S,," + cell + ",0777\n"), is_named) << cell;
  }
  for (const char* cell : {"sip:vera@pbx.example.com", "0777@pbx.example.com", "vera@home"}) {
    EXPECT_EQ(error_of(header + "Vera,S,," + cell + ",0777\n"), "") << cell;
  }
  EXPECT_THAT(error_of(R"({"First Name":"Vera","Last Name":"S","Mail":"vera@example.com",)"
                       R"("Extension":"0777"})"),
              is_named);
  EXPECT_THAT(test::read("First Name,Last Name,Extension\nvera@example.com,,0777\n").problems(),
              ElementsAre(HasSubstr("holds an e-mail address")));
}

// [IMP-17]
TEST(KnownLists, TakeQuotesAroundAnAddressForWhatTheyAre) {
  const std::string header = "First Name,Last Name,Email,Extension\n";
  for (const char* cell :
       {"'vera@example.com'", "'vera@example.com", R"("""vera@example.com""")"}) {
    EXPECT_EQ(test::read(header + "Vera,S," + cell + ",0777\n").only_row().profile.email(),
              "vera@example.com")
        << cell;
  }
  EXPECT_THAT(test::read(header + "Vera,S,vera@example.com.,0777\n").problems(),
              ElementsAre(HasSubstr("is not one e-mail address")));
  EXPECT_EQ(test::read(header + "Vera,O,o'vera@example.com,0777\n").only_row().profile.email(),
            "o'vera@example.com");
}

// [IMP-15]
TEST(KnownLists, SayWhichColumnLooksLikeTheAddressesThatTheyLack) {
  EXPECT_EQ(test::read("extension,name,tech,secret,Login\n0777,Vera,sip,p@s.s,vera@example.com\n")
                .error(),
            "column \"Login\" looks like the e-mail addresses by which people are told, but in a "
            "list of FreePBX these stand in the column voicemail_email: give it that name, or take "
            "it away");
  EXPECT_THAT(
      test::read("First Name,Last Name,Extension,Work address\nV,S,0777,v@example.com\n").error(),
      HasSubstr("\"Work address\" looks like"));
  // Where the column is there and empty, the others are looked at all the same.
  EXPECT_THAT(
      test::read("extension,name,tech,voicemail_email,mail\n0777,V,sip,,v@example.com\n").error(),
      HasSubstr("\"mail\" looks like"));
  EXPECT_EQ(test::read("extension,name,tech,sip_uri\n0777,Vera,sip,0777@pbx.example.com\n").error(),
            "");
}

// [IMP-20]
TEST(KnownLists, TakeIdsAndNumbersOfMongoexportInCsv) {
  const auto read = test::read(
      "_id,name,email,personalInformation.rcExtension,personalInformation.city\n"
      "ObjectId(64b7f1a2e4b0a5d3f9c12345),Vera,v@example.com,0777,Rome\n"
      "\"ObjectID(\"\"64b7f1a2e4b0a5d3f9c12346\"\")\",Bob,,,\n"
      "64b7f1a2e4b0a5d3f9c12347,,,12,\n"
      "some-other-id,,,13,\n");
  EXPECT_THAT(read.problems(),
              ElementsAre(HasSubstr("line 5, column 1: userId \"some-other-id\"")));
  ASSERT_THAT(read.file->rows, SizeIs(3));
  EXPECT_EQ(read.file->list->name, "mongoexport");
  EXPECT_EQ(read.row(0).user.text(), test::ada);
  EXPECT_EQ(read.row(0).extension->text(), "0777");
  EXPECT_FALSE(read.row(1).gives(Column::extension)) << "an empty cell says nothing";
  EXPECT_THAT(read.file->ignored_columns, ElementsAre("personalInformation.city"));
  EXPECT_THAT(test::read("ID,name,extension\n").error(), HasSubstr("no list that is known"))
      << "whatever has an ID is not of MongoDB";
}

TEST(KnownLists, CompareNamesWithoutCaseAndSigns) {
  EXPECT_EQ(column_key(" E-mail Address* "), "emailaddress");
  EXPECT_EQ(column_key("First\u00A0Name"), "firstname");
  EXPECT_EQ(column_key("_id"), "_id");
  EXPECT_EQ(column_key("\uFEFFuserId"), "userid");
  EXPECT_EQ(column_key("Ärger"), "ärger");
}

}  // namespace
}  // namespace ringbook
