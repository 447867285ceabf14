// If-Match and If-None-Match under /v1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/api_world.h"

namespace ringbook::test {
namespace {

class Conditional : public ::testing::Test {
 protected:
  Conditional() { add_people(world); }

  Answer assign(std::optional<std::string> if_match, std::optional<std::string> if_none_match,
                std::string number) {
    return world.send({.method = Method::put,
                       .target = ada_path + "/extension",
                       .if_match = std::move(if_match),
                       .if_none_match = std::move(if_none_match),
                       .body = R"({"rcExtension":")" + number + R"("})"});
  }

  ApiWorld world;  // Ada's version is 1.
};

// [COND-1]
TEST_F(Conditional, WritesHappenWhenTheyHold) {
  EXPECT_EQ(assign("\"1\"", std::nullopt, "1001").status(), 200);
  EXPECT_EQ(assign("\"9\", \"3\"", std::nullopt, "1002").status(), 200);
  EXPECT_EQ(assign("*", std::nullopt, "1003").status(), 200);
  EXPECT_EQ(assign(std::nullopt, "\"3\"", "1004").status(), 200);
  EXPECT_EQ(assign(std::nullopt, "W/\"5\"", "1005").status(), 200);
  EXPECT_EQ(assign(std::nullopt, "W/\"7\"", "1006").status(), 412) << "compared weakly";
}

// [COND-2]
TEST_F(Conditional, StaleWritesShowTheUserAndWhoChangedIt) {
  world.update(ada, "1234");
  const std::string user = world.get(ada_path).body();
  for (const char* tag : {"\"1\"", "W/\"3\"", "\"03\"", "\"x\""}) {
    const Answer answer = assign(tag, std::nullopt, "4321");
    EXPECT_EQ(answer.status(), 412) << tag;
    EXPECT_EQ(answer.field("ETag"), "\"3\"");
    EXPECT_EQ(answer.field("Ringbook-Version"), "");
    EXPECT_THAT(answer.body(),
                testing::EndsWith(R"(}],"current":)" + user.substr(0, user.size() - 1) +
                                  R"(,"lastChange":{"at":"2026-11-23T10:00:00.000Z",)"
                                  R"("by":{"issuer":"ringbook","subject":"root"}}}}})"));
  }
  EXPECT_EQ(assign(std::nullopt, "*", "4321").status(), 412);
  EXPECT_EQ(assign(std::nullopt, "\"3\"", "4321").status(), 412);
  EXPECT_EQ(world.get(ada_path).body(), user) << "a stale write changed something";
}

// [COND-1]
TEST_F(Conditional, EveryWriteKnowsThem) {
  for (const std::string& target : {ada_path, ada_path + "/extension"}) {
    world.update(ada, "1234");
    EXPECT_EQ(
        world.send({.method = Method::delete_, .target = target, .if_match = "\"99\""}).status(),
        412);
    EXPECT_EQ(world
                  .send({.method = Method::put,
                         .target = target,
                         .if_match = "\"99\"",
                         .body = R"({"rcExtension":"77","name":"New"})"})
                  .status(),
              412);
    EXPECT_EQ(
        world.send({.method = Method::delete_, .target = target, .if_none_match = "*"}).status(),
        412);
    EXPECT_EQ(world
                  .send({.method = Method::put,
                         .target = target,
                         .if_none_match = "*",
                         .body = R"({"rcExtension":"77","name":"New"})"})
                  .status(),
              412);
    // Both must hold.
    EXPECT_EQ(world
                  .send({.method = Method::delete_,
                         .target = target,
                         .if_match = world.get(ada_path).field("ETag"),
                         .if_none_match = "*"})
                  .status(),
              412);
  }
  const std::string version = world.get(ada_path).field("ETag");
  EXPECT_EQ(
      world.send({.method = Method::delete_, .target = ada_path, .if_match = version}).status(),
      204);
}

// [COND-1]
TEST_F(Conditional, CreationCanInsistOnBeingFirst) {
  const std::string path = "/v1/users/" + std::string(nobody);
  const Message create{
      .method = Method::put, .target = path, .if_none_match = "*", .body = R"({"name":"New"})"};
  EXPECT_EQ(world.send(create).status(), 201);
  EXPECT_EQ(world.send(create).status(), 200)
      << "what changes nothing is answered before conditions";
  Message other = create;
  other.body = R"({"name":"Newer"})";
  EXPECT_EQ(world.send(other).status(), 412);
}

// [COND-2]
TEST_F(Conditional, AConditionOnSomebodyMissingShowsNobody) {
  const Answer answer = world.send({.method = Method::put,
                                    .target = "/v1/users/" + std::string(nobody),
                                    .if_match = "*",
                                    .body = "{}"});
  EXPECT_EQ(answer.status(), 412);
  EXPECT_EQ(answer.field("ETag"), "");
  EXPECT_EQ(answer.body(),
            R"({"error":{"code":"PRECONDITION_FAILED","message":"Precondition failed","details":[)"
            R"({"path":"If-Match","code":"MISSING",)"
            R"("message":"There is no user 64b7f1a2e4b0a5d3f9c1ffff.",)"
            R"("changedBy":null,"changedAt":null}],"current":null}})");
}

// Everything of the one answer but its details is shown by the tests above.
std::string details_of(const Answer& answer) {
  EXPECT_EQ(answer.status(), 412);
  const std::string body = answer.body();
  const std::size_t begin = body.find(R"("details":)");
  const std::size_t end = body.find(R"(,"current":{"userId")");
  return begin == std::string::npos ? "" : body.substr(begin + 10, end - begin - 10);
}

constexpr const char* by_root =
    R"("changedBy":{"issuer":"ringbook","subject":"root"},"changedAt":"2026-11-23T10:00:00.000Z")";

// [COND-2]
TEST_F(Conditional, AStaleNumberIsToldWithBothValuesAndWhoseChangeItWas) {
  world.update(ada, "1300");  // Version 3.
  world.update(ada, "1301");  // Version 4.
  EXPECT_EQ(details_of(assign("\"3\"", std::nullopt, "1302")),
            R"([{"path":"rcExtension","code":"STALE","message":"The current version is 4, not 3: )"
            R"(Ada Lovelace's extension was changed from 1300 to 1301 by root of ringbook at )"
            R"(2026-11-23T10:00:00.000Z; you asked for 1302.","current":"1301","wanted":"1302",)" +
                std::string(by_root) + "}]");
  EXPECT_EQ(details_of(world.send({.method = Method::delete_,
                                   .target = ada_path + "/extension",
                                   .if_match = "\"1\", \"3\""})),
            R"([{"path":"If-Match","code":"STALE","message":"The current version is 4, which )"
            R"(If-Match does not name: Ada Lovelace's extension was changed from 1300 to 1301 by )"
            R"(root of ringbook at 2026-11-23T10:00:00.000Z; you asked to release it.",)"
            R"("current":"1301","wanted":null,)" +
                std::string(by_root) + "}]");
}

