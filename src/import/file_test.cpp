#include "import/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "import/test_read.h"

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using test::ada;
using test::bob;
using test::line_of;
using test::read;
using test::ReadList;

// A CSV file of one row whose name is `cell`, as it stands in the file.
ReadList read_name(const std::string& cell) {
  return read("userId,name\n" + std::string(ada) + "," + cell + "\n");
}

TEST(ImportFile, TakesColumnsInAnyOrder) {
  const auto read_ = read("rcExtension,active,name,userId,role,department,email\n0042,false,Ada," +
                          std::string(ada) + ",lead,Sales,ada@example.com\n");
  const ImportRow& row = read_.only_row();
  EXPECT_EQ(row.user.text(), ada);
  EXPECT_EQ(row.extension->text(), "0042");
  const Profile profile = row.profile.unpack();
  EXPECT_EQ(profile.name, "Ada");
  EXPECT_EQ(profile.email, "ada@example.com");
  EXPECT_EQ(profile.department, "Sales");
  EXPECT_EQ(profile.role, "lead");
  EXPECT_FALSE(profile.active);
}

TEST(ImportFile, TellsAbsentColumnsFromEmptyCells) {
  const auto read_ = read("userId,name,rcExtension\n" + line_of(ada, ","));
  const ImportRow& row = read_.only_row();
  EXPECT_TRUE(row.gives(Column::name));
  EXPECT_TRUE(row.gives(Column::extension));
  EXPECT_FALSE(row.gives(Column::email));
  EXPECT_FALSE(row.gives(Column::active));
  EXPECT_FALSE(row.extension);
  EXPECT_FALSE(row.profile.name());
}

TEST(ImportFile, TellsAbsentMembersFromNullInJsonLines) {
  const auto read_ =
      read(R"({"userId":")" + std::string(ada) + R"(","name":null,"rcExtension":null})" + "\n");
  const ImportRow& row = read_.only_row();
  EXPECT_TRUE(row.gives(Column::name));
  EXPECT_TRUE(row.gives(Column::extension));
  EXPECT_FALSE(row.gives(Column::email));
  EXPECT_FALSE(row.profile.name());
}

TEST(ImportFile, ReadsJsonLinesWithEveryMember) {
  const auto read_ = read(R"({"active":false,"rcExtension":"0042","userId":")" + std::string(ada) +
                          R"(","name":"'=Ada\n","role":"lead"})");
  // A JSON name is no spreadsheet cell, so its quote mark stays; the line end is refused.
  EXPECT_THAT(read_.problems(), ElementsAre(HasSubstr("line 1: name \"'=Ada\\n\"")));
  const auto good = read(R"({"active":false,"rcExtension":"0042","userId":")" + std::string(ada) +
                         R"(","name":"'=Ada","role":"lead"})");
  EXPECT_EQ(good.only_row().extension->text(), "0042");
  EXPECT_EQ(good.only_row().profile.name(), "'=Ada");
  EXPECT_FALSE(good.only_row().profile.active());
}

// [IMP-2]
TEST(ImportFile, NamesUnknownRepeatedAndMissingColumns) {
  EXPECT_EQ(read("userId,nmae,rcExtension,phone\n").error(),
            "line 1: unknown columns \"nmae\" (did you mean name?), \"phone\"; known are userId, "
            "name, email, department, role, active, rcExtension");
  EXPECT_THAT(read("userId,name,NAME\n").error(),
              HasSubstr("line 1, column 13: column \"NAME\" stands here a second time"));
  EXPECT_THAT(read("name,email\n").error(), HasSubstr("the header line has no column userId"));
  EXPECT_THAT(read("usrId,name\n").error(), HasSubstr("\"usrId\" (did you mean userId?)"));
}

