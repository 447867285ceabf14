// People under /v1.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "api/api_world.h"

namespace ringbook::test {
namespace {

// What a body must hold and must not.
void expect_problem(const Answer& answer, std::string_view path, std::string_view code) {
  EXPECT_EQ(answer.status(), 400) << answer.body();
  EXPECT_TRUE(answer.body().starts_with(
      R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request","details":[)"))
      << answer.body();
  EXPECT_NE(answer.body().find(R"({"path":")" + std::string(path) + R"(","code":")" +
                               std::string(code) + '"'),
            std::string::npos)
      << answer.body();
}

class Users : public ::testing::Test {
 protected:
  Users() { add_people(world); }
  ApiWorld world;
};

TEST_F(Users, AreShownWithTheirMembersInOrder) {
  world.update(ada, "1234");
  const Answer answer = world.get(ada_path);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.body(),
            R"({"userId":"64b7f1a2e4b0a5d3f9c12345","name":"Ada Lovelace",)"
            R"("email":"ada@example.com","department":"Support","role":"user","active":true,)"
            R"("personalInformation":{"rcExtension":"1234"},"version":3,)"
            R"("updatedAt":"2026-11-23T10:00:00.000Z"})");
  EXPECT_EQ(answer.field("ETag"), "\"3\"");
  EXPECT_EQ(world.send({.method = Method::head, .target = ada_path}).field("ETag"), "\"3\"");
  EXPECT_EQ(world.get("/v1/users/" + std::string(nobody)).body(),
            R"({"error":{"code":"USER_NOT_FOUND","message":"User not found"}})");
}

TEST_F(Users, AreCreatedWithALocationAndDefaults) {
  const std::string path = "/v1/users/" + std::string(nobody);
  const Answer created = world.put(path, R"({"unknown":{"a":1}})");
  EXPECT_EQ(created.status(), 201);
  EXPECT_EQ(created.field("Location"), path);
  EXPECT_EQ(created.field("Ringbook-Version"), "\"3\"");
  EXPECT_EQ(created.field("ETag"), "");
  EXPECT_EQ(created.body(),
            R"({"userId":"64b7f1a2e4b0a5d3f9c1ffff","name":null,"email":null,"department":null,)"
            R"("role":"user","active":true,"personalInformation":{"rcExtension":null},"version":3,)"
            R"("updatedAt":"2026-11-23T10:00:00.000Z"})");
}

TEST_F(Users, AreReplacedWholeButKeepTheirNumber) {
  world.update(ada, "1234");
  const Answer replaced = world.put(ada_path, R"({"name":"Ada King","active":false})");
  EXPECT_EQ(replaced.status(), 200);
  EXPECT_EQ(replaced.field("Location"), "");
  EXPECT_EQ(replaced.field("Ringbook-Version"), "\"4\"");
  EXPECT_NE(replaced.body().find(R"("name":"Ada King","email":null,"department":null,)"
                                 R"("role":"user","active":false,)"
                                 R"("personalInformation":{"rcExtension":"1234"})"),
            std::string::npos)
      << replaced.body();
  EXPECT_EQ(world.get(ada_path).field("ETag"), "\"4\"");
}

TEST_F(Users, WhatTheyAlreadyAreMakesNoNewVersion) {
  const std::string shown = world.get(ada_path).body();
  const Answer answer = world.put(ada_path, shown);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.body(), shown);
  EXPECT_EQ(answer.field("Ringbook-Version"), "\"1\"");
}

