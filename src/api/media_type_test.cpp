#include "api/media_type.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

// [PUT-10]
TEST(MediaType, AcceptsJsonInUtf8) {
  for (const char* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=UTF-8", "application/json ; Charset=\"utf-8\"",
        "application/json; charset=\"u\\tf-8\"", "application/json; version=1; charset=utf-8",
        "application/json; note=\"a;b\"", "application/json;", "application/json; ;",
        "application/json; charset=utf-8; charset=utf-8"}) {
    EXPECT_TRUE(is_json(type)) << type;
  }
}

// [PUT-10]
TEST(MediaType, RefusesEverythingElse) {
  for (const char* type :
       {"", "json", "text/json", "application/jsonp", "application/json-patch+json",
        "application/problem+json", "application/json; charset=latin1",
        "application/json; charset=utf8", "application/json; charset=", "application/json; charset",
        "application/json; charset=\"\"", "application/json; charset =utf-8",
        "application/json; charset= utf-8", "application/json; charset=\"utf-8",
        "application/json, application/json", "application/json charset=utf-8",
        "application/json; charset=utf-8; charset=latin1", "application/json; note=\"a\\"}) {
    EXPECT_FALSE(is_json(type)) << type;
  }
}

TEST(MediaType, ReportsOneProblemOfTheFirstWrongField) {
  Head head;
  EXPECT_EQ(problem_of_content(Content::json, head)->path, "Content-Type");
  head.content_encoding = "gzip";
  EXPECT_EQ(problem_of_content(Content::json, head)->path, "Content-Type");
  head.content_type = "application/json";
  EXPECT_EQ(problem_of_content(Content::json, head)->path, "Content-Encoding");
  EXPECT_EQ(problem_of_content(Content::json, head)->code, ProblemCode::unsupported_media_type);
  head.content_encoding = "Identity";
  EXPECT_FALSE(problem_of_content(Content::json, head));
  head.content_range = "bytes 0-1/2";
  EXPECT_EQ(problem_of_content(Content::json, head)->path, "Content-Range");
  EXPECT_FALSE(problem_of_content(Content::none, head));
}

}  // namespace
}  // namespace ringbook
