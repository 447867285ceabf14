// What is decided before a request is looked at: path, method, token, right, header fields. The
// whole of it for every route is in access_matrix_test.cpp.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/api_world.h"

namespace ringbook::test {
namespace {

// [PUT-1]
TEST(Access, AStrangerLearnsNothingFromWhateverIsWrongBesides) {
  ApiWorld world;
  add_people(world);
  const std::string target = "/v1/users/" + std::string(ada);
  const std::vector<Message> messages{
      {.method = Method::put, .target = "/user/update-rcextension", .content_type = "text/plain"},
      {.method = Method::put, .target = "/user/update-rcextension", .body = "{"},
      {.method = Method::put, .target = "/user/update-rcextension", .content_range = "bytes 0-1/2"},
      {.method = Method::get, .target = "/v1/users/x?y=z"},
      {.method = Method::get, .target = "/v1/users/" + std::string(nobody)},
      {.method = Method::put, .target = target, .if_match = "x"},
  };
  for (Message message : messages) {
    message.authorization = "Bearer user";
    EXPECT_EQ(world.send(message).body(), unauthorized) << message.target;
  }
}

// [HTTP-12]
TEST(Access, OptionsNeedsNoTokenAndKnowsTheMethods) {
  ApiWorld world;
  const std::pair<const char*, const char*> known[] = {
      {"*", "GET, HEAD, PUT, DELETE, OPTIONS"},
      {"/user/update-rcextension", "PUT, OPTIONS"},
      {"/v1/users/x", "GET, HEAD, PUT, DELETE, OPTIONS"},
      {"/v1/users?whatever", "GET, HEAD, OPTIONS"},
      {"/healthz", "GET, HEAD, OPTIONS"}};
  for (const auto& [target, allow] : known) {
    const Answer answer =
        world.send({.method = Method::options, .target = target, .authorization = std::nullopt});
    EXPECT_EQ(answer.status(), 204) << target;
    EXPECT_EQ(answer.field("Allow"), allow);
    EXPECT_EQ(answer.body(), "");
    EXPECT_EQ(answer.response.content_type, "");
  }
  EXPECT_EQ(world.send({.method = Method::options, .target = "/v2"}).status(), 404);
  EXPECT_EQ(world.send({.method = Method::get, .target = "*"}).status(), 404);
}

// [HTTP-12] [PUT-10]
TEST(Access, EveryPutRefusesWhatIsNoWholeJson) {
  ApiWorld world;
  add_people(world);
  const std::string user = "/v1/users/" + std::string(ada);
  for (const std::string& target :
       {std::string("/user/update-rcextension"), user, user + "/extension"}) {
    const auto refuse = [&](Message message, std::string_view path, std::string_view code) {
      message.method = Method::put;
      message.target = target;
      message.body = "{";
      const Answer answer = world.send(message);
      EXPECT_EQ(answer.status(), 400) << target;
      EXPECT_FALSE(answer.was_body_read);
      EXPECT_NE(answer.body().find(R"("details":[{"path":")" + std::string(path) + R"(","code":")" +
                                   std::string(code) + R"(","message":)"),
                std::string::npos)
          << answer.body();
    };
    refuse({.content_type = std::nullopt}, "Content-Type", "UNSUPPORTED_MEDIA_TYPE");
    refuse({.content_type = "text/plain"}, "Content-Type", "UNSUPPORTED_MEDIA_TYPE");
    refuse({.content_encoding = "gzip"}, "Content-Encoding", "UNSUPPORTED_MEDIA_TYPE");
    refuse({.content_range = "bytes 0-1/2"}, "Content-Range", "INVALID_FORMAT");
  }
}

// [LOG-1]
TEST(Access, RefusalsAreLoggedWithTheirReasonAndCounted) {
  ApiWorld world;
  for (const auto& authorization : std::initializer_list<std::optional<std::string>>{
           std::nullopt, "Basic cm9vdDpyb290", "Bearer", "Bearer expired", "Bearer user"}) {
    world.send({.method = Method::get, .target = "/v1/users", .authorization = authorization});
  }
  const std::string log = world.logged();
  for (const char* reason : {"no_token", "expired", "no_administrator"}) {
    EXPECT_NE(log.find(R"("reason":")" + std::string(reason) + '"'), std::string::npos) << log;
  }
  EXPECT_NE(log.find(R"("request_id":"request-1")"), std::string::npos);
  EXPECT_EQ(log.find("cm9vdDpyb290"), std::string::npos) << "a credential in the log";
  EXPECT_NE(world.get("/metrics").body().find(R"(ringbook_refusals_total{reason="no_token"} 3)"),
            std::string::npos);
}

TEST(Access, TheCommandLineNeedsNoToken) {
  ApiWorld world;
  const Answer answer = world.send_local({.method = Method::put,
                                          .target = "/v1/users/" + std::string(ada),
                                          .authorization = std::nullopt,
                                          .body = R"({"name":"Ada"})"});
  EXPECT_EQ(answer.status(), 201);
  EXPECT_EQ(world.send_local({.method = Method::get, .target = "/v2"}).status(), 404);
  EXPECT_EQ(world
                .send_local({.method = Method::put,
                             .target = "/v1/users/" + std::string(ada),
                             .content_type = "text/csv"})
                .status(),
            400);
}

TEST(Access, ATokenMayBeCheckedLater) {
  ApiWorld world;
  world.authenticator.is_deferred = true;
  std::vector<std::uint16_t> statuses;
  const auto note = [&](const Answer& answer) { statuses.push_back(answer.status()); };
  world.start({.method = Method::get, .target = "/v1/users"}, note);
  world.start({.method = Method::get, .target = "/v1/users", .authorization = "Bearer user"}, note);
  EXPECT_TRUE(statuses.empty());
  world.authenticator.release();
  world.run_until([&] { return statuses.size() == 2; });
  EXPECT_EQ(statuses, (std::vector<std::uint16_t>{401, 200}));
}

}  // namespace
}  // namespace ringbook::test