TEST_F(Users, ReadOnlyMembersMustBeEqualToThePresent) {
  world.update(ada, "1234");
  const std::pair<const char*, const char*> different[] = {
      {R"({"userId":"64b7f1a2e4b0a5d3f9c12346"})", "userId"},
      {R"({"version":2})", "version"},
      {R"({"updatedAt":"2026-11-23T10:00:00.001Z"})", "updatedAt"},
      {R"({"personalInformation":{"rcExtension":"12345"}})", "personalInformation"},
      {R"({"personalInformation":{"rcExtension":null}})", "personalInformation"},
      {R"({"personalInformation":{}})", "personalInformation"}};
  for (const auto& [body, member] : different) {
    const Answer answer = world.put(ada_path, body);
    EXPECT_EQ(answer.status(), 409) << body;
    EXPECT_TRUE(answer.body().starts_with(R"({"error":{"code":"READ_ONLY",)")) << answer.body();
    EXPECT_NE(answer.body().find(R"("details":[{"path":")" + std::string(member) +
                                 R"(","code":"READ_ONLY")"),
              std::string::npos)
        << answer.body();
  }
  EXPECT_EQ(world.put("/v1/users/" + std::string(nobody), R"({"version":1})").status(), 409);
  EXPECT_EQ(world
                .put(ada_path, R"({"userId":"64B7F1A2E4B0A5D3F9C12345","version":3.0,)"
                               R"("personalInformation":{"rcExtension":"1234"}})")
                .status(),
            200);
}

TEST_F(Users, DeletionReleasesTheNumberAndKeepsTheHistory) {
  world.update(ada, "1234");
  const Answer removed = world.remove(ada_path);
  EXPECT_EQ(removed.status(), 204);
  EXPECT_EQ(removed.body(), "");
  EXPECT_EQ(removed.response.content_type, "");
  EXPECT_EQ(removed.field("Ringbook-Version"), "\"4\"");
  EXPECT_EQ(world.remove(ada_path).status(), 404);
  EXPECT_EQ(world.get(ada_path).status(), 404);
  EXPECT_EQ(world.get("/v1/extensions/1234").body(),
            R"({"rcExtension":"1234","state":"FREE","holder":null,"since":null})");
  const std::string history = world.get(ada_path + "/history").body();
  EXPECT_NE(history.find(R"("from":"1234","to":null)"), std::string::npos) << history;
}

TEST_F(Users, ListsAreOrderedPagedAndNamedByTheirState) {
  const Answer first = world.get("/v1/users?limit=1");
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(first.field("Ringbook-Version"), "\"2\"");
  const std::string body = first.body();
  EXPECT_TRUE(body.starts_with(R"({"data":[{"userId":"64b7f1a2e4b0a5d3f9c12345")")) << body;
  const std::size_t next = body.find(R"(],"next":")");
  ASSERT_NE(next, std::string::npos) << body;
  const std::string cursor = body.substr(next + 10, body.size() - next - 12);
  const std::string second = world.get("/v1/users?limit=1&cursor=" + cursor).body();
  EXPECT_TRUE(second.starts_with(R"({"data":[{"userId":"64b7f1a2e4b0a5d3f9c12346")")) << second;
  EXPECT_TRUE(second.ends_with(R"(],"next":null})")) << second;
}

TEST_F(Users, AreFoundByEachFilter) {
  world.update(grace, "1300");
  const std::pair<const char*, std::vector<std::string_view>> filters[] = {
      {"", {ada, grace}},          {"?search=", {ada, grace}},
      {"?search=LOVE", {ada}},     {"?search=gr%C3%A4ce+hopper", {grace}},
      {"?search=130", {grace}},    {"?email=ADA@example.com", {ada}},
      {"?email=ada@example", {}},  {"?extension=1300", {grace}},
      {"?extension=130", {}},      {"?department=Support", {ada}},
      {"?department=support", {}}, {"?department=Support&search=grace", {}}};
  for (const auto& [query, expected] : filters) {
    const std::string body = world.get("/v1/users" + std::string(query)).body();
    for (const std::string_view id : {ada, grace}) {
      const bool is_expected = std::ranges::find(expected, id) != expected.end();
      EXPECT_EQ(body.contains(R"({"userId":")" + std::string(id)), is_expected) << query << body;
    }
  }
}

TEST_F(Users, MalformedQuestionsAreRefusedByName) {
  expect_problem(world.get("/v1/users/x"), "userId", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users/x/history"), "userId", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?limit=0"), "limit", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?limit=501"), "limit", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?cursor=x"), "cursor", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?extension=1"), "extension", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?search=%ff"), "search", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?email=%00"), "email", "INVALID_FORMAT");
  expect_problem(world.get("/v1/users?name=x"), "name", "UNKNOWN_PARAMETER");
  expect_problem(world.get("/v1/users?limit=1&limit=1"), "limit", "DUPLICATE_NAME");
  expect_problem(world.get(ada_path + "/history?search=x"), "search", "UNKNOWN_PARAMETER");
  expect_problem(world.get(ada_path + "/history?cursor=aAAAAAAAAAEA"), "cursor", "INVALID_FORMAT");
  expect_problem(world.put(ada_path, R"({"name":"a","name":"b"})"), "name", "DUPLICATE_NAME");
  expect_problem(world.put(ada_path + "/extension", R"({"rcExtension":"1"})"), "rcExtension",
                 "INVALID_FORMAT");
}

