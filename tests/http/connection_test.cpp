// How messages and connections end: keep-alive, refusals, Expect.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"
#include "http/http_world.h"

namespace ringbook::test {
namespace {

// --- keep-alive ----------------------------------------------------------------------------------

TEST(KeepAlive, IsTheRuleInHttp11) {  // [HTTP-13]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_FALSE(client.ask(get("/healthz")).has("connection"));
  EXPECT_FALSE(client.ask(get("/healthz", "Connection: keep-alive\r\n")).has("connection"));
  EXPECT_TRUE(client.ask(get("/healthz", "Connection: x, close\r\n")).closes());
  EXPECT_TRUE(client.is_closed());
}

TEST(KeepAlive, IsTheExceptionInHttp10) {  // [HTTP-13]
  HttpWorld world;
  Client client = world.connect();
  const std::string keep = "Connection: keep-alive\r\n";
  EXPECT_EQ(client.ask(get("/healthz", keep, "HTTP/1.0")).field("connection"), "keep-alive");
  EXPECT_EQ(client.ask(put("1234", keep, "HTTP/1.0")).field("connection"), "keep-alive");
  EXPECT_TRUE(client.ask(put("1234", {}, "HTTP/1.0")).closes());
  EXPECT_TRUE(client.is_closed());
}

TEST(KeepAlive, EndsWithoutReadingWhatFollows) {  // [HTTP-13]
  HttpWorld world;
  Client client = world.connect();
  client.send(get("/healthz", "Connection: close\r\n") + get("/healthz"));
  EXPECT_TRUE(client.read().value_or(Answer{}).closes());
  EXPECT_TRUE(client.is_closed());
}

// --- what a connection remembers -----------------------------------------------------------------

TEST(Remembering, IsOfOneConnection) {  // [KEY-4]
  HttpWorld world;
  Client first = world.connect();
  Client second = world.connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(first.ask(put("1234")).status, 200);
  }
  EXPECT_EQ(world.recognised(), 1);
  EXPECT_EQ(second.ask(put("1234")).status, 200);
  EXPECT_EQ(world.recognised(), 2);
}

// --- refusals ------------------------------------------------------------------------------------

struct Refused {
  std::string bytes;
  int status;
  std::string code;
};

std::vector<Refused> refused_messages() {
  const std::string chunked_head = put_head("Transfer-Encoding: chunked\r\n");
  return {{"GET / HTTP/1.1\r\n\r\n", 400, "BAD_REQUEST"},
          {"GET / HTTP/1.1\n", 400, "BAD_REQUEST"},
          {put_head("Content-Length: 70000\r\n"), 413, "CONTENT_TOO_LARGE"},
          {get("/" + std::string(9000, 'x')), 414, "URI_TOO_LONG"},
          {get("/healthz", "Expect: x\r\n"), 417, "EXPECTATION_FAILED"},
          {get("/healthz", "X: " + std::string(limits::head_bytes, 'x') + "\r\n"), 431,
           "HEADER_FIELDS_TOO_LARGE"},
          {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "NOT_IMPLEMENTED"},
          {put_head("Transfer-Encoding: gzip\r\n"), 501, "NOT_IMPLEMENTED"},
          {get("/healthz", {}, "HTTP/2.0"), 505, "HTTP_VERSION_NOT_SUPPORTED"},
          {chunked_head + "x", 400, "BAD_REQUEST"},
          {chunked_head + "5\r\nhelloX", 400, "BAD_REQUEST"},
          {chunked_head + "1;" + std::string(33'000, 'e'), 413, "CONTENT_TOO_LARGE"},
          {chunked_head + "10001\r\n", 413, "CONTENT_TOO_LARGE"}};
}

TEST(Refusal, IsOneAnswerInTheEnvelopeAndTheEnd) {  // [HTTP-7] [PUT-16]
  HttpWorld world;
  for (const Refused& refused : refused_messages()) {
    Client client = world.connect();
    // What follows is never understood.
    client.send(refused.bytes + "\r\n\r\n" + get("/healthz"));
    const auto answer = client.read();
    ASSERT_TRUE(answer) << refused.bytes;
    EXPECT_EQ(answer->status, refused.status) << refused.bytes;
    EXPECT_NE(answer->body.find(fmt::format(R"("code":"{}")", refused.code)), std::string::npos)
        << answer->body;
    EXPECT_TRUE(answer->closes());
    EXPECT_EQ(answer->field("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(answer->field("cache-control"), "no-store");
    EXPECT_TRUE(answer->has("x-request-id"));
    EXPECT_TRUE(answer->has("date"));
    EXPECT_TRUE(client.is_closed()) << refused.bytes;
  }
}

TEST(Refusal, ComesBehindTheAnswersBeforeIt) {  // [HTTP-7] [HTTP-9]
  HttpWorld world;
  for (const Refused& refused : refused_messages()) {
    Client client = world.connect();
    client.send(put("1234") + get("/healthz") + refused.bytes);
    EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
    EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
    EXPECT_EQ(client.read().value_or(Answer{}).status, refused.status) << refused.bytes;
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(Refusal, HasNoContentForHead) {  // [HTTP-12]
  HttpWorld world;
  Client client = world.connect();
  client.send("HEAD / HTTP/1.1\r\n\r\n");
  const std::string all = client.read_all();
  EXPECT_TRUE(all.starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(all.ends_with("\r\n\r\n")) << all;
}

TEST(Refusal, ReachesAClientThatGoesOnSending) {  // [HTTP-7]
  HttpWorld world;
  Client client = world.connect();
  // Unread bytes at a close would reset the connection, and the answer would be lost.
  client.send(put_head("Content-Length: 500000\r\n") + std::string(500'000, 'x'));
  EXPECT_EQ(client.read().value_or(Answer{}).status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST(Refusal, EndsWithTheLingeringTime) {  // [HTTP-7]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_EQ(client.ask("x\n").status, 400);
  EXPECT_TRUE(client.is_closed());  // That is the half-close.
  Client witness = world.connect();
  world.settle();
  world.wait_for_connections(witness, 2);
  world.clock().advance(limits::linger_time);
  world.wait_for_connections(witness, 1);
}

TEST(Refusal, EndsWithTheLingeringBytes) {  // [HTTP-7]
  HttpWorld world;
  Client witness = world.connect();
  Client client = world.connect();
  EXPECT_EQ(client.ask("x\n").status, 400);
  // What is more than the bound makes the server close, whether the client does or not.
  std::thread sender([&client] { client.send(std::string(limits::linger_bytes + 100'000, 'x')); });
  world.wait_for_connections(witness, 1);
  sender.join();
}

TEST(Refusal, IsCountedByReason) {
  HttpWorld world;
  Client client = world.connect();
  client.ask("x\n");
  EXPECT_NE(world.metrics().find("ringbook_http_refusals_total{reason=\"bad_request\"} 1\n"),
            std::string::npos);
}

// --- Expect --------------------------------------------------------------------------------------

TEST(ExpectContinue, IsGrantedToAnAdmittedHead) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  const std::string body = put_body("1234");
  const std::string head =
      put_head(fmt::format("Content-Length: {}\r\nExpect: 100-continue\r\n", body.size()));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.ask(head).status, 100);
    EXPECT_FALSE(client.has_news());
    EXPECT_EQ(client.ask(body).status, 200);
  }
}

TEST(ExpectContinue, IsGrantedOnceWhileBytesAreStillToCome) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  const std::string body = put_body("1234");
  const std::string head =
      put_head(fmt::format("Content-Length: {}\r\nExpect: 100-Continue\r\n", body.size()));
  EXPECT_EQ(client.ask(head + body.substr(0, 10)).status, 100);
  client.send(body.substr(10, 10));
  world.settle();
  EXPECT_EQ(client.ask(body.substr(20)).status, 200);
}

TEST(ExpectContinue, IsNotGrantedWhenEverythingIsThere) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_EQ(client.ask(put("1234", "Expect: 100-continue\r\n")).status, 200);
  EXPECT_EQ(client.ask(get("/healthz", "Expect: 100-continue\r\n")).status, 200);
}

TEST(ExpectContinue, IsDeniedWithTheAnswerAndTheEnd) {  // [HTTP-8]
  HttpWorld world;
  for (const std::string& head :
       {std::string("PUT /user/update-rcextension HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                    "Expect: 100-continue\r\n\r\n"),
        get("/nowhere", "Content-Length: 5\r\nExpect: 100-continue\r\n"),
        put_head("Content-Length: 5\r\nContent-Range: bytes 0-4/5\r\nExpect: 100-continue\r\n"),
        put_head("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
                 "Expect: 100-continue\r\n")}) {
    Client client = world.connect();
    client.send(head);
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->status == 401 || answer->status == 404 || answer->status == 400)
        << answer->status;
    EXPECT_TRUE(answer->closes());
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(ExpectContinue, IsIgnoredInHttp10) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  const std::string request =
      put("1234", "Expect: 100-continue\r\nConnection: keep-alive\r\n", "HTTP/1.0");
  const std::size_t body = put_body("1234").size();
  client.send(std::string_view(request).substr(0, request.size() - body));
  world.settle();
  EXPECT_FALSE(client.has_news());
  EXPECT_EQ(client.ask(std::string_view(request).substr(request.size() - body)).status, 200);
}

TEST(ExpectContinue, WaitsForALateAdmission) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  world.defer_admissions();
  client.send(put_head("Content-Length: 60\r\nExpect: 100-continue\r\n"));
  world.settle();
  EXPECT_FALSE(client.has_news());
  world.release_admissions();
  EXPECT_EQ(client.read().value_or(Answer{}).status, 100);
}

// --- the body of a refused head ------------------------------------------------------------------

TEST(RefusedHead, IsAnsweredBehindItsBody) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  for (const auto& [fields, body] : {std::pair{"Content-Length: 10\r\n", "not JSON.."},
                                     {"Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n"}}) {
    client.send(stranger(fields) + std::string(body).substr(0, 4));
    world.settle();
    EXPECT_FALSE(client.has_news());
    const Answer answer = client.ask(std::string(body).substr(4));
    EXPECT_EQ(answer.status, 401);
    EXPECT_FALSE(answer.has("connection"));
  }
}

TEST(RefusedHead, IsAnsweredOnceWhenItsBodyTurnsOutWrong) {  // [HTTP-8]
  HttpWorld world;
  for (const auto& [body, status] : {std::pair{"x", 400}, {"10001\r\n", 413}, {"2\r\nhiX", 400}}) {
    Client client = world.connect();
    client.send(stranger("Transfer-Encoding: chunked\r\n") + body);
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_TRUE(answer->closes());
    EXPECT_TRUE(client.is_closed());
  }
  Client client = world.connect();
  client.send(stranger("Content-Length: 10\r\n") + "late");
  world.settle();
  world.clock().advance(limits::body_time);
  EXPECT_EQ(client.read().value_or(Answer{}).status, 408);
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace ringbook::test
