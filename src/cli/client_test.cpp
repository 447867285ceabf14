// Answers that are read, refusals that are told, and people who are named.
#include "cli/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "cli/test_console.h"
#include "cli/test_transport.h"

namespace ringbook {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

Result<UserView> read_user_in(const std::string& body) {
  return read_user(Answer{.status = 200, .body = body});
}

void expect_foreign(const auto& result, const std::string& what) {
  ASSERT_FALSE(result) << what;
  EXPECT_EQ(result.error().code, Errc::unavailable) << what;
  EXPECT_EQ(result.error().detail, foreign) << what;
}

// --- users ---------------------------------------------------------------------------------------

TEST(ReadUser, TakesWhatTheApiGives) {
  const auto user = read_user_in(user_json(first_id, R"(,"department":"Support")"));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->id, first_id);
  EXPECT_EQ(user->name, "Ada");
  EXPECT_EQ(user->email, "ada@example.com");
  EXPECT_EQ(user->department, "Support");
  EXPECT_EQ(user->role, "user");
  EXPECT_TRUE(user->active);
  EXPECT_EQ(user->extension, "1234");
  EXPECT_EQ(user->version, 7U);
  EXPECT_EQ(user->updated_at, "2026-11-23T10:00:00.000Z");
}

TEST(ReadUser, TakesWhoHasLittle) {
  const auto user = read_user_in(R"({"userId":")" + std::string(first_id) +
                                 R"(","name":null,"role":"boss","active":false,)"
                                 R"("personalInformation":{"rcExtension":null}})");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, std::nullopt);
  EXPECT_EQ(user->email, std::nullopt);
  EXPECT_FALSE(user->active);
  EXPECT_EQ(user->extension, std::nullopt);
  EXPECT_EQ(user->version, 0U);
  EXPECT_EQ(display_name(*user), first_id);
}

TEST(ReadUser, TakesNothingThatADirectoryCannotHold) {
  const std::string id = R"({"userId":")" + std::string(first_id) + R"(",)";
  const std::string rest = R"("active":true,"personalInformation":{}})";
  ASSERT_TRUE(read_user_in(id + R"("role":"user",)" + rest));
  for (const std::string& body : {
           std::string("no JSON"),
           std::string("[]"),
           R"({"userId":"short","role":"user",)" + rest,
           id + R"("role":"user","personalInformation":{}})",
           id + R"("role":"user","active":1,"personalInformation":{}})",
           id + R"("role":"user","active":true})",
           id + rest,  // No role.
           id + R"("role":"user","name":"\u001b[2J",)" + rest,
           id + R"("role":"user","updatedAt":"\u0007",)" + rest,
           id + R"("role":"user","version":-1,)" + rest,
           id + R"("role":"user","version":9007199254740992,)" + rest,
           id + R"("role":"user","active":true,"personalInformation":{"rcExtension":"1"}})",
       }) {
    expect_foreign(read_user_in(body), body);
  }
}

// --- refusals ------------------------------------------------------------------------------------

Answer refusal(std::uint16_t status, const std::string& code, const std::string& more = "") {
  return {.status = status,
          .body = R"({"error":{"code":")" + code + R"(","message":"No")" + more + "}}"};
}

TEST(Accepted, LetsSuccessAndFailedQuestionsPass) {
  for (const auto status : {std::uint16_t{200}, std::uint16_t{204}}) {
    const auto passed = accepted(Answer{.status = status, .body = "anything"});
    ASSERT_TRUE(passed);
    EXPECT_EQ(passed->status, status);
    EXPECT_EQ(code_of(*passed), "");
  }
  const auto failed = accepted(fail(Errc::unauthenticated, "no token"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::unauthenticated);
  EXPECT_EQ(failed.error().detail, "no token");
}

TEST(Accepted, TellsRefusalsByTheirCodes) {
  const auto errc_of = [](std::uint16_t status, const std::string& code) {
    return accepted(refusal(status, code)).error().code;
  };
  EXPECT_EQ(errc_of(404, "USER_NOT_FOUND"), Errc::not_found);
  EXPECT_EQ(errc_of(400, "VALIDATION_ERROR"), Errc::invalid);
  EXPECT_EQ(errc_of(412, "PRECONDITION_FAILED"), Errc::invalid);
  EXPECT_EQ(errc_of(503, "UNAVAILABLE"), Errc::unavailable);
  EXPECT_EQ(errc_of(507, "NOT_FOUND"), Errc::unavailable) << "its own trouble comes first";
  EXPECT_EQ(code_of(refusal(404, "USER_NOT_FOUND")), "USER_NOT_FOUND");
}

TEST(Accepted, TellsEachDetailInASentence) {
  const auto told = [](const std::string& details) {
    return accepted(refusal(400, "VALIDATION_ERROR", R"(,"details":)" + details)).error().detail;
  };
  EXPECT_EQ(accepted(refusal(400, "VALIDATION_ERROR")).error().detail, "No");
  EXPECT_EQ(told("[]"), "No");
  EXPECT_EQ(told("{}"), "No") << "no list";
  EXPECT_EQ(told(R"([{"path":"name","message":"Is long."},{"message":"Is bad."}])"),
            "name: Is long.\nIs bad.");
  EXPECT_EQ(told(R"([{"path":"rcExtension","message":"Is taken.","conflict":{},)"
                 R"("suggestions":["12",7,"13"]}])"),
            "Is taken. Free numbers nearby: 12, 13.");
  EXPECT_EQ(told(R"([{"path":"p","message":"Is taken.","conflict":{},"suggestions":[]}])"),
            "Is taken.");
  EXPECT_EQ(told(R"([{"path":"If-Match","message":"Is stale.","changedBy":null}])"), "Is stale.");
}

TEST(Accepted, BelievesNoRefusalThatIsNotOurs) {
  for (const char* body : {"", "<html>", "{}", "[]", R"("error")"}) {
    const Answer answer{.status = 404, .body = body};
    expect_foreign(accepted(answer), body);
    EXPECT_EQ(code_of(answer), "");
  }
}

class Programs : public testing::Test, protected TestConsole {};

TEST_F(Programs, GetARefusedWriteAsItCame) {
  const Answer stale = refusal(412, "PRECONDITION_FAILED");
  const auto told = accepted_write(stale, "ada@example.com", &console());
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, Errc::invalid);
  EXPECT_EQ(told.error().detail,
            "No\nnothing was changed; `ringbook user show ada@example.com` shows the present "
            "version");
  EXPECT_EQ(printed(), stale.body + "\n");
}

TEST_F(Programs, GetNothingOfWhatIsNoRefusal) {
  EXPECT_TRUE(accepted_write(Answer{.status = 200, .body = "{}"}, "u", &console()));
  EXPECT_FALSE(accepted_write(Answer{.status = 404, .body = "<html>"}, "u", &console()));
  EXPECT_FALSE(accepted_write(fail(Errc::unavailable), "u", &console()));
  EXPECT_EQ(printed(), "");
  const auto other = accepted_write(refusal(404, "USER_NOT_FOUND"), "u", nullptr);
  EXPECT_EQ(other.error().detail, "No") << "nothing is stale";
  EXPECT_EQ(printed(), "");
}

TEST_F(Programs, AreThoseWhoAskForJson) {
  const Settings settings;
  const Context context{.settings = settings, .console = console(), .os_user = "ann"};
  EXPECT_EQ(program_of(context, true), &console());
  EXPECT_EQ(program_of(context, false), nullptr);
}

// --- who is meant --------------------------------------------------------------------------------

TEST(ResolveUser, TakesAnIdWithoutAsking) {
  TestTransport transport;
  EXPECT_EQ(*resolve_user(transport, "64B7F1A2E4B0A5D3F9C12345"), first_id);
  EXPECT_TRUE(transport.asked.empty());
}

TEST(ResolveUser, FindsTheOneWithAnAddress) {
  TestTransport transport;
  transport.will_answer(page_json({user_json(first_id)}));
  EXPECT_EQ(*resolve_user(transport, "ada+x@example.com"), first_id);
  ASSERT_EQ(transport.asked.size(), 1U);
  EXPECT_EQ(transport.asked[0].method, Method::get);
  EXPECT_EQ(transport.asked[0].path, "/v1/users");
  EXPECT_EQ(transport.asked[0].query, "email=ada%2Bx%40example.com");
}

TEST(ResolveUser, SaysThatNobodyHasAnAddress) {
  TestTransport transport;
  transport.will_answer(page_json({}));
  const auto nobody = resolve_user(transport, "ada");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Errc::not_found);
  EXPECT_THAT(nobody.error().detail, HasSubstr("\"ada\" is neither a user id"));
}

