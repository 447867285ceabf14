// What pages of other origins may read.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "http/http_world.h"

namespace ringbook::test {
namespace {

constexpr auto ours = "Origin: https://hr.example\r\n";

HttpSettings with_origin() {
  HttpSettings settings;
  settings.cors_origins = {"https://hr.example"};
  return settings;
}

std::string allowed(const Answer& answer) {
  return answer.field("access-control-allow-origin");
}

TEST(Origins, MayReadEveryKindOfAnswer) {  // [HTTP-19]
  HttpWorld world(with_origin());
  Client client = world.connect();
  for (const auto& [request, status] :
       {std::pair{put("1234", ours), 200},
        {get("/v1/users", ours), 401},
        {get("/nowhere", ours), 404},
        {get("/v1/users", std::string(ours) + "Authorization: Bearer admin\r\n"), 200},
        {put_head(std::string(ours) + "Content-Length: 0\r\n"), 400}}) {
    const Answer answer = client.ask(request);
    EXPECT_EQ(answer.status, status) << request;
    EXPECT_EQ(allowed(answer), "https://hr.example");
    EXPECT_EQ(answer.field("vary"), "Origin");
    EXPECT_EQ(answer.field("access-control-expose-headers"),
              "ETag, Location, Ringbook-Version, WWW-Authenticate, X-Request-Id");
  }
}

TEST(Origins, MayReadWhatTheTransportRefuses) {  // [HTTP-19]
  HttpWorld world(with_origin());
  for (const auto& [request, status] :
       {std::pair{put_head(std::string(ours) + "Content-Length: 70000\r\n"), 413},
        {put_head(std::string(ours) + "Transfer-Encoding: chunked\r\n") + "11111\r\n", 413},
        {get("/", std::string(ours) + "X: " + std::string(limits::head_bytes, 'x') + "\r\n"), 431},
        {get("/", std::string(ours) + "Expect: x\r\n"), 417}}) {
    const Answer answer = world.connect().ask(request);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(allowed(answer), "https://hr.example") << status;
  }
}

TEST(Origins, AskBeforeTheyWrite) {  // [HTTP-19]
  HttpWorld world(with_origin());
  Client client = world.connect();
  const std::string asks =
      "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: authorization\r\n";
  for (const auto* path : {"/user/update-rcextension", "/v1/users"}) {
    const Answer answer = client.ask("OPTIONS " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" +
                                     ours + asks + "\r\n");
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(allowed(answer), "https://hr.example");
    EXPECT_EQ(answer.field("access-control-allow-methods"), "GET, HEAD, PUT, DELETE");
    EXPECT_EQ(answer.field("access-control-allow-headers"),
              "Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id");
    EXPECT_EQ(answer.field("access-control-max-age"), "600");
  }
}

TEST(Origins, AreToldApartByEachMessage) {  // [HTTP-19]
  HttpWorld world(with_origin());
  Client client = world.connect();
  client.send(get("/healthz", ours) + get("/healthz") +
              get("/healthz", "Origin: https://evil.example\r\n") +
              get("/healthz", "Origin: null\r\n") + get("/healthz", ours));
  for (const auto* expected : {"https://hr.example", "", "", "", "https://hr.example"}) {
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(allowed(*answer), expected);
    EXPECT_EQ(answer->has("access-control-expose-headers"), *expected != '\0');
    EXPECT_EQ(answer->field("vary"), "Origin");
  }
}

TEST(Origins, GetNothingWithoutTheSetting) {  // [HTTP-19]
  HttpWorld world;
  Client client = world.connect();
  const Answer answer = client.ask("OPTIONS /v1/users HTTP/1.1\r\nHost: a\r\n" + std::string(ours) +
                                   "Access-Control-Request-Method: PUT\r\n\r\n");
  EXPECT_EQ(answer.status, 204);
  for (const auto& [name, value] : answer.fields) {
    EXPECT_FALSE(name.starts_with("access-control-") || name == "vary") << name;
  }
}

}  // namespace
}  // namespace ringbook::test