// [COND-2]
TEST_F(Conditional, AChangeThatTheWriterKnewOfIsNotHeldAgainstIt) {
  world.update(ada, "1300");                                 // Version 3.
  world.put(ada_path, R"({"name":"Ada","email":"a@b.c"})");  // Version 4.
  EXPECT_EQ(
      details_of(assign("\"3\"", std::nullopt, "1302")),
      R"([{"path":"rcExtension","code":"STALE","message":"The current version is 4, not 3: )"
      R"(Ada's extension is still 1300, but something else was changed by root of ringbook at )"
      R"(2026-11-23T10:00:00.000Z; you asked for 1302.","current":"1300","wanted":"1302",)"
      R"("changedBy":null,"changedAt":null}])");
}

// [COND-2]
TEST_F(Conditional, AWriterWhoNamesSeveralVersionsKnewOfWhatTheNewestOfThemHad) {
  world.update(ada, "1300");                                    // Version 3.
  world.put(ada_path, R"({"name":"Ada","email":"a@b.c"})");     // Version 4.
  world.put(ada_path, R"({"name":"Ada B.","email":"a@b.c"})");  // Version 5.
  for (const char* tags : {"\"1\", \"4\"", "\"4\", \"1\""}) {
    EXPECT_EQ(details_of(assign(tags, std::nullopt, "1302")),
              R"([{"path":"rcExtension","code":"STALE","message":"The current version is 5, which )"
              R"(If-Match does not name: Ada B.'s extension is still 1300, but something else was )"
              R"(changed by root of ringbook at 2026-11-23T10:00:00.000Z; you asked for 1302.",)"
              R"("current":"1300","wanted":"1302","changedBy":null,"changedAt":null}])")
        << tags;
  }
  const auto rename = [&](std::string tags) {
    return details_of(world.send({.method = Method::put,
                                  .target = ada_path,
                                  .if_match = std::move(tags),
                                  .body = R"({"name":"Ada C.","email":"a@b.c"})"}));
  };
  EXPECT_THAT(rename("\"1\", \"4\""), testing::HasSubstr(by_root)) << "older, both";
  EXPECT_THAT(rename("\"1\", \"9\""),
              testing::EndsWith(R"("wanted":"Ada C.","changedBy":null,"changedAt":null}])"));
}

