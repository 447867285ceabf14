// Bodies of the documented request that somebody may try: what each is told, problem by problem.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/api_world.h"
#include "base/json.h"

namespace ringbook::test {
namespace {

constexpr std::string_view path = "/user/update-rcextension";

class Shape : public ::testing::Test {
 protected:
  Shape() { add_people(world_); }

  // The message of the one problem.
  std::string message(const std::string& body) {
    const Answer answer = world_.put(std::string(path), body);
    JsonDocument document;
    EXPECT_TRUE(document.parse(answer.body())) << answer.body();
    const auto problem = document.root().find("error")->find("details")->first();
    EXPECT_FALSE(problem->next());
    return std::string(problem->find("message")->string());
  }

  // "200", or "path CODE" of each problem, separated by "; ".
  std::string told(const std::string& body) {
    const Answer answer = world_.put(std::string(path), body);
    if (answer.status() != 400) {
      return std::to_string(answer.status());
    }
    JsonDocument document;
    EXPECT_TRUE(document.parse(answer.body())) << answer.body();
    std::string out;
    const auto details = document.root().find("error")->find("details");
    for (auto problem = details->first(); problem; problem = problem->next()) {
      out += out.empty() ? "" : "; ";
      out += std::string(problem->find("path")->string()) + " " +
             std::string(problem->find("code")->string());
    }
    return out;
  }

  void expect(const std::string& body, std::string_view expected) {
    EXPECT_EQ(told(body), expected) << body.substr(0, 1000);
  }

  static std::string with(std::string_view user_id, std::string_view extension) {
    return R"({"payload":{"userId":)" + std::string(user_id) + R"(,"rcExtension":)" +
           std::string(extension) + "}}";
  }
  static std::string with_extension(std::string_view extension) {
    return with('"' + std::string(ada) + '"', extension);
  }
  static std::string with_user(std::string_view user_id) { return with(user_id, R"("1234")"); }

