// The description that programs read, beside what the Api does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "api/api_world.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

class OpenApi : public ::testing::Test {
 protected:
  OpenApi() {
    const Answer answer = world.send(
        {.method = Method::get, .target = "/openapi.json", .authorization = std::nullopt});
    EXPECT_EQ(answer.status(), 200);
    EXPECT_TRUE(document.parse(answer.body()));
  }

  // "/components/schemas/Extension": the value there.
  JsonDocument::Value at(std::string_view path) const {
    JsonDocument::Value value = document.root();
    while (!path.empty()) {
      path.remove_prefix(1);
      const std::string_view name = path.substr(0, path.find('/'));
      const auto member = value.find(name);
      EXPECT_TRUE(member) << name;
      value = member.value_or(value);
      path.remove_prefix(name.size());
    }
    return value;
  }

  ApiWorld world;
  JsonDocument document;
};

// [API-1]
TEST_F(OpenApi, DescribesTheRoutesThatThereAreAndNoOthers) {
  std::set<std::string> described;
  for (auto path = at("/paths").first(); path; path = path->next()) {
    for (auto method = path->first(); method; method = method->next()) {
      if (method->name() != "parameters") {
        described.insert(std::string(method->name()) + " " + std::string(path->name()));
      }
    }
  }
  std::set<std::string> routes;
  for (const Route& route : all_routes()) {
    routes.insert(ascii_lower(name_of(route.method)) + " " + std::string(route.pattern));
  }
  EXPECT_EQ(described, routes);
}

// [API-1]
TEST_F(OpenApi, SaysWhatThePageForPeopleSays) {
  std::ifstream file(RINGBOOK_SOURCE_DIR "/docs/api.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> told{"PUT /user/update-rcextension"};  // Has a chapter of its own.
  for (const Match& row : matches_in(page, R"(\n\| `([A-Z]+ /[^` ?]*))")) {
    told.insert(row[1]);
  }
  std::set<std::string> routes;
  for (const Route& route : all_routes()) {
    routes.insert(std::string(name_of(route.method)) + " " + std::string(route.pattern));
  }
  EXPECT_EQ(told, routes);

  const auto codes = at("/components/schemas/Details/items/properties/code/enum");
  for (auto code = codes.first(); code; code = code->next()) {
    EXPECT_THAT(page, testing::HasSubstr("`" + std::string(code->string()) + "`"));
  }
}

// [API-1]
TEST_F(OpenApi, SaysWhichRoutesNeedNoToken) {
  for (const Route& route : all_routes()) {
    const auto operation =
        at("/paths").find(route.pattern)->find(ascii_lower(name_of(route.method)));
    ASSERT_TRUE(operation);
    const auto security = operation->find("security");
    const bool is_open = std::holds_alternative<OpenHandler>(route.handler);
    EXPECT_EQ(security && security->size() == 0, is_open) << route.pattern;
    EXPECT_EQ(operation->find("responses")->find("401").has_value(), !is_open) << route.pattern;
  }
}

// [API-1]
TEST_F(OpenApi, SaysWhichRoutesTakeABody) {
  for (const Route& route : all_routes()) {
    const auto operation =
        at("/paths").find(route.pattern)->find(ascii_lower(name_of(route.method)));
    ASSERT_TRUE(operation);
    EXPECT_EQ(operation->find("requestBody").has_value(), route.content != Content::none)
        << name_of(route.method) << ' ' << route.pattern;
  }
}

// [API-1]
TEST_F(OpenApi, KnowsTheLimitsAndTheProgramsVersion) {
  EXPECT_EQ(at("/components/parameters/Limit/schema/maximum").number(), limits::page_rows_max);
  EXPECT_EQ(at("/components/parameters/Limit/schema/default").number(), limits::page_rows_default);
  EXPECT_EQ(at("/components/schemas/Profile/properties/name/maxLength").number(),
            limits::name_chars);
  EXPECT_EQ(at("/components/schemas/Profile/properties/email/maxLength").number(),
            limits::email_chars);
  EXPECT_EQ(at("/components/schemas/Profile/properties/department/maxLength").number(),
            limits::department_chars);
  EXPECT_EQ(at("/components/schemas/Profile/properties/role/maxLength").number(),
            limits::role_chars);
  EXPECT_EQ(at("/components/schemas/Details/maxItems").number(), limits::problems);
  EXPECT_THAT(std::string(at("/info/version").string()),
              testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
}

}  // namespace
}  // namespace ringbook::test
