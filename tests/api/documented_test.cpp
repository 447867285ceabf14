// PUT /user/update-rcextension, answer by answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "api/api_world.h"

namespace ringbook::test {
namespace {

constexpr std::string_view updated =
    R"({"message":"RingCentral extension updated successfully","data":{}})";
constexpr std::string_view invalid_begin =
    R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body","details":[)";

class Documented : public ::testing::Test {
 protected:
  Documented() { add_people(world); }
  ApiWorld world;
};

// [PUT-2]
TEST_F(Documented, SuccessIsByteExactAndSaysTheVersion) {
  const Answer answer = world.update(ada, "1234");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.body(), updated);
  EXPECT_EQ(answer.response.content_type, "application/json; charset=utf-8");
  EXPECT_TRUE(answer.response.no_store);
  EXPECT_EQ(answer.field("Ringbook-Version"), "\"3\"");
  EXPECT_EQ(answer.field("ETag"), "");
}

// [PUT-4]
TEST_F(Documented, RepeatingChangesNothing) {
  world.update(ada, "1234");
  const Answer again = world.update(ada, "1234");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.body(), updated);
  EXPECT_EQ(again.field("Ringbook-Version"), "\"3\"");
  EXPECT_EQ(world.store->statistics().last_change, 3U);
}

// [PUT-8]
TEST_F(Documented, BothCasesOfAnIdAreOneUser) {
  EXPECT_EQ(world.update("64B7F1A2E4B0A5D3F9C12345", "1234").status(), 200);
  const std::string user = world.get("/v1/users/" + std::string(ada)).body();
  EXPECT_NE(user.find(R"("rcExtension":"1234")"), std::string::npos);
}

// [PUT-5] [PUT-6]
TEST_F(Documented, ATakenNumberNamesItsHolderAndFreeOnes) {
  world.update(grace, "1234");
  const Answer answer = world.update(ada, "1234");
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(
      answer.body(),
      std::string(invalid_begin) +
          R"({"path":"payload.rcExtension","code":"EXTENSION_IN_USE",)"
          R"("message":"Extension 1234 is assigned to Grace Hopper.","conflict":{"userId":")" +
          std::string(grace) +
          R"(","name":"Grace Hopper","since":"2026-11-23T10:00:00.000Z"},)"
          R"("suggestions":["1235","1236","1237"]}]}})");
  EXPECT_EQ(answer.field("Ringbook-Version"), "");
}

// [PUT-1]
TEST_F(Documented, ChecksShapeThenUserThenNumber) {
  world.update(grace, "1234");
  const Answer nobody_there = world.update(nobody, "1234");
  EXPECT_EQ(nobody_there.status(), 404);
  EXPECT_EQ(nobody_there.body(),
            R"({"error":{"code":"USER_NOT_FOUND","message":"User not found"}})");
  EXPECT_EQ(world.update(nobody, "1").status(), 400);
}

// [PUT-6] [PUT-9]
TEST_F(Documented, ListsEveryProblemOfShape) {
  const Answer answer =
      world.put("/user/update-rcextension", R"({"payload":{"userId":"zz","rcExtension":1234}})");
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.body(), std::string(invalid_begin) +
                               R"({"path":"payload.userId","code":"INVALID_FORMAT",)"
                               R"("message":"Must be 24 hexadecimal digits."},)"
                               R"({"path":"payload.rcExtension","code":"INVALID_TYPE",)"
                               R"("message":"Must be a string, not a number."}]}})");
}

// [PUT-9]
TEST_F(Documented, AnEmptyBodyIsMalformed) {
  const Answer answer = world.put("/user/update-rcextension", "");
  EXPECT_EQ(answer.status(), 400);
  EXPECT_TRUE(answer.body().starts_with(std::string(invalid_begin) +
                                        R"({"path":"","code":"MALFORMED_JSON")"));
}

// [PUT-6]
TEST(DocumentedWithoutDetails, AnswersExactlyThePublishedBody) {
  ApiWorld world({.error_details = false});
  add_people(world);
  world.update(grace, "1234");
  constexpr std::string_view published =
      R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body"}})";
  EXPECT_EQ(world.update(ada, "1234").body(), published);
  EXPECT_EQ(world.update(ada, "1").body(), published);
  EXPECT_EQ(world.put("/user/update-rcextension", "").body(), published);
  EXPECT_EQ(world
                .send({.method = Method::put,
                       .target = "/user/update-rcextension",
                       .content_type = std::nullopt})
                .body(),
            published);
}

// [PUT-12] [PUT-17]
TEST_F(Documented, IgnoresConditionsAndTheQuery) {
  const Answer answer = world.send(
      {.method = Method::put,
       .target = "/user/update-rcextension?x=1&x=%zz",
       .if_match = "\"999\"",
       .if_none_match = "malformed",
       .body = R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":"1234"}})"});
  EXPECT_EQ(answer.status(), 200);
}

// [PUT-14]
TEST_F(Documented, AcceptsEveryNumberOfTwoToTenDigits) {
  for (const char* number : {"00", "99", "0000000000", "9999999999", "911", "112"}) {
    EXPECT_EQ(world.update(ada, number).status(), 200) << number;
  }
}

// [PUT-3]
TEST_F(Documented, OfParallelRequestsForOneNumberOneWins) {
  constexpr int rivals = 50;
  for (int i = 0; i < rivals; ++i) {
    const std::string id = "64b7f1a2e4b0a5d3f9c2" + std::to_string(1000 + i);
    ASSERT_EQ(world.put("/v1/users/" + id, "{}").status(), 201);
  }
  std::vector<std::uint16_t> statuses;
  for (int i = 0; i < rivals; ++i) {
    const std::string id = "64b7f1a2e4b0a5d3f9c2" + std::to_string(1000 + i);
    world.start({.method = Method::put,
                 .target = "/user/update-rcextension",
                 .body = R"({"payload":{"userId":")" + id + R"(","rcExtension":"4242"}})"},
                [&](const Answer& answer) { statuses.push_back(answer.status()); });
  }
  world.run_until([&] { return statuses.size() == rivals; });
  EXPECT_EQ(std::ranges::count(statuses, 200), 1);
  EXPECT_EQ(std::ranges::count(statuses, 400), rivals - 1);
}

// [PUT-15]
TEST_F(Documented, LeavesOneRecordForEachChange) {
  world.send(
      {.method = Method::put,
       .target = "/user/update-rcextension",
       .body = R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":"1234"}})",
       .request_id = "first"});
  world.update(ada, "1234");
  world.clock.advance(std::chrono::milliseconds(1500));
  world.send({.method = Method::put,
              .target = "/user/update-rcextension",
              .body = R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":"77"}})",
              .request_id = "second"});
  EXPECT_EQ(
      world.get("/v1/users/" + std::string(ada) + "/history").body(),
      R"({"data":[)"
      R"({"at":"2026-11-23T10:00:01.500Z","from":"1234","to":"77",)"
      R"("by":{"issuer":"ringbook","subject":"root"},"requestId":"second","changeSetId":"4"},)"
      R"({"at":"2026-11-23T10:00:00.000Z","from":null,"to":"1234",)"
      R"("by":{"issuer":"ringbook","subject":"root"},"requestId":"first","changeSetId":"3"}],)"
      R"("next":null})");
}

}  // namespace
}  // namespace ringbook::test