TEST(ResolveUser, ListsThoseWhoShareAnAddress) {
  TestTransport transport;
  transport.will_answer(page_json({user_json(first_id)}, R"("more")"));
  transport.will_answer(page_json({user_json(second_id)}));
  const auto several = resolve_user(transport, "ada@example.com");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().code, Errc::invalid);
  EXPECT_EQ(several.error().detail,
            "\"ada@example.com\" is the e-mail of several; give one of these ids:\n  " +
                std::string(first_id) + "\n  " + second_id);
  EXPECT_EQ(transport.asked[1].query, "email=ada%40example.com&cursor=more");
}

TEST(ResolveUser, AsksForNoMoreThanItLists) {
  TestTransport transport;
  std::vector<std::string> rows;
  for (std::size_t i = 0; i <= limits::ids_shown; ++i) {
    rows.push_back(user_json("64b7f1a2e4b0a5d3f9c1" + std::to_string(1000 + i)));
  }
  transport.will_answer(page_json(rows, R"("more")"));
  const auto many = resolve_user(transport, "ada@example.com");
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().detail,
              AllOf(EndsWith("f9c11009\n  and more; `ringbook user list --email` shows all"),
                    Not(HasSubstr("f9c11010"))));
}

TEST(ResolveUser, PassesOnWhyItCannotAsk) {
  TestTransport transport;
  transport.answers.emplace_back(fail(Errc::unavailable, "no route"));
  EXPECT_EQ(resolve_user(transport, "ada").error().detail, "no route");
}

TEST(OpenTarget, SaysWhatItsServerNeeds) {
  Settings settings;
  settings.server = "http://localhost:1";
  const auto refused = open_target(settings, "ann", first_id);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::usage);
  TestConsole nowhere;
  const auto below =
      delete_below_user({.settings = settings, .console = nowhere.console(), .os_user = "ann"},
                        {.user = first_id, .if_version = {}}, "");
  ASSERT_FALSE(below);
  EXPECT_EQ(below.error().detail, refused.error().detail);
}

}  // namespace
}  // namespace ringbook