TEST(ImportFile, NamesUnknownAndRepeatedMembersOfJsonLines) {
  const std::string id = R"({"userId":")" + std::string(ada) + "\"";
  EXPECT_THAT(read(id + R"(,"phone":"1"})").problems(),
              ElementsAre(HasSubstr("line 1: unknown member \"phone\"; known are userId, name")));
  EXPECT_THAT(read(id + R"(,"name":"a","name":"b"})").problems(),
              ElementsAre("line 1: member \"name\" stands there twice"));
  EXPECT_THAT(read(id + R"(,"rcExtension":1234})").problems(),
              ElementsAre("line 1: rcExtension must be a string or null"));
  EXPECT_THAT(read(id + R"(,"active":"true"})").problems(),
              ElementsAre("line 1: active must be true, false or null"));
  EXPECT_THAT(read(id + "}\n{\"userId\":\n").problems(),
              ElementsAre("line 2: is no JSON object in UTF-8"));
  EXPECT_THAT(read(id + "}\n[]\n").problems(), ElementsAre("line 2: is no JSON object in UTF-8"));
}

TEST(ImportFile, StripsOneQuoteMarkOnlyBeforeWhatASpreadsheetWouldRun) {
  for (const std::string name : {"=1+1", "+49", "-x", "@x", "'x", "'"}) {
    EXPECT_EQ(read_name("'" + name).only_row().profile.name(), name);
  }
  EXPECT_EQ(read_name("'Ada").only_row().profile.name(), "'Ada");
  EXPECT_EQ(read_name("'").only_row().profile.name(), "'");
  EXPECT_EQ(read_name("=x").only_row().profile.name(), "=x");
  EXPECT_EQ(read_name("''=x").only_row().profile.name(), "'=x");
  // TAB and CR are taken for guarded too; the name itself may not hold them.
  EXPECT_THAT(read_name("'\tx").problems(), ElementsAre(HasSubstr("name \"\\tx\"")));
  EXPECT_THAT(read_name("\"'\rx\"").problems(), ElementsAre(HasSubstr("name \"\\rx\"")));
}

TEST(ImportFile, RefusesWhatIsNoTextWithItsPlace) {
  EXPECT_THAT(read_name("a\xFF").problems(), ElementsAre(HasSubstr("line 2, column 26: name ")));
  EXPECT_THAT(read_name("a\xFF").problems(), ElementsAre(HasSubstr("is not valid UTF-8")));
  EXPECT_THAT(read_name(std::string("a\0b", 3)).problems(), ElementsAre(HasSubstr("holds a NUL")));
  const std::string json = R"({"userId":")" + std::string(ada) + R"(","name":")";
  EXPECT_THAT(read(json + "a\xFF\"}").problems(),
              ElementsAre("line 1: is no JSON object in UTF-8"));
  EXPECT_THAT(read(json + "a\\u0000\"}").problems(), ElementsAre(HasSubstr("holds a NUL")));
}

TEST(ImportFile, RefusesValuesOutOfRangeEachWithItsReason) {
  const auto read_ = read("userId,rcExtension,active,email\n" + line_of("12", "11,true,") +
                          line_of(ada, "1,yes,x\ty"));
  EXPECT_THAT(read_.problems(),
              ElementsAre("line 2, column 1: userId \"12\" is not 24 hexadecimal digits",
                          "line 3, column 26: rcExtension \"1\" is not 2 to 10 digits; a "
                          "spreadsheet takes leading zeros away: format the column as text",
                          "line 3, column 28: active \"yes\" is not true or false",
                          HasSubstr("line 3, column 32: email \"x\\ty\"")));
  EXPECT_EQ(read_.refusals.rows(), 2U);
  EXPECT_EQ(read_.file->records, 2U);
  EXPECT_THAT(read_.file->rows, IsEmpty());
}

TEST(ImportFile, RequiresAUserInEveryRow) {
  EXPECT_THAT(read("name,userId\nAda,\n").problems(),
              ElementsAre("line 2, column 5: userId is required"));
  EXPECT_THAT(read(R"({"name":"Ada"})").problems(), ElementsAre("line 1: userId is required"));
  EXPECT_THAT(read(R"({"userId":null})").problems(), ElementsAre("line 1: userId is required"));
}