// [COND-3]
TEST_F(Conditional, ATagThatAProxyChangedIsToldWithWhatToSendInstead) {
  world.update(ada, "1300");  // Version 3.
  world.update(ada, "1301");  // Version 4.
  const std::string advice =
      R"([{"path":"If-Match","code":"WEAK_TAG","message":"The tag of version 4 came back weak or )"
      R"(with a suffix, as from a proxy that compresses, and so never matches; send If-Match: )"
      R"(\"4\", the Ringbook-Version of the answer, or keep the proxy from compressing.",)"
      R"("changedBy":null,"changedAt":null})";
  for (const char* tags : {"W/\"4\"", "W/\"4\", W/\"3\"", "\"4-gzip\"", "\"4;br\""}) {
    EXPECT_EQ(details_of(assign(tags, std::nullopt, "1302")), advice + "]") << tags;
  }
  const std::string both = details_of(assign("W/\"3\"", std::nullopt, "1302"));
  EXPECT_THAT(both,
              testing::StartsWith(
                  R"([{"path":"If-Match","code":"WEAK_TAG","message":"The tag of version 3 )"));
  EXPECT_THAT(both, testing::HasSubstr(R"({"path":"rcExtension","code":"STALE","message":"The )"
                                       R"(current version is 4, which If-Match does not name: )"));
  EXPECT_THAT(
      details_of(world.send({.method = Method::get, .target = ada_path, .if_match = "W/\"4\""})),
      testing::HasSubstr("WEAK_TAG"));
  EXPECT_EQ(world.get(ada_path).field("Ringbook-Version"), "\"4\"");
  EXPECT_EQ(assign("\"4\"", std::nullopt, "1302").status(), 200);
}

// [COND-3]
TEST_F(Conditional, AGetWhoseTagCameBackWeakIsNotModified) {
  const Answer answer =
      world.send({.method = Method::get, .target = ada_path, .if_none_match = "W/\"1\""});
  EXPECT_EQ(answer.status(), 304);
  EXPECT_EQ(answer.field("ETag"), "\"1\"");
  EXPECT_EQ(answer.field("Ringbook-Version"), "\"1\"");
}

// [COND-2]
TEST_F(Conditional, AStaleProfileIsToldMemberByMember) {
  world.put(ada_path, R"({"name":"Ada","department":"Support"})");               // Version 3.
  world.put(ada_path, R"({"name":"Ada","department":"Sales","active":false})");  // Version 4.
  const Answer answer = world.send({.method = Method::put,
                                    .target = ada_path,
                                    .if_match = "\"3\"",
                                    .body = R"({"name":"Ada B.","department":"Support"})"});
  const std::string details = details_of(answer);
  EXPECT_THAT(details,
              testing::StartsWith(
                  R"([{"path":"name","code":"STALE","message":"The current version is 4, not 3: )"
                  R"(Ada's name is \"Ada\"; you asked for \"Ada B.\".",)"
                  R"("current":"Ada","wanted":"Ada B.","changedBy":null,"changedAt":null},)"
                  R"({"path":"department","code":"STALE",)"));
  EXPECT_THAT(details, testing::HasSubstr(R"("current":"Sales","wanted":"Support",)" +
                                          std::string(by_root)));
  EXPECT_THAT(details,
              testing::EndsWith(R"("current":false,"wanted":true,)" + std::string(by_root) + "}]"));
  EXPECT_THAT(details, testing::Not(testing::HasSubstr(R"("path":"email")")));
}