// [PUT-17]
TEST_F(Users, EveryRouteRefusesUnknownParameters) {
  const std::pair<Method, std::string> routes[] = {{Method::get, "/v1/users"},
                                                   {Method::get, ada_path},
                                                   {Method::put, ada_path},
                                                   {Method::delete_, ada_path},
                                                   {Method::put, ada_path + "/extension"},
                                                   {Method::delete_, ada_path + "/extension"},
                                                   {Method::get, ada_path + "/history"},
                                                   {Method::get, "/v1/extensions/1234"},
                                                   {Method::get, "/v1/extensions/1234/history"}};
  for (const auto& [method, target] : routes) {
    expect_problem(world.send({.method = method,
                               .target = target + "?nonsense",
                               .body = R"({"rcExtension":"1234"})"}),
                   "nonsense", "UNKNOWN_PARAMETER");
  }
  EXPECT_EQ(world.store->statistics().last_change, 2U);
}

TEST_F(Users, ProblemsOfHeadAndBodyComeTogether) {
  const Answer answer = world.send({.method = Method::put,
                                    .target = "/v1/users/x?y=1",
                                    .if_match = "8",
                                    .body = R"({"name":1})"});
  expect_problem(answer, "y", "UNKNOWN_PARAMETER");
  expect_problem(answer, "userId", "INVALID_FORMAT");
  expect_problem(answer, "If-Match", "INVALID_FORMAT");
  expect_problem(answer, "name", "INVALID_TYPE");
}

TEST_F(Users, HistoriesArePagedNewestFirst) {
  for (const char* number : {"1001", "1002", "1003"}) {
    world.update(ada, number);
  }
  std::string found;
  std::string query = "?limit=2";
  for (int page = 0; page < 2; ++page) {
    const std::string body = world.get(ada_path + "/history" + query).body();
    for (std::size_t at = 0; (at = body.find(R"("to":")", at)) != std::string::npos; ++at) {
      found += body.substr(at + 6, 4) + ' ';
    }
    const std::size_t next = body.find(R"("next":")");
    if (next != std::string::npos) {
      query = "?cursor=" + body.substr(next + 8, body.size() - next - 10);
    }
  }
  EXPECT_EQ(found, "1003 1002 1001 ");
}

TEST_F(Users, AnIdNobodyEverHadHasNoHistory) {
  EXPECT_EQ(world.get("/v1/users/" + std::string(nobody) + "/history").status(), 404);
  EXPECT_EQ(world.get(ada_path + "/history").body(), R"({"data":[],"next":null})");
}

TEST_F(Users, ACursorOfAnotherUsersHistoryIsRefused) {
  for (const std::string_view user : {ada, grace}) {
    world.update(user, user == ada ? "1001" : "2001");
    world.update(user, user == ada ? "1002" : "2002");
  }
  const std::string body = world.get(ada_path + "/history?limit=1").body();
  const std::size_t next = body.find(R"("next":")");
  ASSERT_NE(next, std::string::npos);
  const std::string cursor = body.substr(next + 8, body.size() - next - 10);
  expect_problem(world.get("/v1/users/" + std::string(grace) + "/history?cursor=" + cursor),
                 "cursor", "INVALID_FORMAT");
}

}  // namespace
}  // namespace ringbook::test
