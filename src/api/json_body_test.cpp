#include "api/json_body.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

// "path CODE" of each problem, in order, separated by "; ".
std::string summary(const Problems& problems) {
  static constexpr std::pair<ProblemCode, const char*> names[] = {
      {ProblemCode::malformed_json, "MALFORMED_JSON"},
      {ProblemCode::duplicate_name, "DUPLICATE_NAME"},
      {ProblemCode::required, "REQUIRED"},
      {ProblemCode::invalid_type, "INVALID_TYPE"},
      {ProblemCode::invalid_format, "INVALID_FORMAT"},
  };
  std::string out;
  for (const Problem& problem : problems.list()) {
    for (const auto& [code, name] : names) {
      if (code == problem.code) {
        out += (out.empty() ? "" : "; ") + problem.path + " " + name;
      }
    }
  }
  return out;
}

struct Case {
  const char* body;
  const char* problems;
};

std::string problems_of_assignment(std::string_view body) {
  JsonDocument scratch;
  Problems problems;
  const auto assignment = read_assignment(scratch, body, problems);
  EXPECT_EQ(assignment.has_value(), problems.empty()) << body;
  return summary(problems);
}

std::string problems_of_person(std::string_view body) {
  JsonDocument scratch;
  Problems problems;
  const auto person = read_person(scratch, body, problems);
  EXPECT_EQ(person.has_value(), problems.empty()) << body;
  return summary(problems);
}

// [PUT-7] [PUT-8] [PUT-9]
TEST(Assignment, ReadsTheDocumentedBody) {
  JsonDocument scratch;
  Problems problems;
  const auto wanted = read_assignment(
      scratch,
      R"( {"note":[{}],"payload":{"userId":"64B7F1A2E4B0A5D3F9C12345","\u0072cExtension":"0012","x":null}} )",
      problems);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->user.text(), "64b7f1a2e4b0a5d3f9c12345");
  EXPECT_EQ(wanted->extension.text(), "0012");
}

// [PUT-6] [PUT-9]
TEST(Assignment, ReportsEveryProblemOfShape) {
  const Case cases[] = {
      {R"({})", "payload REQUIRED"},
      {R"({"payload":null})", "payload INVALID_TYPE"},
      {R"({"payload":[]})", "payload INVALID_TYPE"},
      {R"({"payload":{}})", "payload.userId REQUIRED; payload.rcExtension REQUIRED"},
      {R"({"payload":{"userId":null,"rcExtension":1234}})",
       "payload.userId INVALID_TYPE; payload.rcExtension INVALID_TYPE"},
      {R"({"payload":{"userId":"","rcExtension":""}})",
       "payload.userId INVALID_FORMAT; payload.rcExtension INVALID_FORMAT"},
      {R"({"payload":{"userId":"64b7f1a2e4b0a5d3f9c1234","rcExtension":"1"}})",
       "payload.userId INVALID_FORMAT; payload.rcExtension INVALID_FORMAT"},
      {R"({"payload":{"userid":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"1234"}})",
       "payload.userId REQUIRED"},
      {R"([])", " INVALID_TYPE"},
      {R"("x")", " INVALID_TYPE"},
      {R"(null)", " INVALID_TYPE"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(problems_of_assignment(each.body), each.problems) << each.body;
  }
}

// [PUT-7]
TEST(Assignment, RefusesWhatIsNoExtension) {
  for (const char* text : {"1", "12345678901", "12a4", "+123", "-123", " 123", "123 ", "１２３４",
                           "١٢٣٤", "1.5", "12\\u0000", "0x12", "1e3"}) {
    const std::string body = R"({"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":")" +
                             std::string(text) + R"("}})";
    EXPECT_EQ(problems_of_assignment(body), "payload.rcExtension INVALID_FORMAT") << text;
  }
}

// [PUT-9]
TEST(Assignment, RefusesRepeatedNamesAndSaysWhere) {
  const Case cases[] = {
      {R"({"payload":{},"payload":{}})", "payload DUPLICATE_NAME"},
      {R"({"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","userId":"x","rcExtension":"12"}})",
       "payload.userId DUPLICATE_NAME"},
      {R"({"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"12","rcExt\u0065nsion":"12"}})",
       "payload.rcExtension DUPLICATE_NAME"},
      {R"({"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"12","x":1,"x":1}})",
       "payload DUPLICATE_NAME"},
      {R"({"a":1,"a":1,"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"12"}})",
       " DUPLICATE_NAME"},
      {R"({"a":[{"b":1,"b":1}],"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"12"}})",
       " DUPLICATE_NAME"},
      {R"({"payload":{"userId":"64b7f1a2e4b0a5d3f9c12345","rcExtension":"12","x":{"y":{"z":1,"z":1}}}})",
       "payload DUPLICATE_NAME"},
      {R"({"payload":{"userId":{"x":1,"x":1},"rcExtension":"12"}})",
       "payload.userId DUPLICATE_NAME; payload.userId INVALID_TYPE"},
      {R"({"userId":1,"userId":1,"payload":{"payload":1,"payload":1}})",
       " DUPLICATE_NAME; payload DUPLICATE_NAME; payload.userId REQUIRED; payload.rcExtension "
       "REQUIRED"},
      {R"([{"payload":1,"payload":1}])", " DUPLICATE_NAME;  INVALID_TYPE"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(problems_of_assignment(each.body), each.problems) << each.body;
  }
}