TEST(ImportFile, RefusesTheLaterOfTwoRowsForOneUserOrNumber) {
  const auto users = read("userId,name\n" + line_of(ada, "a") + line_of(bob, "b") +
                          line_of("64B7F1A2E4B0A5D3F9C12345", "c"));
  EXPECT_THAT(users.problems(), ElementsAre("line 4, column 1: user " + std::string(ada) +
                                            " stands already in line 2"));
  EXPECT_EQ(users.file->rows.size(), 2U);
  const auto numbers = read("userId,rcExtension\n" + line_of(ada, "11") + line_of(bob, "11"));
  EXPECT_THAT(numbers.problems(),
              ElementsAre("line 3, column 26: extension 11 stands already in line 2"));
  // A leading zero makes another number.
  EXPECT_THAT(read("userId,rcExtension\n" + line_of(ada, "11") + line_of(bob, "011")).problems(),
              IsEmpty());
}

TEST(ImportFile, CountsARefusedRowsNumberAsSpokenOf) {
  const auto read_ =
      read("userId,active,rcExtension\n" + line_of(ada, "maybe,11") + line_of(bob, "true,11"));
  EXPECT_EQ(read_.refusals.rows(), 2U);
  EXPECT_THAT(read_.file->rows, IsEmpty());
}

// [IMP-16]
TEST(ImportFile, SaysThatThereIsNothingInIt) {
  EXPECT_EQ(read("").error(), "the file is empty");
  EXPECT_EQ(read("\xEF\xBB\xBF").error(), "the file is empty");
  EXPECT_THAT(read("\r\n\n").error(), HasSubstr("the file is empty"));
  for (const std::string text : {"userId\n", "userId,name\n,\n \t,\n", "[]", "[\n]\n"}) {
    const auto read_ = read(text);
    ASSERT_EQ(read_.error(), "") << text;
    EXPECT_THAT(read_.warnings(), ElementsAre(HasSubstr("the file has no rows"))) << text;
  }
  EXPECT_THAT(read("\xEF\xBB\xBFuserId\r\n" + std::string(ada) + "\r\n").warnings(), IsEmpty());
}

TEST(ImportFile, BoundsALineOfJson) {
  EXPECT_THAT(
      read("{}\n{" + std::string(limits::import_record_bytes, ' ') + "}").file.error().detail,
      HasSubstr("line 2: longer than"));
}

// [IMP-1]
TEST(ImportFile, ReadsSemicolonsTabsAndRowsOfNothing) {
  for (const std::string separator : {",", ";", "\t"}) {
    const auto read_ = read("\xEF\xBB\xBFuserId" + separator + "name" + separator +
                            "rcExtension\r\n" + std::string(ada) + separator + "\"a" + separator +
                            "\r\nb\"" + separator + "0042\r\n" + separator + separator + "\r\n" +
                            std::string(bob) + separator + "x" + separator + "bad\r\n");
    EXPECT_THAT(read_.problems(),
                ElementsAre(HasSubstr("line 2, column 26: name"),
                            "line 5, column 28: rcExtension \"bad\" is not 2 to 10 digits"));
    EXPECT_EQ(read_.file->records, 2U);
  }
}

// [IMP-1]
TEST(ImportFile, TakesTruthInCapitalsAsSpreadsheetsWriteIt) {
  const auto read_ = read("userId,active\n" + line_of(ada, "FALSE") + line_of(bob, "True"));
  ASSERT_THAT(read_.problems(), IsEmpty());
  EXPECT_FALSE(read_.file->rows[0].profile.active());
  EXPECT_TRUE(read_.file->rows[1].profile.active());
}

TEST(ImportFile, KnowsAFileThatNoSpreadsheetHasSaved) {
  const std::string header = "userId,name,email,department,role,active,rcExtension\n";
  EXPECT_TRUE(read(header + line_of(ada, ",,,,true,12")).file->is_as_exported);
  EXPECT_FALSE(read(header + line_of(ada, ",,,,TRUE,12")).file->is_as_exported);
  EXPECT_FALSE(read("userId,rcExtension\n" + line_of(ada, "12")).file->is_as_exported);
}

