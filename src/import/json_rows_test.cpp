#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/test_read.h"

namespace ringbook {
namespace {

using test::ada;
using test::bob;
using test::read;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string object(std::string_view id, const std::string& rest = "") {
  return R"({"userId":")" + std::string(id) + "\"" + rest + "}";
}

// [IMP-20]
TEST(JsonRows, TakeDocumentsOfMongoexport) {
  const auto list =
      read(R"({"_id":{"$oid":"64b7f1a2e4b0a5d3f9c12345"},"name":"Vera","__v":{"$numberInt":"0"},)"
           R"("personalInformation":{"rcExtension":"0777","city":"Rome"},"tags":["a"]})"
           "\n"
           R"({"_id":{"$oid":"64b7f1a2e4b0a5d3f9c12346"},"personalInformation":null,"email":null})"
           "\n"
           R"({"_id":"64b7f1a2e4b0a5d3f9c12347","personalInformation":{"rcExtension":12}})"
           "\n");
  EXPECT_THAT(list.problems(),
              ElementsAre("line 3: personalInformation.rcExtension must be a string or null"));
  EXPECT_EQ(list.file->list->name, "mongoexport");
  EXPECT_EQ(list.row(0).user.text(), ada);
  EXPECT_EQ(list.row(0).profile.name(), "Vera");
  EXPECT_EQ(list.row(0).extension->text(), "0777");
  EXPECT_EQ(list.row(1).user.text(), bob);
  EXPECT_FALSE(list.row(1).gives(Column::extension));
  EXPECT_FALSE(list.row(1).gives(Column::email)) << "null says nothing in another program's list";
  EXPECT_THAT(list.file->ignored_columns, ElementsAre("__v", "personalInformation.city", "tags"));
}

// [IMP-20]
TEST(JsonRows, TakeUsersAsTheApiAnswersThem) {
  const auto list =
      read(object(ada, R"(,"name":"Vera","email":null,"department":null,"role":"user",)"
                       R"("active":true,"personalInformation":{"rcExtension":"0777"},)"
                       R"("version":7,"updatedAt":"2026-11-23T10:00:00.000Z")"));
  EXPECT_THAT(list.problems(), IsEmpty());
  EXPECT_EQ(list.only_row().extension->text(), "0777");
  EXPECT_THAT(list.file->ignored_columns, ElementsAre("version", "updatedAt"));
}

// [IMP-13]
TEST(JsonRows, AreObjectsOverSeveralLinesAndInArrays) {
  for (const std::string& text :
       {"{\n  \"userId\": \"" + std::string(ada) + "\"\n}\n", "\n[\n" + object(ada) + "\n]\n",
        "[" + object(ada) + "]", " [ " + object(ada) + "\n]",
        "\xEF\xBB\xBF[" + object(ada) + "]\n"}) {
    const auto list = read(text);
    ASSERT_EQ(list.error(), "") << text;
    EXPECT_EQ(list.only_row().user.text(), ada) << text;
  }
  const auto two = read("[" + object(ada, R"(,"name":"}{][\"")") + ",\n" + object(bob) + "]");
  EXPECT_THAT(two.file->rows, SizeIs(2));
  EXPECT_EQ(two.row(0).profile.name(), "}{][\"");
  EXPECT_EQ(two.row(1).line, 2U);
  EXPECT_THAT(read("{\n\"userId\":\"" + std::string(ada) + "\"}\n" + object(bob)).file->rows,
              SizeIs(2));
}

// [IMP-13]
TEST(JsonRows, SayWhatIsWantedOfOtherDocuments) {
  EXPECT_THAT(read("[" + object(ada) + "," + object(bob) + "]").error(),
              AllOf(HasSubstr("line 1: a second object begins in this line"),
                    HasSubstr("jq -c '.[]' FILE")));
  EXPECT_THAT(read("[" + object(ada) + "\n").error(), HasSubstr("a comma or the end of the array"));
  EXPECT_THAT(read("[1,2]").error(),
              HasSubstr("an object is missing; one object a line is wanted"));
  EXPECT_THAT(read("[" + object(ada) + "]\n1").error(),
              HasSubstr("line 2: something stands after"));
  EXPECT_THAT(read("{\n\"userId\":\n").error(), HasSubstr("line 1: the object that begins here"));
  EXPECT_THAT(read(R"({"data":[],"next":null})").problems(),
              testing::Contains(HasSubstr("jq -c '.data[]' FILE")));
  EXPECT_THAT(read("{ _id: ObjectId('64b7f1a2e4b0a5d3f9c12345') }\n").problems(),
              ElementsAre(HasSubstr("mongoexport writes JSON")));
}

// [IMP-2]
TEST(JsonRows, TakeRingbooksOwnNamesHoweverTheyAreWritten) {
  EXPECT_EQ(read(R"({"UserID":")" + std::string(ada) + R"(","RCExtension":" 0777 "})")
                .only_row()
                .extension->text(),
            "0777");
  EXPECT_THAT(read(object(ada, R"(,"UserId":"x")")).problems(),
              ElementsAre(HasSubstr("\"UserId\" stands there twice")));
}

// [IMP-25]
TEST(JsonRows, TakeTheNumberOfMongoexportFromTwoMembersThatAgree) {
  const auto numbers = [](const std::string& inside, const std::string& outside) {
    return read(R"({"_id":"64b7f1a2e4b0a5d3f9c12345","personalInformation":{"rcExtension":)" +
                inside + R"(},"rcExtension":)" + outside + "}");
  };
  for (const auto& [inside, outside] :
       {std::pair(R"("0777")", R"("0777")"), std::pair("null", R"("0777")"),
        std::pair(R"("0777")", "null")}) {
    const auto list = numbers(inside, outside);
    EXPECT_THAT(list.problems(), IsEmpty()) << inside << outside;
    EXPECT_EQ(list.only_row().extension->text(), "0777");
  }
  EXPECT_THAT(numbers(R"("0777")", R"("777")").problems(),
              ElementsAre("line 1: rcExtension is \"777\", but personalInformation.rcExtension is "
                          "\"0777\": one value is wanted"));
}

}  // namespace
}  // namespace ringbook
