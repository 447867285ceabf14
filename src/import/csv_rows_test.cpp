// CSV as spreadsheets and shells leave it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/test_read.h"

namespace ringbook {
namespace {

using test::ada;
using test::bob;
using test::line_of;
using test::read;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// [IMP-21]
TEST(CsvRows, UnderstandWhatProgramsWriteBeforeTheHeaderLine) {
  for (const std::string before :
       {"sep=;\r\n", "SEP=;\n", "\"sep=;\"\n", "#TYPE System.Object\n",
        "#Type Selected.Some.User\r\nsep=;\r\n", "\xEF\xBB\xBFsep=;\n", "\xEF\xBB\xBF#TYPE X\n"}) {
    const auto list = read(before + "userId;rcExtension\n" + std::string(ada) + ";x\n");
    EXPECT_THAT(list.problems(), ElementsAre(HasSubstr(", column 26: rcExtension \"x\"")))
        << before;
  }
  EXPECT_EQ(
      read("sep=|\nuserId|rcExtension\n" + std::string(ada) + "|0077\n").row(0).extension->text(),
      "0077");
  EXPECT_THAT(read("sep=;\nuserId;rcExtension\n" + std::string(ada) + ";x\n").problems(),
              ElementsAre(HasSubstr("line 3, column 26")));
}

// [IMP-21]
TEST(CsvRows, NameOtherLinesBeforeTheHeaderLine) {
  for (const std::string before :
       {"People of 30 November\n\n", "# made by hand\n\n", "Report;;\n1;2;3\n"}) {
    EXPECT_THAT(read(before + "userId,rcExtension\n" + line_of(ada, "12")).error(),
                "line 1: no header line; one stands 2 lines further down: take away what is before "
                "it")
        << before;
  }
}

// [IMP-22]
TEST(CsvRows, PassOverWhatSpreadsheetsLeaveBehind) {
  const auto list = read("userId,name,rcExtension,,\r\n" + std::string(ada) + ",Ada,0012,,\r\n" +
                         std::string(bob) + ",Bob,13, ,\xC2\xA0,,\r\n \t,,,,\r\n");
  EXPECT_EQ(list.error(), "");
  EXPECT_THAT(list.problems(), IsEmpty());
  EXPECT_THAT(list.file->rows, SizeIs(2));
  EXPECT_THAT(list.file->ignored_columns, IsEmpty());
}

// [IMP-22]
TEST(CsvRows, RefuseAValueThatStandsUnderNoName) {
  EXPECT_THAT(read("userId,name,\n" + line_of(ada, "Ada,0012")).problems(),
              ElementsAre("line 2, column 30: \"0012\" stands in a column without a name"));
  EXPECT_THAT(read("userId,name\n" + line_of(ada, "a,b")).problems(),
              ElementsAre("line 2: has 3 cells, where the header line has 2"));
}

// [IMP-22]
TEST(CsvRows, TakeMissingLastCellsForNothingSaid) {
  const auto list =
      read("userId,name,email,rcExtension\n" + line_of(ada, "Ada") + line_of(bob, "Bob,b@c"));
  EXPECT_THAT(list.problems(), IsEmpty());
  EXPECT_THAT(list.warnings(), ElementsAre("line 2: 2 rows have fewer cells than the header line; "
                                           "what is missing says nothing"));
  EXPECT_TRUE(list.row(0).gives(Column::name));
  EXPECT_FALSE(list.row(0).gives(Column::email));
  EXPECT_FALSE(list.row(1).gives(Column::extension)) << "it releases nothing";
  EXPECT_THAT(read("userId,name,,\n" + line_of(ada, "Ada")).warnings(), IsEmpty())
      << "a column without a name is not missed";
  EXPECT_THAT(read("name,userId\nAda\n").problems(), ElementsAre("line 2: userId is required"));
}

// [IMP-23]
TEST(CsvRows, ReadNumbersThatWereKeptAsText) {
  for (const std::string cell : {"=\"0123\"", "\"=\"\"0123\"\"\"", "'0123", "\"'0123\"", "\t0123",
                                 " 0123 ", "\"0123\"", "\u00A00123", "0123\u200B"}) {
    const auto list = read("userId,rcExtension\n" + line_of(ada, cell));
    ASSERT_EQ(list.error(), "") << cell;
    ASSERT_THAT(list.problems(), IsEmpty()) << cell;
    EXPECT_EQ(list.only_row().extension->text(), "0123") << cell;
  }
  EXPECT_EQ(read("userId,name\n" + line_of(ada, "=\"Say \"\"hi\"\"\"")).only_row().profile.name(),
            "Say \"hi\"");
}

// [IMP-23]
TEST(CsvRows, LoseOneRowToOneOddCell) {
  for (const std::string odd : {"a\"b", "\"a\"b", "=\"a\"&\"b\"", "5\" pipe,\"x\""}) {
    const auto list = read("userId,name\n" + line_of(ada, odd) + line_of(bob, "Bob"));
    ASSERT_EQ(list.error(), "") << odd;
    EXPECT_THAT(list.problems(), ElementsAre(HasSubstr("line 2, column "))) << odd;
    EXPECT_EQ(list.only_row().user.text(), bob) << odd;
    EXPECT_EQ(list.file->records, 2U);
  }
}

// [IMP-13]
TEST(CsvRows, SayOnceThatTheFileIsNotInUtf8) {
  const auto list =
      read("userId,name,department\n" + line_of(ada, "J\xF6rg,B\xFCro") + line_of(bob, "Zo\xEB,"));
  EXPECT_THAT(list.problems(), SizeIs(3));
  EXPECT_THAT(list.warnings(), ElementsAre(AllOf(HasSubstr("line 2, column 26: the file is not in "
                                                           "UTF-8: save it as \"CSV UTF-8\""))));
  EXPECT_THAT(read("Stra\xDF"
                   "e,Nummer\n")
                  .error(),
              HasSubstr("save the file as \"CSV UTF-8\""));
}

// [IMP-17]
TEST(CsvRows, TakeEdgesOffIdsAddressesNumbersAndTruths) {
  const auto list = read("userId,name,email,active,rcExtension\n\u00A0" + std::string(ada) +
                         " , Ada ,\uFEFF ada@example.com\u200E,false ,\u30000012\n");
  ASSERT_THAT(list.problems(), IsEmpty());
  const Profile profile = list.only_row().profile.unpack();
  EXPECT_EQ(list.only_row().user.text(), ada);
  EXPECT_EQ(list.only_row().extension->text(), "0012");
  EXPECT_EQ(profile.email, "ada@example.com");
  EXPECT_FALSE(profile.active);
  EXPECT_EQ(profile.name, " Ada ") << "Ringbook's own texts are kept as they stand";
  EXPECT_EQ(read("extension,name,tech\n12, Ada\u00A0,sip\n").only_row().profile.name(), "Ada");
}

// [IMP-17]
TEST(CsvRows, RefuseWhatIsNotOneAddressInAListThatNamesPeopleByIt) {
  for (const std::string cell :
       {"\"vera@example.com,boss@example.com\"", "mailto:vera@example.com", "none", "-",
        "Vera <vera@example.com>", "vera@example.com boss@example.com", "@example.com"}) {
    EXPECT_THAT(read("extension,name,tech,voicemail_email\n12,Vera,sip," + cell + "\n").problems(),
                ElementsAre(HasSubstr("is not one e-mail address")))
        << cell;
    EXPECT_THAT(read("userId,email\n" + line_of(ada, cell)).problems(), IsEmpty())
        << "Ringbook's own addresses are as they were sent";
  }
}

// [IMP-21]
TEST(CsvRows, EndWhereASecondListBegins) {
  const auto first = "userId,name,rcExtension\n" + test::line_of(test::ada, "Ada,0777");
  EXPECT_THAT(read(first + "userId,department,rcExtension\n" + test::line_of(test::bob, "Sales,12"))
                  .error(),
              HasSubstr("line 3: a second list begins here"));
  EXPECT_THAT(read("First Name,Last Name,Extension,Direct\nVera,S,0777,1\n"
                   "First Name,Last Name,Direct,Extension\nKim,S,2,0778\n")
                  .error(),
              HasSubstr("line 3: a second list begins here"));
}

// [IMP-21]
TEST(CsvRows, SayThatTheLineOfTheSeparatorDoesNotFit) {
  EXPECT_THAT(read("sep=,\nuserId;name\n" + std::string(test::ada) + ";Ada\n").error(),
              HasSubstr("otherwise than the line sep= says"));
}

// [IMP-23]
TEST(CsvRows, AreNotMadeOfTheInsideOfACell) {
  for (const std::string& inside : {"a\n" + line_of(bob, "evil") + "b", std::string("a\n")}) {
    const auto list =
        read("userId,name\n" + line_of(ada, "5\" x,\"" + inside + "\"") + line_of(bob, "Bob"));
    EXPECT_THAT(list.problems(), ElementsAre(HasSubstr("line 2, column 27: a quote in a cell")));
    EXPECT_EQ(list.only_row().profile.name(), "Bob");
  }
}

// [IMP-25]
TEST(CsvRows, TakeAValueFromTwoColumnsThatAgree) {
  const std::string header = "_id,rcExtension,personalInformation.rcExtension\n";
  for (const std::string cells : {"0777,0777", "0777,", ",0777", "'0777,=\"0777\""}) {
    const auto list = read(header + line_of(ada, cells));
    ASSERT_EQ(list.error(), "") << cells;
    EXPECT_THAT(list.problems(), IsEmpty()) << cells;
    EXPECT_EQ(list.only_row().extension->text(), "0777") << cells;
  }
  EXPECT_THAT(read(header + line_of(ada, "0777,777") + line_of(bob, "12,12")).problems(),
              ElementsAre("line 2, column 31: personalInformation.rcExtension is \"777\", but "
                          "rcExtension is \"0777\": one value is wanted"));
}

}  // namespace
}  // namespace ringbook