// [IMP-6]
TEST(ImportFile, SaysWhatASpreadsheetDidToANumber) {
  const auto problem = [](const std::string& number) {
    const auto read_ = read("userId;rcExtension\n" + std::string(ada) + ";" + number + "\n");
    EXPECT_THAT(read_.file->rows, IsEmpty());
    return read_.problems().at(0);
  };
  EXPECT_THAT(problem("1.23E+09"), HasSubstr("scientific notation"));
  EXPECT_THAT(problem("1,23e9"), HasSubstr("scientific notation"));
  EXPECT_THAT(problem("1234.0"), HasSubstr("decimal number"));
  EXPECT_THAT(problem("1234,0"), HasSubstr("decimal number"));
  EXPECT_THAT(problem("7"), HasSubstr("leading zeros"));
  EXPECT_THAT(problem("12 34"), HasSubstr("spaces are no part of it"));
  EXPECT_THAT(problem("12\u00A034"), HasSubstr("holds U+00A0, which cannot be seen"));
  EXPECT_THAT(problem("+491234"), HasSubstr("country code"));
  EXPECT_THAT(problem("x"), testing::EndsWith("is not 2 to 10 digits"));
  EXPECT_THAT(read("userId\n6.4E+23\n").problems(), ElementsAre(HasSubstr("scientific notation")));
}

// [IMP-3]
TEST(ImportFile, ReadsAnExportOfFreePbx) {
  const auto read_ = read(
      "extension,password,name,voicemail,tech,voicemail_email,,\n"
      "0146,,Ada Lovelace,default,pjsip,ada@example.com,,\n"
      "818,,\"Hopper, Grace\",novm,sip,,,\n"
      ",,,,,,,\n");
  EXPECT_THAT(read_.problems(), IsEmpty());
  EXPECT_EQ(read_.file->list->name, "FreePBX");
  EXPECT_THAT(read_.file->ignored_columns, ElementsAre("password", "voicemail", "tech"));
  ASSERT_EQ(read_.file->rows.size(), 2U);
  EXPECT_EQ(read_.file->rows[0].extension->text(), "0146");
  EXPECT_EQ(read_.file->rows[0].profile.name(), "Ada Lovelace");
  EXPECT_EQ(read_.file->rows[0].profile.email(), "ada@example.com");
  EXPECT_EQ(read_.file->rows[1].profile.name(), "Hopper, Grace");
  EXPECT_FALSE(read_.file->rows[1].gives(Column::email)) << "an empty cell says nothing";
}

// [IMP-3]
TEST(ImportFile, ReadsAUserListOfRingCentral) {
  const auto read_ = read(
      "Last Name;First Name;Email;Extension Number;Department;Role;Status;Site\n"
      "Lovelace;Ada;ada@example.com;101;Math;Super Admin;Enabled;Main\n"
      ";Grace;grace@example.com;102;;;Not Activated;\n"
      "Turing;;alan@example.com;;;;Disabled;\n"
      "Kay;Alan;kay@example.com;104;;;Frozen;\n"
      "No;Body;no@example.com;105;;;Unassigned;\n");
  EXPECT_THAT(read_.problems(),
              ElementsAre(HasSubstr("line 6, column 30: status \"Unassigned\" is not Enabled")));
  EXPECT_THAT(read_.file->ignored_columns, ElementsAre("Site"));
  ASSERT_EQ(read_.file->rows.size(), 4U);
  EXPECT_EQ(read_.file->rows[0].profile.unpack(), (Profile{.name = "Ada Lovelace",
                                                           .email = "ada@example.com",
                                                           .department = "Math",
                                                           .role = "Super Admin",
                                                           .active = true}));
  EXPECT_EQ(read_.file->rows[1].profile.name(), "Grace");
  EXPECT_EQ(read_.file->rows[2].profile.name(), "Turing");
  EXPECT_TRUE(read_.file->rows[1].profile.active());
  EXPECT_FALSE(read_.file->rows[2].profile.active());
  EXPECT_FALSE(read_.file->rows[2].gives(Column::extension));
  EXPECT_FALSE(read_.file->rows[3].profile.active());
}

