// Numbers under /v1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/api_world.h"

namespace ringbook::test {
namespace {

const std::string ada_extension = "/v1/users/" + std::string(ada) + "/extension";
const std::string grace_extension = "/v1/users/" + std::string(grace) + "/extension";

class Extensions : public ::testing::Test {
 protected:
  Extensions() { add_people(world); }
  ApiWorld world;
};

TEST_F(Extensions, AssigningShowsTheUser) {
  const Answer answer = world.put(ada_extension, R"({"rcExtension":"0012"})");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.field("Ringbook-Version"), "\"3\"");
  EXPECT_EQ(answer.field("ETag"), "");
  EXPECT_EQ(answer.body(), world.get("/v1/users/" + std::string(ada)).body());
  const Answer again = world.put(ada_extension, R"({"rcExtension":"0012"})");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.body(), answer.body());
}

// [PUT-6]
TEST_F(Extensions, ATakenNumberIsAConflict) {
  world.put(grace_extension, R"({"rcExtension":"99"})");
  const Answer answer = world.put(ada_extension, R"({"rcExtension":"99"})");
  EXPECT_EQ(answer.status(), 409);
  EXPECT_EQ(answer.body(),
            R"({"error":{"code":"EXTENSION_IN_USE","message":"Extension is in use","details":[)"
            R"({"path":"rcExtension","code":"EXTENSION_IN_USE",)"
            R"("message":"Extension 99 is assigned to Grace Hopper.","conflict":{)"
            R"("userId":"64b7f1a2e4b0a5d3f9c12346","name":"Grace Hopper",)"
            R"("since":"2026-11-23T10:00:00.000Z"},"suggestions":[]}]}})");
}

TEST_F(Extensions, ReleasingIsAlwaysSafe) {
  world.put(ada_extension, R"({"rcExtension":"1234"})");
  for (int i = 0; i < 2; ++i) {
    const Answer answer = world.remove(ada_extension);
    EXPECT_EQ(answer.status(), 204);
    EXPECT_EQ(answer.body(), "");
    EXPECT_EQ(answer.field("Ringbook-Version"), "\"4\"");
  }
  EXPECT_EQ(world.remove("/v1/users/" + std::string(nobody) + "/extension").status(), 404);
}

TEST_F(Extensions, SayWhoHoldsThem) {
  world.put(ada_extension, R"({"rcExtension":"1234"})");
  EXPECT_EQ(world.get("/v1/extensions/1234").body(),
            R"({"rcExtension":"1234","state":"IN_USE","holder":{)"
            R"("userId":"64b7f1a2e4b0a5d3f9c12345","name":"Ada Lovelace"},)"
            R"("since":"2026-11-23T10:00:00.000Z"})");
  EXPECT_EQ(world.get("/v1/extensions/01234").body(),
            R"({"rcExtension":"01234","state":"FREE","holder":null,"since":null})");
  for (const char* malformed : {"1", "12345678901", "12a4", "+1234", "%201234"}) {
    const Answer answer = world.get("/v1/extensions/" + std::string(malformed));
    EXPECT_EQ(answer.status(), 400) << malformed;
    EXPECT_NE(answer.body().find(R"("path":"extension","code":"INVALID_FORMAT")"),
              std::string::npos);
  }
}

TEST_F(Extensions, RememberEveryHolder) {
  world.put(ada_extension, R"({"rcExtension":"1234"})");
  world.clock.advance(std::chrono::seconds(1));
  world.remove("/v1/users/" + std::string(ada));
  world.clock.advance(std::chrono::seconds(1));
  world.put(grace_extension, R"({"rcExtension":"1234"})");
  EXPECT_EQ(world.get("/v1/extensions/1234/history").body(),
            R"({"data":[)"
            R"({"userId":"64b7f1a2e4b0a5d3f9c12346","name":"Grace Hopper",)"
            R"("from":"2026-11-23T10:00:02.000Z","to":null},)"
            R"({"userId":"64b7f1a2e4b0a5d3f9c12345","name":null,)"
            R"("from":"2026-11-23T10:00:00.000Z","to":"2026-11-23T10:00:01.000Z"}],"next":null})");
  EXPECT_EQ(world.get("/v1/extensions/4321/history").body(), R"({"data":[],"next":null})");
}

