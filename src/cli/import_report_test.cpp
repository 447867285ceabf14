#include "cli/import_report.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace ringbook {
namespace {

constexpr std::string_view ada_id = "64b7f1a2e4b0a5d3f9c12345";

User somebody() {
  User user;
  user.id = *UserId::parse(ada_id);
  user.profile = {.name = "Ada", .email = {}, .department = "Math", .role = "user", .active = true};
  user.extension = Extension::parse("0042");
  return user;
}

// [IMP-8]
TEST(ImportReport, DescribesAnEditByWhatWasAndWhatWillBe) {
  Edit edit{.user = *UserId::parse(ada_id),
            .person = Edit::Person::put,
            .number = Edit::Number::assign,
            .profile = somebody().profile,
            .extension = Extension::parse("43")};
  edit.profile.name = "Ada L.";
  edit.profile.department.reset();
  edit.profile.active = false;
  EXPECT_EQ(
      described(edit, somebody()),
      "change 64b7f1a2e4b0a5d3f9c12345 (Ada): name \"Ada\" → \"Ada L.\", department \"Math\" → "
      "none, active true → false, rcExtension 0042 → 43");
  edit.person = Edit::Person::keep;
  edit.number = Edit::Number::release;
  edit.extension.reset();
  EXPECT_EQ(described(edit, somebody()),
            "change 64b7f1a2e4b0a5d3f9c12345 (Ada): rcExtension 0042 → none");
  edit.person = Edit::Person::create;
  edit.number = Edit::Number::keep;
  edit.profile = {.name = "Eve", .email = {}, .department = {}};
  EXPECT_EQ(described(edit, std::nullopt), "create 64b7f1a2e4b0a5d3f9c12345: name none → \"Eve\"");
}

Refusals one_refusal() {
  Refusals refusals(limits::import_problems);
  refusals.add(2, {.line = 2, .column = 9}, "=1\x1b", "bad, \"very\"",
               Holder{*UserId::parse(ada_id), "Ada", parse_rfc3339("2026-05-02T09:14:00.000Z")});
  refusals.add(3, {.line = 3}, "", "worse");
  return refusals;
}

// [IMP-7]
TEST(ImportReport, GivesProgramsLineColumnValueReasonAndHolder) {
  const ImportReport report{.counts = {}, .rows = 2, .ignored_columns = {"a\"b"}};
  const Refusals none(limits::import_problems);
  EXPECT_EQ(json_of(report, one_refusal(), none),
            R"({"applied":false,"rows":2,"created":0,"edited":0,"assigned":0,"released":0,)"
            R"("unchanged":0,"refused":2,"problems":[{"line":2,"column":9,"value":"=1\u001b",)"
            R"("message":"line 2, column 9: bad, \"very\"","holder":{"userId":)"
            R"("64b7f1a2e4b0a5d3f9c12345","name":"Ada","since":"2026-05-02T09:14:00.000Z"}},)"
            R"({"line":3,"column":null,"value":"","message":"line 3: worse"}],)"
            R"("omittedProblems":0,"warnings":[],"ignoredColumns":["a\"b"]})"
            "\n");
}

// [IMP-7]
TEST(ImportReport, WritesRefusalsAsCsvThatIsNoFormula) {
  EXPECT_EQ(csv_of(one_refusal()),
            "line,column,value,reason,holder,since\n"
            "2,9,'=1\xEF\xBF\xBD,\"bad, \"\"very\"\"\",64b7f1a2e4b0a5d3f9c12345,"
            "2026-05-02T09:14:00.000Z\n"
            "3,,,worse,,\n");
}

}  // namespace
}  // namespace ringbook
