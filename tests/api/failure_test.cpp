// What clients and operators learn when something below fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "api/api_world.h"
#include "base/limits.h"

namespace ringbook::test {
namespace {

constexpr std::string_view server_error =
    R"({"error":{"code":"SERVER_ERROR","message":"Internal server error"}})";
constexpr std::string_view unavailable =
    R"({"error":{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}})";

struct Failing {
  Errc code;
  std::uint16_t own_status;
};

constexpr Failing every_failure[] = {{Errc::overloaded, 503},
                                     {Errc::no_space, 503},
                                     {Errc::unavailable, 500},
                                     {Errc::internal, 500},
                                     {Errc::damaged, 500}};

// [LOG-3]
TEST(Failure, OfAllRequestsWritesFewLinesAndThenSaysHowManyItLeftOut) {
  ApiWorld world;
  add_people(world);
  world.store->error = Error{Errc::no_space, "the disk is full"};
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(world.update(ada, "1234").status(), 500);
  }
  const std::string before = world.logged();
  EXPECT_EQ(std::ranges::count(before, '\n'), limits::repeated_lines_per_second) << before;
  world.clock.advance(std::chrono::seconds(1));
  world.update(ada, "1234");
  EXPECT_NE(world.logged().find(R"("unwritten_before":90})"), std::string::npos);
}

// [PUT-13] [STORE-7]
TEST(Failure, IsToldWithoutInternalsAndLoggedWithThem) {
  for (const Failing& failing : every_failure) {
    ApiWorld world;
    add_people(world);
    world.store->error = Error{failing.code, "fsync of /secret/journal.db"};
    const Answer documented = world.update(ada, "1234");
    EXPECT_EQ(documented.status(), 500);
    EXPECT_EQ(documented.body(), server_error);
    EXPECT_EQ(documented.field("Retry-After"), "");

    const std::string user = "/v1/users/" + std::string(ada);
    for (const Message& message :
         {Message{.method = Method::get, .target = "/v1/users"},
          Message{.method = Method::get, .target = user},
          Message{.method = Method::put, .target = user, .body = "{}"},
          Message{.method = Method::delete_, .target = user},
          Message{.method = Method::put,
                  .target = user + "/extension",
                  .body = R"({"rcExtension":"12"})"},
          Message{.method = Method::delete_, .target = user + "/extension"},
          Message{.method = Method::get, .target = user + "/history"},
          Message{.method = Method::get, .target = "/v1/extensions/12"},
          Message{.method = Method::get, .target = "/v1/extensions/12/history"}}) {
      const Answer own = world.send(message);
      EXPECT_EQ(own.status(), failing.own_status) << message.target;
      EXPECT_EQ(own.body(), failing.own_status == 503 ? unavailable : server_error);
      EXPECT_EQ(own.field("Retry-After"), failing.own_status == 503 ? "1" : "");
    }
    const std::string log = world.logged();
    EXPECT_NE(log.find(R"("level":"error")"), std::string::npos) << log;
    EXPECT_NE(log.find("fsync of /secret/journal.db"), std::string::npos) << log;
    EXPECT_NE(log.find(R"("request_id":"request-1")"), std::string::npos) << log;
  }
}

// [JWS-6] [PUT-13]
TEST(Failure, OfTimeForATokenIsNeverCalledItsFault) {
  ApiWorld world;
  add_people(world);
  const auto asks = [&](Message message) {
    message.authorization = "Bearer unchecked";
    return world.send(message);
  };
  const Answer documented =
      asks({.method = Method::put, .target = "/user/update-rcextension", .body = "{}"});
  EXPECT_EQ(documented.status(), 500);
  EXPECT_EQ(documented.body(), server_error);
  EXPECT_FALSE(documented.was_body_read);
  const Answer own = asks({.method = Method::get, .target = "/v1/users"});
  EXPECT_EQ(own.status(), 503);
  EXPECT_EQ(own.body(), unavailable);
  EXPECT_EQ(own.field("Retry-After"), "1");
  for (const Answer* answer : {&documented, &own}) {
    EXPECT_EQ(answer->field("WWW-Authenticate"), "");
  }
  EXPECT_NE(world.logged().find(R"("reason":"verifier_busy")"), std::string::npos);
  EXPECT_NE(
      world.get("/metrics").body().find("\nringbook_refusals_total{reason=\"verifier_busy\"} 2\n"),
      std::string::npos);
}

TEST(Failure, HealthStaysAndReadinessSaysWhy) {
  ApiWorld world;
  EXPECT_EQ(world.get("/readyz").body(), R"({"status":"ready"})");
  world.store->error = Error{Errc::unavailable, ""};
  world.store->reasons = {"disk_full"};
  world.authenticator.reasons = {"no_keys"};
  world.api().start_draining();
  const Answer ready = world.get("/readyz");
  EXPECT_EQ(ready.status(), 503);
  EXPECT_EQ(ready.body(), R"({"status":"not ready","reasons":["disk_full","no_keys","draining"]})");
  const Answer health = world.get("/healthz");
  EXPECT_EQ(health.status(), 200);
  EXPECT_EQ(health.body(), R"({"status":"ok"})");
}

// [KEY-3]
TEST(Failure, ReadinessStaysAndWarnsOfWhatDoesNotKeepRequestsFromBeingServed) {
  ApiWorld world;
  world.authenticator.concerns = {"keys_not_fetched"};
  const Answer ready = world.get("/readyz");
  EXPECT_EQ(ready.status(), 200);
  EXPECT_EQ(ready.body(), R"({"status":"ready","warnings":["keys_not_fetched"]})");
}

TEST(Failure, MetricsNeverWait) {
  ApiWorld world({.version = "1.2.3"});
  add_people(world);
  world.update(ada, "1234");
  world.store->keeps_replies = true;
  const Answer answer = world.get("/metrics");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_FALSE(answer.was_body_read);
  EXPECT_EQ(answer.response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"\nringbook_users 2\n", "\nringbook_extensions 1\n", "\nringbook_unfolded_changes 0\n",
        "\nringbook_build_info{version=\"1.2.3\"} 1\n"}) {
    EXPECT_NE(answer.body().find(line), std::string::npos) << answer.body();
  }
}

