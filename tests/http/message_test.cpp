// Whole exchanges: what an answer looks like, where messages end, and that they keep their order.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "http/http_world.h"

namespace ringbook::test {
namespace {

constexpr std::string_view updated =
    R"({"message":"RingCentral extension updated successfully","data":{}})";

TEST(Exchange, AnswersTheDocumentedPut) {  // [PUT-2] [HTTP-14]
  HttpWorld world;
  Client client = world.connect();
  const Answer answer = client.ask(put("1234", "X-Request-Id: abc\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, updated);
  EXPECT_EQ(answer.field("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(answer.field("content-length"), std::to_string(updated.size()));
  EXPECT_EQ(answer.field("cache-control"), "no-store");
  EXPECT_EQ(answer.field("x-request-id"), "abc");
  EXPECT_EQ(answer.field("date"), "Tue, 14 Nov 2023 22:13:20 GMT");
  EXPECT_FALSE(answer.has("connection"));
  EXPECT_FALSE(answer.has("server"));
}

TEST(Exchange, DatesEveryAnswerAnew) {  // [HTTP-14]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_EQ(client.ask(get("/healthz")).field("date"), "Tue, 14 Nov 2023 22:13:20 GMT");
  world.clock().advance(std::chrono::seconds{1});
  EXPECT_EQ(client.ask(get("/healthz")).field("date"), "Tue, 14 Nov 2023 22:13:21 GMT");
}

TEST(Exchange, GivesEveryRequestAnIdOfItsOwn) {  // [HTTP-14]
  HttpWorld world;
  Client one = world.connect();
  Client other = world.connect();
  std::set<std::string> ids;
  for (int i = 0; i < 10; ++i) {
    ids.insert(one.ask(get("/healthz")).field("x-request-id"));
    ids.insert(
        other.ask(get("/nowhere", "X-Request-Id: not acceptable\r\n")).field("x-request-id"));
  }
  EXPECT_EQ(ids.size(), 20U);
  for (const std::string& id : ids) {
    EXPECT_LE(id.size(), limits::request_id_chars);
    EXPECT_GE(id.size(), 16U);
  }
}

TEST(Exchange, AnswersHeadLikeGetWithoutContent) {  // [HTTP-12]
  HttpWorld world;
  Client client = world.connect();
  const std::string fields = "X-Request-Id: same\r\nAuthorization: Bearer admin\r\n";
  for (const auto* path : {"/healthz", "/nowhere", "/v1/users"}) {
    const Answer with = client.ask(get(path, fields));
    const Answer without =
        client.ask(fmt::format("HEAD {} HTTP/1.1\r\nHost: a\r\n{}\r\n", path, fields), true);
    EXPECT_EQ(without.status, with.status) << path;
    EXPECT_EQ(without.fields, with.fields) << path;
    EXPECT_FALSE(with.body.empty()) << path;
    EXPECT_EQ(without.body, "") << path;
  }
  // Were there content, it would be taken for the next answer.
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST(Exchange, AnswersOptions) {  // [HTTP-12]
  HttpWorld world;
  Client client = world.connect();
  for (const auto* target : {"*", "/user/update-rcextension", "http://a/healthz", "http://a"}) {
    const Answer answer = client.ask(fmt::format("OPTIONS {} HTTP/1.1\r\nHost: a\r\n\r\n", target));
    EXPECT_EQ(answer.status, 204) << target;
    EXPECT_TRUE(answer.has("allow")) << target;
    EXPECT_FALSE(answer.has("content-length")) << target;
    EXPECT_TRUE(answer.has("x-request-id")) << target;
    EXPECT_TRUE(answer.has("date")) << target;
  }
  EXPECT_EQ(client.ask("OPTIONS /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
}

TEST(Exchange, RefusesContentRange) {  // [HTTP-12]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_EQ(client.ask(put("1234", "Content-Range: bytes 0-1/2\r\n")).status, 400);
  EXPECT_EQ(client.ask(put("1234")).status, 200);
}

TEST(Exchange, KeepsTheConnectionAfterTheApisRefusals) {  // [HTTP-7]
  HttpWorld world;
  Client client = world.connect();
  const std::string body = put_body("1234");
  const auto request = [](std::string_view method, std::string_view path, std::string_view fields,
                          std::string_view content) {
    return fmt::format("{} {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n{}\r\n{}", method, path,
                       content.size(), fields, content);
  };
  const std::string path = "/user/update-rcextension";
  const std::string json = "Content-Type: application/json\r\nAuthorization: Bearer admin\r\n";
  const std::vector<std::pair<std::string, int>> requests{
      {request("PUT", path, "Content-Type: application/json\r\n", body), 401},
      {request("PUT", path, "Authorization: Bearer admin\r\n", body), 400},
      {request("PUT", path, json, "{"), 400},
      {request("PUT", path, json, ""), 400},
      {request("PUT", "/nowhere", json, body), 404},
      {request("GET", path, json, body), 405},
      {request("PUT", path, json, body), 200}};
  for (const auto& [bytes, status] : requests) {
    const Answer answer = client.ask(bytes);
    EXPECT_EQ(answer.status, status) << bytes;
    EXPECT_FALSE(answer.has("connection")) << bytes;
  }
}

TEST(Exchange, ReadsABodyOnGetAndDropsIt) {  // [HTTP-8]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_EQ(client.ask(get("/healthz", "Content-Length: 5\r\n") + "GET /").status, 200);
  EXPECT_EQ(
      client.ask(get("/healthz", "Transfer-Encoding: chunked\r\n") + chunked("GET /", 2)).status,
      200);
  EXPECT_EQ(client.ask(get("/nowhere")).status, 404);
}

// --- where messages end --------------------------------------------------------------------------

TEST(Messages, MayBeSplitAtEveryOffset) {  // [HTTP-17]
  HttpWorld world;
  Client client = world.connect();
  const std::string requests[] = {put("1234"),
                                  put_head("Transfer-Encoding: chunked\r\n") +
                                      chunked(put_body("1234"), 20, ";a=\"b\"", "X: y\r\n")};
  for (const std::string& request : requests) {
    for (std::size_t at = 1; at < request.size(); ++at) {
      client.send(std::string_view(request).substr(0, at));
      // Every second time the first part is certainly understood before the rest comes.
      if (at % 2 == 0) {
        world.settle();
      }
      const Answer answer = client.ask(std::string_view(request).substr(at));
      ASSERT_EQ(answer.status, 200) << "split at " << at;
    }
  }
}

TEST(Messages, MayDripByteByByte) {  // [HTTP-17]
  HttpWorld world;
  Client client = world.connect();
  const std::string request =
      put_head("Transfer-Encoding: chunked\r\n") + chunked(put_body("1234"), 7);
  for (const char c : request) {
    EXPECT_FALSE(client.has_news());
    client.send({&c, 1});
    world.settle();
  }
  EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
}

TEST(Messages, DropTrailers) {  // [HTTP-5]
  HttpWorld world;
  Client client = world.connect();
  const std::string body = put_body("1234");
  const std::string without_token =
      "PUT /user/update-rcextension HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(
      client.ask(without_token + chunked(body, 9, "", "Authorization: Bearer admin\r\n")).status,
      401);
  const Answer answer =
      client.ask(put_head("Transfer-Encoding: chunked\r\n") +
                 chunked(body, 9, "", "Connection: close\r\nContent-Length: 3\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.closes());
  EXPECT_EQ(client.ask(put("1234")).status, 200);
}

TEST(Messages, AreAnsweredInOrderWhenPipelined) {  // [HTTP-9]
  HttpWorld world;
  Client client = world.connect();
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    const std::string id = fmt::format("X-Request-Id: r{}\r\n", i);
    switch (i % 4) {
      case 0: requests += get("/healthz", id); break;
      case 1: requests += put(fmt::format("{}", 1000 + i), id); break;
      case 2: requests += "\r\n" + get("/nowhere", id); break;
      default:
        requests += put_head(id + "Transfer-Encoding: chunked\r\n") +
                    chunked(put_body(fmt::format("{}", 1000 + i)), 30);
    }
  }
  client.send(requests);
  for (int i = 0; i < 200; ++i) {
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->field("x-request-id"), fmt::format("r{}", i));
    EXPECT_EQ(answer->status, i % 4 == 2 ? 404 : 200);
  }
}

TEST(Messages, OfManyConnectionsShareATurn) {  // [HTTP-9]
  HttpWorld world;
  std::vector<std::unique_ptr<Client>> clients;
  world.hold_turns(true);
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<Client>(world.port()));
    clients.back()->send(put(fmt::format("{}", 2000 + i)) + get("/healthz"));
  }
  world.settle();
  for (const auto& client : clients) {
    EXPECT_FALSE(client->has_news());
  }
  world.hold_turns(false);
  world.settle();
  for (const auto& client : clients) {
    EXPECT_EQ(client->read().value_or(Answer{}).body, updated);
    EXPECT_EQ(client->read().value_or(Answer{}).status, 200);
  }
}

TEST(Messages, WaitForALateAdmission) {  // [HTTP-9]
  HttpWorld world;
  Client client = world.connect();
  world.defer_admissions();
  client.send(put("1234", "X-Request-Id: first\r\n") + get("/healthz", "X-Request-Id: second\r\n"));
  world.settle();
  EXPECT_FALSE(client.has_news());
  world.release_admissions();
  EXPECT_EQ(client.read().value_or(Answer{}).field("x-request-id"), "first");
  EXPECT_EQ(client.read().value_or(Answer{}).field("x-request-id"), "second");
}

TEST(Messages, MayBeAbandonedAtAnyPoint) {  // [HTTP-9]
  HttpWorld world;
  const std::string request = put("1234");
  for (std::size_t at = 0; at <= request.size(); at += 11) {
    Client client = world.connect();
    client.send(std::string_view(request).substr(0, at));
  }
  world.hold_turns(true);
  world.connect().send(request);
  world.settle();
  world.hold_turns(false);
  world.defer_admissions();
  world.connect().send(request);
  world.settle();
  world.release_admissions();
  Client witness = world.connect();
  world.wait_for_connections(witness, 1);
}

TEST(Messages, AreAnsweredToAClientThatOnlyReads) {  // [HTTP-13]
  HttpWorld world;
  Client client = world.connect();
  client.send(put("1234") + get("/healthz"));
  client.finish_sending();
  EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
  EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Messages, ThatAreUnfinishedGetNoAnswerWhenTheClientEnds) {  // [HTTP-7]
  HttpWorld world;
  for (const std::string& bytes :
       {std::string("GET / HT"), put("1234").substr(0, 200), std::string("\r\n"), std::string()}) {
    Client client = world.connect();
    client.send(bytes);
    client.finish_sending();
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(LargeAnswers, AreSentInPieces) {  // [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  // Far more answers than the kernel keeps for a client that does not read.
  std::string requests;
  const std::string request = get("/metrics");
  client.send(request);
  const std::size_t size = client.read().value_or(Answer{}).body.size();
  const int count = static_cast<int>(8'000'000 / (size + 1)) + 10;
  for (int i = 0; i < count; ++i) {
    requests += request;
  }
  client.send(requests);
  client.finish_sending();
  for (int i = 0; i < count; ++i) {
    const auto answer = client.read();
    ASSERT_TRUE(answer) << i << " of " << count;
    EXPECT_EQ(answer->status, 200);
  }
  EXPECT_TRUE(client.is_closed());
}

// --- metrics -------------------------------------------------------------------------------------

TEST(Numbers, CountAnswersByRouteMethodAndStatus) {
  HttpWorld world;
  Client client = world.connect();
  client.ask(put("1234"));
  client.ask(put("1234"));
  client.ask(get("/nowhere"));
  const std::string text = world.metrics();
  const auto holds = [&text](std::string_view line) {
    return text.find(line) != std::string::npos;
  };
  EXPECT_TRUE(
      holds("ringbook_http_requests_total{route=\"/user/update-rcextension\",method=\"PUT\","
            "status=\"200\"} 2\n"))
      << text;
  EXPECT_TRUE(
      holds("ringbook_http_requests_total{route=\"other\",method=\"GET\",status=\"404\"} 1\n"))
      << text;
  EXPECT_TRUE(holds("ringbook_http_request_duration_seconds_count 3\n")) << text;
  EXPECT_TRUE(holds("ringbook_http_connections 1\n")) << text;
  EXPECT_TRUE(holds("ringbook_http_framing_disagreements_total 0\n")) << text;
}

}  // namespace
}  // namespace ringbook::test