 private:
  ApiWorld world_;
};

// [PUT-6] [PUT-7]
TEST_F(Shape, AnExtensionIsAStringOfDigits) {
  for (const char* good : {R"("12")", R"("00")", R"("0123456789")", R"("\u0031\u0032")"}) {
    expect(with_extension(good), "200");
  }
  for (const char* other_type : {"1234", "1234.0", "1.234e3", "-1234", "0", "1e999", "null", "true",
                                 "false", "[]", R"(["1234"])", "{}", R"({"rcExtension":"1234"})"}) {
    expect(with_extension(other_type), "payload.rcExtension INVALID_TYPE");
  }
  for (const char* other_form : {R"("")",
                                 R"("1")",
                                 R"("12345678901")",
                                 R"(" 12")",
                                 R"("12 ")",
                                 R"("1 2")",
                                 R"("12\n")",
                                 R"("\t12")",
                                 R"("12\r\n")",
                                 R"("12\u0000")",
                                 R"("\u000012")",
                                 R"("+12")",
                                 R"("-12")",
                                 R"("1.2")",
                                 R"("1,2")",
                                 R"("1e2")",
                                 R"("0x12")",
                                 R"("12a")",
                                 R"("a12")",
                                 R"("ab")",
                                 R"("12#")",
                                 R"("*12")",
                                 R"("tel:12")",
                                 R"("12;ext=3")",
                                 R"("12\u0661")",
                                 R"("\u0661\u0662")",
                                 R"("\uff11\uff12")",
                                 R"("\u0967\u0968")",
                                 R"("\u00b2\u00b3")",
                                 R"("\u2460\u2461")",
                                 R"("\ud835\udfcf\ud835\udfd0")",
                                 R"("12\u200b")",
                                 R"("\ufeff12")",
                                 R"("1\u03002")",
                                 R"("12\u00a0")",
                                 R"("$where")",
                                 R"("' OR '1'='1")",
                                 R"("12;DROP TABLE users")",
                                 R"("../12")",
                                 R"("null")"}) {
    expect(with_extension(other_form), "payload.rcExtension INVALID_FORMAT");
  }
  expect(with_extension('"' + std::string(60'000, '1') + '"'),
         "payload.rcExtension INVALID_FORMAT");
}

// [PUT-6] [PUT-8]
TEST_F(Shape, AUserIdIsAStringOfTwentyFourHexadecimalDigits) {
  for (const char* good : {R"("64b7f1a2e4b0a5d3f9c12345")", R"("64B7F1A2E4B0A5D3F9C12345")",
                           R"("64b7F1a2E4b0a5d3f9C12345")", R"("\u00364b7f1a2e4b0a5d3f9c12345")"}) {
    expect(with_user(good), "200");
  }
  expect(with_user(R"("000000000000000000000000")"), "404");
  expect(with_user(R"("ffffffffffffffffffffffff")"), "404");
  for (const char* other_type :
       {"null", "64", "1e23", "true", "[]", "{}", R"({"$oid":"64b7f1a2e4b0a5d3f9c12345"})",
        R"({"$ne":null})", R"({"$gt":""})", R"(["64b7f1a2e4b0a5d3f9c12345"])"}) {
    expect(with_user(other_type), "payload.userId INVALID_TYPE");
  }
  for (const char* other_form :
       {R"("")", R"("64b7f1a2e4b0a5d3f9c1234")", R"("64b7f1a2e4b0a5d3f9c123456")",
        R"("64b7f1a2e4b0a5d3f9c1234g")", R"("64b7f1a2e4b0a5d3f9c1234\u0000")",
        R"(" 64b7f1a2e4b0a5d3f9c1234")", R"("64b7f1a2e4b0a5d3f9c12345\n")",
        R"("64b7f1a2-e4b0-a5d3-f9c1-2345")", R"("0x64b7f1a2e4b0a5d3f9c123")",
        R"("ObjectId 64b7f1a2e4b0a5d")", R"("\uff16\uff14b7f1a2e4b0a5d3f9c12345")",
        R"("64b7f1a2e4b0")", R"("64b7f1a2e4b0a5d3f9c1234\u0435")", R"("../../etc/passwd")"}) {
    expect(with_user(other_form), "payload.userId INVALID_FORMAT");
  }
}

// [PUT-9]
TEST_F(Shape, ThePayloadIsTheOnlyPlaceThatCounts) {
  const std::string members = R"("userId":")" + std::string(ada) + R"(","rcExtension":"1234")";
  const std::string payload = R"("payload":{)" + members + "}";
  expect("{" + payload + "}", "200");
  expect(R"({"\u0070ayload":{)" + members + "}}", "200");
  expect("{" + members + "}", "payload REQUIRED");
  expect("{}", "payload REQUIRED");
  expect(R"({"Payload":{)" + members + "}}", "payload REQUIRED");
  expect(R"({"payload\u0000":{)" + members + "}}", "payload REQUIRED");
  expect(R"({"payload ":{)" + members + "}}", "payload REQUIRED");
  expect(R"({"payload":{"payload":{)" + members + "}}}",
         "payload.userId REQUIRED; payload.rcExtension REQUIRED");
  expect(R"({"payload":"{)" + std::string(R"(\"userId\":1}"})"), "payload INVALID_TYPE");
  expect(R"({"payload":[{)" + members + "}]}", "payload INVALID_TYPE");
  expect(R"({"payload":null})", "payload INVALID_TYPE");
  expect(R"({"payload":0})", "payload INVALID_TYPE");
  expect("[{" + payload + "}]", " INVALID_TYPE");
  expect("[]", " INVALID_TYPE");
  expect("0", " INVALID_TYPE");
  expect(R"("{}")", " INVALID_TYPE");
  expect("null", " INVALID_TYPE");
  expect(R"({"__proto__":{"role":"admin"},"constructor":{},)" + payload + "}", "200");
  expect(R"({"":{"":[{}]},)" + payload + "}", "200");
  expect("\t\r\n {" + payload + "} \n", "200");
  expect("{" + payload + "}" + std::string(60'000, ' '), "200");
}

// [PUT-9]
TEST_F(Shape, EveryNameStandsOnceInItsObject) {
  const std::string user = R"("userId":")" + std::string(ada) + '"';
  const std::string extension = R"("rcExtension":"1234")";
  const std::string payload = R"("payload":{)" + user + "," + extension + "}";
  expect("{" + payload + "," + payload + "}", "payload DUPLICATE_NAME");
  expect("{" + payload + R"(,"\u0070ayload":null})", "payload DUPLICATE_NAME");
  expect(R"({"payload":{)" + user + "," + user + "," + extension + "}}",
         "payload.userId DUPLICATE_NAME");
  expect(R"({"payload":{)" + user + "," + extension + R"(,"rcE\u0078tension":"99"}})",
         "payload.rcExtension DUPLICATE_NAME");
  expect(R"({"payload":{)" + user + "," + extension + R"(,"x":1,"\u0078":2}})",
         "payload DUPLICATE_NAME");
  expect(R"({"x":[[{"y":1,"y":1}]],)" + payload + "}", " DUPLICATE_NAME");
  // The same name in two objects, and names that only look alike, are different ones.
  expect(R"({"userId":1,"rcExtension":2,)" + payload + "}", "200");
  expect(R"({"x":1,"X":1,"x ":1,"x\u0000":1,"\u0445":1,)" + payload + "}", "200");
  expect(R"({"\u00e9":1,"e\u0301":1,)" + payload + "}", "200");
}

// [PUT-9]
TEST_F(Shape, WhatIsNoJsonInUtf8IsOneProblem) {
  const std::string good = with_extension(R"("1234")");
  const std::string open = good.substr(0, good.size() - 1);
  std::vector<std::string> bodies{"",
                                  " \t\r\n",
                                  "\xEF\xBB\xBF" + good,
                                  "\xFE\xFF",
                                  good + good,
                                  good + "x",
                                  good + std::string(1, '\0'),
                                  std::string(1, '\0') + good,
                                  good + "// end",
                                  "/* begin */" + good,
                                  "\v" + good,
                                  "\xC2\xA0" + good,
                                  open,
                                  open + ",}",
                                  open + ",\"x\"}",
                                  open + ",\"x\":}",
                                  open + ",x:1}",
                                  open + ",'x':1}",
                                  open + R"(,"x":"\ud800"})",
                                  open + R"(,"x":"\udc00\ud800"})",
                                  open + R"(,"\udfff":1})",
                                  open + ",\"x\":\"\xED\xA0\x80\"}",
                                  open + ",\"x\":\"\xC0\xAF\"}",
                                  open + ",\"x\":\"\xF4\x90\x80\x80\"}",
                                  open + ",\"\xFF\":1}",
                                  open + ",\"x\":\"\n\"}",
                                  open + R"(,"x":"\x41"})",
                                  open + R"(,"x":"\u12"})",
                                  open + ",\"x\":NaN}",
                                  open + ",\"x\":-Infinity}",
                                  open + ",\"x\":+1}",
                                  open + ",\"x\":.5}",
                                  open + ",\"x\":1.}",
                                  open + ",\"x\":01}",
                                  open + ",\"x\":0x1}",
                                  open + ",\"x\":1e9999999999}",
                                  open + ",\"x\":0e-9999999999}",
                                  open + ",\"x\":True}",
                                  open + ",\"x\":undefined}",
                                  "payload[userId]=1&payload[rcExtension]=1234",
                                  "<payload/>"};
  // 33 open containers: the document is the first.
  bodies.push_back(open + ",\"x\":" + std::string(32, '[') + std::string(32, ']') + "}");
  bodies.push_back(std::string(60'000, '['));
  for (const std::string& body : bodies) {
    expect(body, " MALFORMED_JSON");
  }
  expect(open + ",\"x\":" + std::string(31, '[') + std::string(31, ']') + "}", "200");
  expect(open + R"(,"x":"\ud83d\ude00"})", "200");
  expect(open + R"(,"\ud83d\ude00":"\u0000"})", "200");
  expect(open + ",\"x\":[1e999999999,-1e-999999999]}", "200");
}

// [PUT-9]
TEST_F(Shape, WhatIsNoJsonIsToldWithKindAndOffset) {
  const std::string good = with_extension(R"("1234")");
  std::string utf16("\xFF\xFE");
  for (const char c : good) {
    utf16 += {c, '\0'};
  }
  const std::pair<std::string, std::string> bodies[] = {
      {"\xEF\xBB\xBF" + good, "a byte order mark at offset 0"},
      {utf16, "UTF-16 at offset 0"},
      {R"({"name":"Ren)"
       "\xE9"
       R"("})",
       "an octet that is not UTF-8 (is it Latin-1?) at offset 12"},
      {R"({"payload":{},})", "a comma before } at offset 14"},
      {R"({"payload":{)", "the end, before that of the document at offset 12"},
      {good + good,
       "something after the end of the document at offset " + std::to_string(good.size())},
      {"", "nothing but white space, or nothing at all"}};
  for (const auto& [body, fault] : bodies) {
    EXPECT_EQ(message(body), "The body must be one JSON object in UTF-8; here is " + fault + ".");
  }
}

// [PUT-6]
TEST_F(Shape, AllProblemsAreToldAtOnceAndBoundlesslyManyMembersAreNone) {
  expect(R"({"payload":{"userId":1,"rcExtension":2}})",
         "payload.userId INVALID_TYPE; payload.rcExtension INVALID_TYPE");
  expect(R"({"payload":{"rcExtension":""}})",
         "payload.userId REQUIRED; payload.rcExtension INVALID_FORMAT");
  std::string many = "{";
  for (int i = 0; i < 6'000; ++i) {
    many += '"' + std::to_string(i) + "\":0,";
  }
  expect(many + with_extension(R"("1234")").substr(1), "200");
  expect(many + R"("17":0,)" + with_extension(R"("1234")").substr(1), " DUPLICATE_NAME");
}

// [PUT-10]
TEST_F(Shape, AMediaTypeIsJsonInUtf8) {
  ApiWorld world;
  add_people(world);
  const auto status = [&world](std::optional<std::string> type,
                               std::optional<std::string> encoding = std::nullopt) {
    return world
        .send({.method = Method::put,
               .target = std::string(path),
               .content_type = std::move(type),
               .content_encoding = std::move(encoding),
               .body = with_extension(R"("1234")")})
        .status();
  };
  for (const char* good :
       {"application/json", "APPLICATION/JSON", "application/json;charset=utf-8",
        "application/json; charset=UTF-8", "application/json ; charset=\"Utf-8\"",
        "application/json; x=y", "application/json;charset=utf-8;x=\"a;b\""}) {
    EXPECT_EQ(status(good), 200) << good;
  }
  for (const char* bad :
       {"", "json", "text/json", "application/jsonx", "application/json+x", "application/ld+json",
        "application/json, text/plain", "application/json charset=utf-8", "*/*", "application/*",
        "application/json; charset=utf-16", "application/json; charset=latin1",
        "application/json; charset=", "application/json; charset=utf-8; charset=utf-16",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json\x0b", "application /json", "application/json; charset"}) {
    EXPECT_EQ(status(bad), 400) << bad;
  }
  EXPECT_EQ(status(std::nullopt), 400);
  for (const char* good : {"identity", "IDENTITY"}) {
    EXPECT_EQ(status("application/json", good), 200) << good;
  }
  for (const char* bad : {"gzip", "deflate", "br", "identity, gzip", "x", "*"}) {
    EXPECT_EQ(status("application/json", bad), 400) << bad;
  }
}

}  // namespace
}  // namespace ringbook::test
