// What a route says of itself, on tables of the tests' own.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "api/api_world.h"
#include "api/router.h"

namespace ringbook::test {
namespace {

void answer_with_body(ExchangePtr exchange, std::string_view body) {
  respond(std::move(exchange), json_response(200, std::string(body)));
}

void answer_with_head(ExchangePtr exchange, std::string_view) {
  const Head& head = exchange->head;
  std::string out;
  for (const auto text : {head.request_id, head.client, head.query, exchange->parameter}) {
    out += std::string(text) + '|';
  }
  for (const auto& field : {head.accept, head.content_type, head.content_encoding,
                            head.content_range, head.if_match, head.if_none_match}) {
    out += std::string(field.value_or("-")) + '|';
  }
  out += std::string(head.path) + std::string(head.authorization.value_or("-"));
  respond(std::move(exchange), json_response(200, out));
}

Response answer_open_with_head(Api::Impl&, const Head& head) {
  return json_response(200, std::string(head.if_none_match.value_or("-")));
}

constexpr Route routes[] = {
    {Method::put, "/v1/json", answer_with_body, Content::json},
    {Method::post, "/v1/json", answer_with_body, Content::json},
    {Method::patch, "/v1/json", answer_with_body, Content::json},
    {Method::delete_, "/v1/json", answer_with_body, Content::json},
    {Method::put, "/v1/none", answer_with_body},
    {Method::post, "/v1/none", answer_with_body},
    {Method::delete_, "/v1/none", answer_with_body},
    {Method::get, "/v1/heads/{name}", answer_with_head},
    {Method::get, "/open", answer_open_with_head},
};
constexpr RouteTable table(routes);

constexpr Method with_json[] = {Method::put, Method::post, Method::patch, Method::delete_};

// [PUT-10]
TEST(Routes, TakeJsonWhateverTheMethodWhenTheySaySo) {
  ApiWorld world({}, nullptr, table);
  for (const Method method : with_json) {
    Message message{.method = method, .target = "/v1/json", .body = R"({"a":1})"};
    const Answer answer = world.send(message);
    EXPECT_EQ(answer.status(), 200) << name_of(method);
    EXPECT_EQ(answer.body(), message.body);
  }
}

// [PUT-10]
TEST(Routes, LookAtWhatABodyIsWhateverTheMethodAndDoNotReadOneThatDoesNotFit) {
  ApiWorld world({}, nullptr, table);
  for (const Method method : with_json) {
    for (const auto& [field, change] :
         {std::pair<std::string, void (*)(Message&)>{
              "Content-Type", [](Message& m) { m.content_type = std::nullopt; }},
          {"Content-Type", [](Message& m) { m.content_type = "text/csv"; }},
          {"Content-Encoding", [](Message& m) { m.content_encoding = "gzip"; }},
          {"Content-Range", [](Message& m) { m.content_range = "bytes 0-1/2"; }}}) {
      Message message{.method = method, .target = "/v1/json", .body = R"({"a":1})"};
      change(message);
      const Answer answer = world.send(message);
      EXPECT_EQ(answer.status(), 400) << name_of(method) << ' ' << field;
      EXPECT_NE(answer.body().find(R"("path":")" + field + '"'), std::string::npos)
          << answer.body();
      EXPECT_FALSE(answer.was_body_read);
    }
  }
}

TEST(Routes, SeeNoBodyWhenTheyTakeNoneWhateverItSaysItIs) {
  ApiWorld world({}, nullptr, table);
  for (const Method method : {Method::put, Method::post, Method::delete_}) {
    for (const char* type : {"application/json", "text/csv", "nonsense"}) {
      const Answer answer =
          world.send({.method = method, .target = "/v1/none", .content_type = type, .body = "{"});
      EXPECT_EQ(answer.status(), 200) << name_of(method) << ' ' << type;
      EXPECT_EQ(answer.body(), "");
    }
  }
}

TEST(Routes, SeeTheHeadThoughItIsGoneButNotTheToken) {
  ApiWorld world({}, nullptr, table);
  world.authenticator.is_deferred = true;
  std::string shown;
  world.start({.method = Method::get,
               .target = "/v1/heads/a%2Db?c=d",
               .content_type = "text/plain",
               .content_encoding = "br",
               .content_range = "bytes 0-1/2",
               .if_match = "\"1\"",
               .if_none_match = "\"2\", \"3\"",
               .request_id = std::string(40, 'r'),
               .accept = "text/csv;q=0.5, */*"},
              [&](const Answer& answer) { shown = answer.body(); });
  world.authenticator.release();
  EXPECT_EQ(shown, std::string(40, 'r') + R"(|192.0.2.1|c=d|a-b|text/csv;q=0.5, */*|text/plain|br|)"
                                          R"(bytes 0-1/2|"1"|"2", "3"|-)");
}

TEST(Routes, SeeNothingOfTheHeadBefore) {
  ApiWorld world({}, nullptr, table);
  world.send({.method = Method::get,
              .target = "/v1/heads/long?query=" + std::string(500, 'q'),
              .if_match = "\"1\"",
              .accept = "text/csv"});
  const Answer answer =
      world.send({.method = Method::get, .target = "/v1/heads/x", .content_type = std::nullopt});
  EXPECT_EQ(answer.body(), "request-1|192.0.2.1||x|-|-|-|-|-|-|-");
}

TEST(Routes, ShowTheHeadToThoseThatAreOpenToo) {
  ApiWorld world({}, nullptr, table);
  EXPECT_EQ(world
                .send({.method = Method::get,
                       .target = "/open",
                       .authorization = std::nullopt,
                       .if_none_match = "\"7\""})
                .body(),
            "\"7\"");
}

TEST(Routes, AreNoOthersThanThoseOfTheTable) {
  ApiWorld world({}, nullptr, table);
  EXPECT_EQ(world.get("/v1/users").status(), 404);
  const Answer answer = world.get("/v1/json");
  EXPECT_EQ(answer.status(), 405);
  EXPECT_EQ(answer.field("Allow"), "PUT, POST, PATCH, DELETE, OPTIONS");
}

}  // namespace
}  // namespace ringbook::test