// [PUT-9]
TEST(Assignment, ReportsMalformedJsonAsOneProblem) {
  std::string deep = R"({"payload":)";
  for (int i = 0; i < 32; ++i) {
    deep += '[';
  }
  for (const std::string& body :
       {std::string(), std::string(" \n"), std::string("{"), std::string("{}x"),
        std::string("\xEF\xBB\xBF{}"), std::string("{\"payload\":\"\xFF\"}"),
        std::string(R"({"payload":"\ud800"})"), std::string("{/**/}"), std::string("{'a':1}"),
        std::string("{} {}"), std::string("\0{}", 3), deep + std::string(32, ']') + "}"}) {
    EXPECT_EQ(problems_of_assignment(body), " MALFORMED_JSON") << body;
  }
}

TEST(ExtensionBody, HasTheNameOfItsOwnRequest) {
  JsonDocument scratch;
  Problems problems;
  EXPECT_EQ(read_extension(scratch, R"({"rcExtension":"0099"})", problems)->text(), "0099");
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(read_extension(scratch, R"({"payload":{"rcExtension":"0099"}})", problems),
            std::nullopt);
  EXPECT_EQ(summary(problems), "rcExtension REQUIRED");
}

TEST(PersonBody, TakesWhatGetGives) {
  JsonDocument scratch;
  Problems problems;
  const auto person = read_person(
      scratch,
      R"({"userId":"64b7f1a2e4b0a5d3f9c12345","name":"Ada Lovelace","email":"ada@example.com",)"
      R"("department":null,"role":"lead","active":false,"personalInformation":{"rcExtension":"1234"},)"
      R"("version":7,"updatedAt":"2026-11-23T10:00:00.000Z"})",
      problems);
  ASSERT_TRUE(person);
  EXPECT_EQ(person->profile, (Profile{.name = "Ada Lovelace",
                                      .email = "ada@example.com",
                                      .department = std::nullopt,
                                      .role = "lead",
                                      .active = false}));
  EXPECT_EQ(person->user->text(), "64b7f1a2e4b0a5d3f9c12345");
  EXPECT_EQ(person->read_only.version, 7U);
  EXPECT_EQ(person->read_only.updated_at, "2026-11-23T10:00:00.000Z");
  EXPECT_EQ(person->read_only.extension, std::optional(Extension::parse("1234")));
}

TEST(PersonBody, AbsentMembersAreTheDefaults) {
  JsonDocument scratch;
  Problems problems;
  const auto person = read_person(scratch, "{}", problems);
  ASSERT_TRUE(person);
  EXPECT_EQ(person->profile, Profile());
  EXPECT_FALSE(person->user || person->read_only.version || person->read_only.updated_at ||
               person->read_only.extension);
}

TEST(PersonBody, AnEmptyPersonalInformationHasNoNumber) {
  for (const char* body :
       {R"({"personalInformation":{}})", R"({"personalInformation":{"rcExtension":null,"x":1}})"}) {
    JsonDocument scratch;
    Problems problems;
    const auto person = read_person(scratch, body, problems);
    ASSERT_TRUE(person) << body;
    ASSERT_TRUE(person->read_only.extension.has_value()) << body;
    EXPECT_FALSE(person->read_only.extension->has_value()) << body;
  }
}

TEST(PersonBody, ReportsEveryProblemOfShape) {
  const Case cases[] = {
      {R"({"name":1,"email":"\u0001","department":[],"role":null,"active":null})",
       "name INVALID_TYPE; email INVALID_FORMAT; department INVALID_TYPE; role INVALID_TYPE; "
       "active INVALID_TYPE"},
      {R"({"name":"a\u0000b","role":"","email":"a@\u009f"})",
       "name INVALID_FORMAT; email INVALID_FORMAT; role INVALID_FORMAT"},
      {R"({"userId":"x","version":"7","updatedAt":0,"personalInformation":null})",
       "userId INVALID_FORMAT; version INVALID_TYPE; updatedAt INVALID_TYPE; "
       "personalInformation INVALID_TYPE"},
      {R"({"version":7.5,"personalInformation":{"rcExtension":"1"}})",
       "version INVALID_FORMAT; personalInformation.rcExtension INVALID_FORMAT"},
      {R"({"version":-1})", "version INVALID_FORMAT"},
      {R"({"version":1e400})", "version INVALID_FORMAT"},
      {R"({"name":"a","name":"b","personalInformation":{"rcExtension":null,"rcExtension":null}})",
       "name DUPLICATE_NAME; personalInformation.rcExtension DUPLICATE_NAME"},
      {R"({"name":null,"name":null})", "name DUPLICATE_NAME"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(problems_of_person(each.body), each.problems) << each.body;
  }
}

}  // namespace
}  // namespace ringbook
