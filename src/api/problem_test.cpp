#include "api/problem.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace ringbook {
namespace {

using problem::Manner;
using problem::Surface;

constexpr Errc every_error[] = {Errc::invalid,       Errc::not_found,  Errc::unauthenticated,
                                Errc::not_permitted, Errc::overloaded, Errc::no_space,
                                Errc::unavailable,   Errc::locked,     Errc::damaged,
                                Errc::newer,         Errc::usage,      Errc::internal};

// [PUT-6]
TEST(Problems, KeepsAtMostSixteenAndEachOnce) {
  Problems problems;
  for (int i = 0; i < 40; ++i) {
    problems.add("p" + std::to_string(i / 2), ProblemCode::required, "Missing.");
  }
  EXPECT_EQ(problems.list().size(), limits::problems);
  EXPECT_EQ(problems.list().back().path, "p15");
}

// [PUT-6]
TEST(Problem, DetailsFollowThePublishedMembers) {
  Problems problems;
  problems.add("payload.userId", ProblemCode::invalid_type, "Must be a \"string\".");
  EXPECT_EQ(
      problem::invalid({Surface::documented, true}, problems).body.view(),
      R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body","details":[)"
      R"({"path":"payload.userId","code":"INVALID_TYPE","message":"Must be a \"string\"."}]}})");
}

// [PUT-6]
TEST(Problem, WithoutDetailsTheBodyIsThePublishedOne) {
  Problems problems;
  problems.add("", ProblemCode::malformed_json, "Bad.");
  EXPECT_EQ(problem::invalid({Surface::documented, false}, problems).body.view(),
            R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body"}})");
  const Conflict conflict{.wanted = *Extension::parse("1234"),
                          .holder = UserId(),
                          .holder_name = "Grace Hopper",
                          .since = Instant{},
                          .suggestions = {}};
  EXPECT_EQ(problem::extension_in_use({Surface::documented, false}, conflict).body.view(),
            R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body"}})");
}

// [PUT-6]
TEST(Problem, AConflictNamesTheHolderAndFreeNumbers) {
  Conflict conflict{.wanted = *Extension::parse("1234"),
                    .holder = *UserId::parse("64B7F1A2E4B0A5D3F9C12345"),
                    .holder_name = "Grace Hopper",
                    .since = *parse_rfc3339("2026-05-02T09:14:00.000Z"),
                    .suggestions = {*Extension::parse("1235"), *Extension::parse("1239")}};
  const Response response = problem::extension_in_use({Surface::documented, true}, conflict);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.view(),
            R"({"error":{"code":"VALIDATION_ERROR","message":"Invalid request body","details":[)"
            R"({"path":"payload.rcExtension","code":"EXTENSION_IN_USE",)"
            R"("message":"Extension 1234 is assigned to Grace Hopper.","conflict":{)"
            R"("userId":"64b7f1a2e4b0a5d3f9c12345","name":"Grace Hopper",)"
            R"("since":"2026-05-02T09:14:00.000Z"},"suggestions":["1235","1239"]}]}})");
  conflict.holder_name.reset();
  conflict.suggestions.clear();
  const Response own = problem::extension_in_use({Surface::own, true}, conflict);
  EXPECT_EQ(own.status, 409);
  EXPECT_EQ(own.body.view(),
            R"({"error":{"code":"EXTENSION_IN_USE","message":"Extension is in use","details":[)"
            R"({"path":"rcExtension","code":"EXTENSION_IN_USE",)"
            R"("message":"Extension 1234 is assigned to user 64b7f1a2e4b0a5d3f9c12345.",)"
            R"("conflict":{"userId":"64b7f1a2e4b0a5d3f9c12345","name":null,)"
            R"("since":"2026-05-02T09:14:00.000Z"},"suggestions":[]}]}})");
}

// [PUT-13]
TEST(Problem, TheDocumentedPathHasOneAnswerForEveryFailureBelow) {
  for (const Errc code : every_error) {
    const Response response = problem::of_error(Surface::documented, code);
    if (response.status >= 500) {
      EXPECT_EQ(response.status, 500);
      EXPECT_EQ(response.body.view(),
                R"({"error":{"code":"SERVER_ERROR","message":"Internal server error"}})");
      EXPECT_EQ(response.fields.size(), 0U);
    }
  }
}

TEST(Problem, OwnPathsSayWhenTryingLaterHelps) {
  for (const Errc code : {Errc::overloaded, Errc::no_space}) {
    const Response response = problem::of_error(Surface::own, code);
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.body.view(),
              R"({"error":{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}})");
    ASSERT_EQ(response.fields.size(), 1U);
    EXPECT_EQ(*response.fields.begin(), Fields::Field("Retry-After", "1"));
  }
  EXPECT_EQ(problem::of_error(Surface::own, Errc::unavailable).status, 500);
  EXPECT_EQ(problem::of_error(Surface::own, Errc::internal).status, 500);
}

// [PUT-16]
TEST(Problem, RefusalsOfTheTransportCarryTheEnvelope) {
  const std::pair<std::uint16_t, const char*> expected[] = {
      {400, R"({"error":{"code":"BAD_REQUEST","message":"Malformed HTTP request"}})"},
      {408, R"({"error":{"code":"REQUEST_TIMEOUT",)"},
      {413, R"({"error":{"code":"CONTENT_TOO_LARGE",)"},
      {414, R"({"error":{"code":"URI_TOO_LONG",)"},
      {417, R"({"error":{"code":"EXPECTATION_FAILED",)"},
      {431, R"({"error":{"code":"HEADER_FIELDS_TOO_LARGE",)"},
      {501, R"({"error":{"code":"NOT_IMPLEMENTED",)"},
      {505, R"({"error":{"code":"HTTP_VERSION_NOT_SUPPORTED",)"}};
  for (const auto& [status, body] : expected) {
    const Response response = problem::of_transport(status);
    EXPECT_EQ(response.status, status);
    EXPECT_TRUE(response.body.view().starts_with(body)) << response.body.view();
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
    EXPECT_TRUE(response.no_store);
  }
}

}  // namespace
}  // namespace ringbook
