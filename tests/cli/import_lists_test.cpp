// Lists as people have them, imported as people would: what a message recommends is done to its
// end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string id_of_ada(ada);
const std::string id_of_grace(grace);

class ImportLists : public testing::Test {
 protected:
  // Ada has the address ada@example.com and no number, Grace 1300.
  ImportLists() { world_.add_people(); }

  Finished import(const std::string& text, const Words& more = {}) const {
    Words words{"import", "-"};
    words.insert(words.end(), more.begin(), more.end());
    return world_.ringbook(std::move(words), text);
  }
  std::string exported() const { return world_.ringbook({"export"}).out; }
  std::ptrdiff_t people() const { return std::ranges::count(exported(), '\n') - 1; }

  CliWorld world_;
};

// [IMP-3] [IMP-4] [IMP-17]
TEST_F(ImportLists, MakeNoSecondPersonOfOneAddressWhateverIsAdvised) {
  const std::vector<std::string> lists{
      "First Name,Last Name,Display Name,User ID/Email (Required),User Status,Extension\n"
      "Ada,Lovelace,Ada Lovelace,ADA@example.com,Active,2001\n",
      "First Name,Last Name,Extension,User Profile,Voice DID,E-mail\n"
      "Ada,Lovelace,2002,Default,,ada@example.com \n",
      "Number,FirstName,LastName,EmailAddress,AuthID\n"
      "2003,Ada,Lovelace,\xC2\xA0"
      "ada@example.com,x\n",
      "User.FirstName,User.LastName,User.Email,User.Voice.Extension\n"
      "Ada,Lovelace,\xEF\xBB\xBF"
      "Ada@Example.com,2004\n",
      "extension,effective_caller_id_name,voicemail_mail_to\n2005,Ada,ada@exam\xE2\x80\x8Bple."
      "com\n",
      "First Name,Last Name,Work Mail,Extension\nAda,Lovelace,ada@example.com,2006\n"};
  for (const std::string& list : lists) {
    import(list);
    import(list, {"--create"});
    EXPECT_EQ(people(), 2) << list << exported();
  }
  EXPECT_THAT(exported(),
              HasSubstr(id_of_ada + ",Ada Lovelace,ada@example.com,Support,user,true,2004\n"));
}

// [IMP-15]
TEST_F(ImportLists, AreReadOnceTheirAddressesHaveTheNameThatIsAdvised) {
  const std::string rows = "\nAda,Lovelace,ada@example.com,2006\n";
  const Finished refused = import("First Name,Last Name,Work Mail,Extension" + rows);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("column \"Work Mail\" looks like the e-mail addresses"),
                                 HasSubstr("the column Email, Email Address: give it that name")));
  EXPECT_EQ(import("First Name,Last Name,Email,Extension" + rows).exit_code, 0);
  EXPECT_THAT(exported(), HasSubstr("true,2006\n"));
}

// [IMP-4] [IMP-17]
TEST_F(ImportLists, FindWhoHasAnAddressWithEdges) {
  ASSERT_EQ(world_.ringbook({"user", "add", "--email", " Kay@example.com\u00A0", "--name", "Kay"})
                .exit_code,
            0);
  EXPECT_EQ(
      import("extension,name,tech,voicemail_email\n2100,Kay,sip,kay@example.com\n", {"--create"})
          .exit_code,
      0);
  EXPECT_EQ(people(), 3);
  EXPECT_EQ(world_.ringbook({"release", "KAY@EXAMPLE.COM"}).exit_code, 0);
  EXPECT_EQ(import(exported()).out,
            "imported: 0 created, 0 edited, 0 numbers assigned, 0 released, 3 rows unchanged, 0 "
            "refused\n")
      << "an export changes nothing";
}