// [COND-2]
TEST_F(Conditional, ARemovalIsToldTooAndARemovedUserByWhom) {
  EXPECT_EQ(
      details_of(world.send({.method = Method::delete_, .target = ada_path, .if_match = "\"7\""})),
      R"([{"path":"If-Match","code":"STALE","message":"The current version is 1, not 7: )"
      R"(Ada Lovelace was last changed by root of ringbook at )"
      R"(2026-11-23T10:00:00.000Z; you asked to remove this person.",)" +
          std::string(by_root) + "}]");
  world.remove(ada_path);
  const Answer gone =
      world.send({.method = Method::put, .target = ada_path, .if_match = "\"1\"", .body = "{}"});
  EXPECT_EQ(gone.status(), 412);
  EXPECT_THAT(gone.body(), testing::HasSubstr(
                               R"("code":"MISSING","message":"There is no user )"
                               R"(64b7f1a2e4b0a5d3f9c12345 any more: removed by root of ringbook )"
                               R"(at 2026-11-23T10:00:00.000Z.",)" +
                               std::string(by_root) + R"(}],"current":null)"));
}

// [COND-2]
TEST_F(Conditional, WhoIsThereAlreadyIsTold) {
  const Answer answer = world.send(
      {.method = Method::put, .target = ada_path, .if_none_match = "*", .body = R"({"name":"B"})"});
  EXPECT_THAT(details_of(answer),
              testing::StartsWith(R"([{"path":"If-None-Match","code":"EXISTS","message":"User )"
                                  R"(64b7f1a2e4b0a5d3f9c12345 exists already, as Ada Lovelace: )"));
  EXPECT_THAT(details_of(assign(std::nullopt, "\"1\"", "4321")),
              testing::HasSubstr("If-None-Match names the current version of Ada Lovelace"));
}

// [COND-2]
TEST(ConditionalWithoutDetails, ShowTheUserAlone) {
  ApiWorld world({.error_details = false});
  add_people(world);
  const Answer answer =
      world.send({.method = Method::delete_, .target = ada_path, .if_match = "\"9\""});
  EXPECT_EQ(answer.status(), 412);
  EXPECT_THAT(answer.body(), testing::StartsWith(R"({"error":{"code":"PRECONDITION_FAILED",)"
                                                 R"("message":"Precondition failed","current":{)"));
}

TEST_F(Conditional, AreTheLastThingToBeChecked) {
  world.update(grace, "1300");
  EXPECT_EQ(assign("malformed", std::nullopt, "1300").status(), 400);
  EXPECT_EQ(world
                .send({.method = Method::delete_,
                       .target = "/v1/users/" + std::string(nobody),
                       .if_match = "*"})
                .status(),
            404);
  EXPECT_EQ(assign("\"99\"", std::nullopt, "1300").status(), 409);
  world.update(ada, "1234");
  EXPECT_EQ(assign("\"99\"", std::nullopt, "1234").status(), 200);
}

TEST_F(Conditional, AGetThatKnowsTheUserGetsNoBody) {
  const auto get = [&](std::string tags) {
    return world.send(
        {.method = Method::get, .target = ada_path, .if_none_match = std::move(tags)});
  };
  for (const char* tags : {"\"1\"", "*", "\"7\",\"1\""}) {
    const Answer answer = get(tags);
    EXPECT_EQ(answer.status(), 304) << tags;
    EXPECT_EQ(answer.body(), "");
    EXPECT_EQ(answer.response.content_type, "");
    EXPECT_EQ(answer.field("ETag"), "\"1\"");
  }
  EXPECT_EQ(get("\"2\"").status(), 200);
  EXPECT_EQ(get("1").status(), 400);
  EXPECT_EQ(world.send({.method = Method::get, .target = ada_path, .if_match = "\"2\""}).status(),
            412);
  EXPECT_EQ(world.send({.method = Method::get, .target = ada_path, .if_match = "\"1\""}).status(),
            200);
}

}  // namespace
}  // namespace ringbook::test