// [HIST-1]
TEST_F(Extensions, TellWhoHeldThemAtAMoment) {
  world.put(ada_extension, R"({"rcExtension":"1234"})");
  world.clock.advance(std::chrono::hours(24));
  world.put(ada_extension, R"({"rcExtension":"4321"})");
  world.clock.advance(std::chrono::hours(24));
  const std::string path = "/v1/extensions/1234/history?at=";
  const std::string held =
      R"("holding":{"userId":"64b7f1a2e4b0a5d3f9c12345","name":"Ada Lovelace",)"
      R"("from":"2026-11-23T10:00:00.000Z","to":"2026-11-24T10:00:00.000Z"}})";
  EXPECT_EQ(world.get(path + "2026-11-23").body(),
            R"({"rcExtension":"1234","at":"2026-11-23T23:59:59.999Z",)" + held);
  EXPECT_EQ(world.get(path + "2026-11-23T10:00:00Z").body(),
            R"({"rcExtension":"1234","at":"2026-11-23T10:00:00.000Z",)" + held);
  for (const char* same : {"2026-11-24T09:59:59.999999Z", "2026-11-24t10:59:59.999%2B01:00",
                           "2026-11-24T10:59:59.999+01:00", "2026-11-24T01:59:59.999-08:00"}) {
    EXPECT_EQ(world.get(path + same).body(),
              R"({"rcExtension":"1234","at":"2026-11-24T09:59:59.999Z",)" + held)
        << same;
  }
  EXPECT_EQ(world.get(path + "2026-11-24T10:00:00Z").body(),
            R"({"rcExtension":"1234","at":"2026-11-24T10:00:00.000Z","holding":null})");
  EXPECT_EQ(world.get(path + "1969-12-31").body(),
            R"({"rcExtension":"1234","at":"1969-12-31T23:59:59.999Z","holding":null})");
  EXPECT_EQ(world.get("/v1/users/" + std::string(ada) + "/history?at=2026-11-24").body(),
            R"({"userId":"64b7f1a2e4b0a5d3f9c12345","at":"2026-11-24T23:59:59.999Z","holding":{)"
            R"("rcExtension":"4321","from":"2026-11-24T10:00:00.000Z","to":null,)"
            R"("by":{"issuer":"ringbook","subject":"root"},"requestId":"request-1",)"
            R"("changeSetId":"4"}})");
  EXPECT_EQ(world.get("/v1/users/" + std::string(grace) + "/history?at=2026-11-24").body(),
            R"({"userId":"64b7f1a2e4b0a5d3f9c12346","at":"2026-11-24T23:59:59.999Z",)"
            R"("holding":null})");
  EXPECT_EQ(world.get("/v1/users/" + std::string(nobody) + "/history?at=2026-11-24").status(), 404);
}

// [HIST-1]
TEST_F(Extensions, TakeTodayForNowAndRefuseTheFuture) {
  world.put(ada_extension, R"({"rcExtension":"1234"})");
  for (const std::string& path :
       {std::string("/v1/extensions/1234"), "/v1/users/" + std::string(ada)}) {
    for (const char* now : {"2026-11-23", "2026-11-23T10:00:00Z", "2026-11-23T10:00:30Z",
                            "2026-11-23T09:00:15-01:00"}) {
      EXPECT_THAT(world.get(path + "/history?at=" + now).body(),
                  testing::HasSubstr(R"("at":"2026-11-23T10:00:00.000Z","holding":{)"))
          << now;
    }
    for (const char* future : {"2026-11-24", "2026-11-23T10:00:30.001Z", "9999-12-31"}) {
      const Answer answer = world.get(path + "/history?at=" + future);
      EXPECT_EQ(answer.status(), 400) << future;
      EXPECT_THAT(answer.body(), testing::HasSubstr(R"("path":"at","code":"INVALID_FORMAT")"));
    }
    for (const char* malformed :
         {"", "now", "2026-02-30", "2026-11-23T10:00:00", "2026-11-23%20"}) {
      const Answer answer = world.get(path + "/history?at=" + malformed);
      EXPECT_EQ(answer.status(), 400) << malformed;
      EXPECT_THAT(answer.body(), testing::HasSubstr(R"("path":"at","code":"INVALID_FORMAT")"));
    }
    EXPECT_THAT(world.get(path + "/history?at=2026-11-23&limit=7").body(),
                testing::HasSubstr(R"("path":"limit","code":"INVALID_FORMAT")"));
    EXPECT_EQ(world.get(path + "/history?at=2026-11-23&cursor=eAAAAAAAAAAB").status(), 400);
    EXPECT_EQ(world.get(path + "/history?at=2026-11-23&at=2026-11-23").status(), 400);
    EXPECT_EQ(world.get(path + "?at=2026-11-23").status(), 400);
  }
}

}  // namespace
}  // namespace ringbook::test