// [IMP-19]
TEST_F(ImportLists, OfASharedMailboxAreImportedAsTheMessagesSay) {
  const std::string list =
      "extension,name,tech,voicemail_email\n"
      "2200,Ada Lovelace,sip,office@example.com\n"
      "2201,Front Desk,sip,office@example.com\n";
  const Finished refused = import(list);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("warning: line 2, column 23: 2 rows share the e-mail "
                              "office@example.com under several names"),
                    HasSubstr("line 2, column 1: "), HasSubstr("`ringbook set ID 2200`"),
                    HasSubstr("is the name of " + id_of_ada), HasSubstr("line 3, column 1: "),
                    HasSubstr("nobody holds extension 2201; --create makes people")));
  ASSERT_EQ(world_.ringbook({"set", id_of_ada, "2200"}).exit_code, 0);
  EXPECT_EQ(import(list, {"--create"}).exit_code, 0);
  EXPECT_EQ(people(), 3);
  EXPECT_THAT(exported(),
              AllOf(HasSubstr(id_of_ada + ",Ada Lovelace,ada@example.com,Support,user,true,2200"),
                    HasSubstr(",Front Desk,,,user,true,2201\n")));
  EXPECT_THAT(import(list, {"--create"}).out, HasSubstr("2 rows unchanged, 0 refused"));
}

// [IMP-19]
TEST_F(ImportLists, MakeANamesakeAsTheMessageSays) {
  const std::string list = "extension,name,tech\n2300,Ada Lovelace,sip\n";
  EXPECT_THAT(import(list, {"--create"}).err, HasSubstr("otherwise `ringbook user add`"));
  const Finished added = world_.ringbook({"user", "add", "--name", "Ada Lovelace"});
  ASSERT_EQ(added.exit_code, 0);
  const std::string id = added.out.substr(0, added.out.find('\n'));
  ASSERT_EQ(world_.ringbook({"set", id, "2300"}).exit_code, 0) << id;
  EXPECT_THAT(import(list).out, HasSubstr("1 row unchanged, 0 refused"));
}

// [IMP-13]
TEST_F(ImportLists, AreToldFromOtherKindsOfFilesInOneLine) {
  const std::vector<std::string> others{
      std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") + std::string(500, '\0'),
      std::string("PK\x03\x04\x14\0\x06\0", 8) + "[Content_Types].xml",
      "\n<!DOCTYPE html>\n<html><body>sign in</body></html>\n",
      "%PDF-1.7\n1 0 obj\n",
      std::string("\x1F\x8B\x08\0\0\0\0\0", 8),
      std::string("\xFF\xFEu\0s\0", 6)};
  for (const std::string& other : others) {
    const std::string file = world_.write("people.csv", other);
    const Finished refused = world_.ringbook({"import", file});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, AllOf(StartsWith("ringbook: this is "), Not(HasSubstr("column"))));
    EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
  }
}

// [IMP-14]
TEST_F(ImportLists, ThatAreUnknownGetOneLine) {
  const Finished refused =
      import("Name,Phone,Mail,A,B,C,D,E,F,G\nAda,2400,ada@example.com,,,,,,,\n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("`ringbook import --lists` shows all"));
}

// [IMP-14]
TEST_F(ImportLists, AreAllShown) {
  const Finished shown = world_.ringbook({"import", "--lists"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  for (const std::string list : {"FreePBX", "RingCentral", "Webex", "8x8", "Zultys", "3CX",
                                 "FusionPBX", "mongoexport", "Ringbook"}) {
    EXPECT_THAT(shown.out, HasSubstr("\n" + list + " ")) << list;
  }
  EXPECT_THAT(shown.out, AllOf(StartsWith("LIST "), HasSubstr("User ID/Email (Required)"),
                               HasSubstr("personalInformation.rcExtension")));
  EXPECT_EQ(world_.ringbook({"import"}).exit_code, 2);
}

// [IMP-16]
TEST_F(ImportLists, OfNothingAreNoSuccess) {
  for (const std::string nothing : {"", "\n\n", "\xEF\xBB\xBF"}) {
    const Finished refused = import(nothing);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("the file is empty"));
  }
  const Finished bare = import("userId,rcExtension\n");
  EXPECT_EQ(bare.exit_code, 0);
  EXPECT_THAT(bare.err, HasSubstr("warning: line 1: the file has no rows"));
}

// [IMP-22]
TEST_F(ImportLists, WithShortRowsReleaseAndClearNothing) {
  const Finished done =
      import("userId,name,email,rcExtension,,\r\n" + id_of_grace + ",Grace Hopper\r\n");
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("warning: line 2: 1 row has fewer cells"));
  EXPECT_THAT(done.out, HasSubstr("1 row unchanged"));
}

// [IMP-20]
TEST_F(ImportLists, OfMongoexportBringTheIds) {
  const std::string document =
      R"({"_id":{"$oid":")" + std::string(nobody) +
      R"("},"name":"Uma","personalInformation":{"rcExtension":"2500","phone":"x"},"hash":"not-read"})";
  const Finished done = import(document + "\n");
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("a file of mongoexport; columns left out: "),
                    HasSubstr("personalInformation.phone, hash"), Not(HasSubstr("not-read"))));
  EXPECT_THAT(exported(), HasSubstr(std::string(nobody) + ",Uma,,,user,true,2500\n"));
  EXPECT_THAT(import("[" + document + "]").out, HasSubstr("1 row unchanged"));
}