// [IMP-4]
TEST(ImportFile, RefusesTheLaterOfTwoRowsForOneAddress) {
  EXPECT_THAT(read("extension,name,tech,voicemail_email\n11,A,sip,a@b\n12,a,sip, A@B\n").problems(),
              ElementsAre("line 3, column 10: e-mail a@b stands already in line 2"));
}

// [IMP-7]
TEST(Refusals, KeepTheFirstOfTheFileAndCountTheOthers) {
  Refusals refusals(limits::import_problems);
  for (std::uint32_t line = limits::import_problems + 10; line > 0; --line) {
    refusals.add(line, {.line = line}, "", "bad");
  }
  refusals.add(7, {.line = 7, .column = 3}, "", "again");
  EXPECT_EQ(refusals.list().size(), limits::import_problems);
  EXPECT_EQ(refusals.list().begin()->second.message(), "line 1: bad");
  EXPECT_EQ(std::next(refusals.list().begin(), 7)->second.message(), "line 7, column 3: again");
  EXPECT_EQ(refusals.rows(), limits::import_problems + 10);
  EXPECT_EQ(refusals.omitted(), 11U);
}

// [IMP-7]
TEST(Refusals, ShortenTheValueAndNameTheHolder) {
  Refusals refusals(1);
  const Holder holder{*UserId::parse(ada), "Ada", parse_rfc3339("2026-05-02T09:14:00.000Z")};
  refusals.add(1, {.line = 1}, std::string(500, 'x'), "held by " + holder.text(), holder);
  const Refusal& refusal = refusals.list().begin()->second;
  EXPECT_LE(refusal.value.size(), 80U);
  EXPECT_EQ(refusal.reason,
            "held by Ada (" + std::string(ada) + ") since 2026-05-02T09:14:00.000Z");
}

// [IMP-19]
TEST(ImportFile, CountsTheAddressesOfRefusedRowsAsSharedToo) {
  const std::string assistant = "23,Assistant,sip,ada@example.com\n";
  for (const std::string refused :
       {"1,Ada,sip,ada@example.com\n", "22,Ada,sip,ada@exa\u200Bmple.com\n",
        "22,A\"da,sip,ada@example.com\n", "22,\"Ada\"!,sip,ADA@example.com\n"}) {
    const auto list = read("extension,name,tech,voicemail_email\n" + refused + assistant);
    EXPECT_EQ(list.refusals.rows(), 1U) << refused;
    EXPECT_TRUE(list.only_row().shares_address) << refused;
    EXPECT_THAT(list.warnings(), ElementsAre(HasSubstr("2 rows share the e-mail "))) << refused;
  }
}

// [IMP-19]
TEST(ImportFile, TakesSignsForNoNameOfOnePerson) {
  const auto list =
      read("extension,name,tech,voicemail_email\n31,-,sip,o@x.org\n32,.,sip,o@x.org\n");
  EXPECT_THAT(list.problems(), IsEmpty());
  EXPECT_TRUE(list.row(0).shares_address);
  EXPECT_TRUE(list.row(1).shares_address);
  EXPECT_THAT(
      read("extension,name,tech,voicemail_email\n31,,sip,o@x.org\n32,,sip,o@x.org\n").problems(),
      ElementsAre(HasSubstr("e-mail o@x.org stands already in line 2")));
}

// [IMP-19]
TEST(ImportFile, TakesARowWithoutANameForNoOtherPerson) {
  const std::string header = "First Name,Last Name,Email,Extension\n";
  for (const char* rows :
       {"Vera,S,o@x.org,31\n,,o@x.org,32\n", ",,o@x.org,31\nVera,S,o@x.org,32\n"}) {
    const auto list = read(header + rows);
    EXPECT_THAT(list.problems(), ElementsAre(HasSubstr("e-mail o@x.org stands already in line 2")));
    EXPECT_FALSE(list.only_row().shares_address);
  }
}

}  // namespace
}  // namespace ringbook