// [PUT-16]
TEST(Failure, RefusalsOfTheTransportComeFromHere) {
  ApiWorld world;
  EXPECT_EQ(world.api().refusal(400).body.view(),
            R"({"error":{"code":"BAD_REQUEST","message":"Malformed HTTP request"}})");
  EXPECT_EQ(world.api().refusal(431).status, 431);
}

TEST(Failure, RoutesAreNamedByTheirPattern) {
  ApiWorld world;
  const auto named = [&](Method method, const char* target) {
    const Message message{.method = method, .target = target};
    LastAuthorization none;
    return world.api().admit(message.head(), none, [](const Api::Admission&) {});
  };
  EXPECT_EQ(named(Method::put, "/v1/users/x/extension"), "/v1/users/{userId}/extension");
  EXPECT_EQ(named(Method::put, "/user/update%2Drcextension"), "/user/update-rcextension");
  EXPECT_EQ(named(Method::get, "/v1/users?search=x"), "/v1/users");
  EXPECT_EQ(named(Method::post, "/v1/users"), "/v1/users") << "also for a method that it lacks";
  EXPECT_EQ(named(Method::get, "/healthz"), "/healthz");
  EXPECT_EQ(named(Method::get, "/secret/1234"), "other");
  EXPECT_EQ(named(Method::options, "*"), "other");
}

// Requests whose replies the store or the authenticator still holds when the Api goes.
TEST(Failure, WhatIsUnansweredAtTheEndIsDroppedQuietly) {
  ApiWorld world;
  add_people(world);
  int answers = 0;
  const auto count = [&](const Answer&) { ++answers; };
  const Message read{.method = Method::get, .target = "/v1/users/" + std::string(ada)};
  const Message list{.method = Method::get, .target = "/v1/users"};
  const Message stale{.method = Method::put,
                      .target = "/v1/users/" + std::string(ada),
                      .if_match = "\"99\"",
                      .body = R"({"name":"New"})"};
  world.start(list, count);
  world.start(stale, count);
  world.store->keeps_replies = true;
  world.start(read, count);
  world.authenticator.is_deferred = true;
  world.start(read, count);
  world.destroy_api();
  world.memory->end_turn();
  world.authenticator.release();
  world.store.reset();
  world.memory.reset();
  EXPECT_EQ(answers, 0);
}

}  // namespace
}  // namespace ringbook::test