// [IMP-24]
TEST_F(ImportLists, ThatAreExportedForADoubleClickComeBackUnchanged) {
  const Finished marked = world_.ringbook({"export", "--bom"});
  EXPECT_EQ(marked.out, "\xEF\xBB\xBF" + exported());
  EXPECT_THAT(import(marked.out).out,
              HasSubstr("0 edited, 0 numbers assigned, 0 released, 2 rows"));
  const Serving server(world_);
  EXPECT_EQ(world_.ringbook({"export", "--bom"}).out, marked.out);
  EXPECT_THAT(world_.ringbook({"export", "--bom", "--format", "jsonl"}).out, StartsWith("{"));
}

// [IMP-19]
TEST_F(ImportLists, RenameNobodyWhoseOwnRowIsSkipped) {
  const Finished done = import(
      "extension,name,tech,voicemail_email\n"
      "1,Ada Lovelace,sip,ada@example.com\n"
      "2350,Assistant,sip,ada@example.com\n",
      {"--create", "--skip-invalid"});
  EXPECT_THAT(done.err, HasSubstr("2 rows share the e-mail ada@example.com"));
  EXPECT_THAT(exported(), AllOf(HasSubstr(id_of_ada + ",Ada Lovelace,ada@example.com,"),
                                HasSubstr(",Assistant,,,user,true,2350\n")));
}

// [IMP-19]
TEST_F(ImportLists, MakeNoSecondPersonOfANameHoweverItIsWritten) {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"Kay Alan", "\"Alan, Kay\""},
      {"Kay Alan", "Kay-Alan"},
      {"Kay Alan", "kay.alan"},
      {"Mary O'Brien", "Mary O\u2019Brien"},
      {"Zo\u00EB M\u00FCller", "(Mu\u0308ller) Zoe"},
      {"Jean/Luc", "Luc_Jean"},
      {"Mary O\u2019Neill", "Mary O'Neill"},
      {"Anna\u2010Lena Ruiz", "Anna-Lena Ruiz"},
  };
  for (const auto& [known, written] : pairs) {
    const Finished added = world_.ringbook({"user", "add", "--name", known});
    ASSERT_EQ(added.exit_code, 0) << added.err;
    const Finished refused =
        import("extension,name,tech\n2360," + written + ",sip\n", {"--create"});
    EXPECT_EQ(refused.exit_code, 1) << known << " and " << written << refused.out;
    EXPECT_THAT(refused.err, HasSubstr(" is the name of " + added.out.substr(0, 24)))
        << known << " and " << written;
    world_.ringbook({"user", "remove", added.out.substr(0, 24)});
  }
}

// A row of a shared mailbox that comes alone names who has the mailbox, but not under the name of
// somebody else. [IMP-4] [IMP-19]
TEST_F(ImportLists, GiveNobodyTheNameOfSomebodyElseByAnAddress) {
  const std::string header = "First Name,Last Name,Email,Extension,Site\n";
  EXPECT_EQ(
      import(header + "New,One,m@x.org,1500,M\nNew,Two,m@x.org,1501,M\n", {"--create"}).exit_code,
      0);
  EXPECT_EQ(import(header + "New,One,m@x.org,1500,M\n", {"--create"}).exit_code, 0);
  const std::string before = exported();
  const Finished refused = import(header + "New,Two,m@x.org,1510,M\n", {"--create"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("the e-mail \"m@x.org\" is that of \"New One\""),
                    HasSubstr("but \"New Two\" is the name of "), HasSubstr("mend the name")));
  EXPECT_EQ(exported(), before);

  EXPECT_EQ(import(header + "Ada,Byron,ada@example.com,,M\n").exit_code, 0) << "a new name is one";
  EXPECT_THAT(exported(), HasSubstr(id_of_ada + ",Ada Byron,"));
}

}  // namespace
}  // namespace ringbook::test
