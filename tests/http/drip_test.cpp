// Slow clients, beyond the plain cases of bounds_test.cpp: no way of dripping bytes, or of taking
// them, moves a deadline, and what comes of it is one answer or none. Time moves by hand.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/http_world.h"

namespace ringbook::test {
namespace {

using namespace std::chrono_literals;

// Sends `bytes` piece by piece over all but the last of ten parts of `time`; nothing may be
// answered meanwhile. Then the time is over.
void drip(HttpWorld& world, Client& client, const std::vector<std::string>& bytes,
          std::chrono::milliseconds time) {
  for (std::size_t i = 1; i < 10; ++i) {
    world.clock().advance(time / 10);
    client.send(bytes[(i - 1) % bytes.size()]);
    world.settle();
    EXPECT_FALSE(client.has_news()) << "after " << i << " parts of the time";
  }
  world.clock().advance(time / 10);
}

void expect_late(Client& client, const std::string& name) {
  const auto answer = client.read();
  ASSERT_TRUE(answer) << name;
  EXPECT_EQ(answer->status, 408) << name;
  EXPECT_TRUE(answer->body.contains("REQUEST_TIMEOUT")) << name;
  EXPECT_TRUE(answer->closes()) << name;
  EXPECT_TRUE(client.is_closed()) << name;
}

TEST(Dripping, DoesNotMoveTheDeadlineOfAHead) {  // [HTTP-10]
  const std::pair<std::string, std::vector<std::string>> ways[] = {
      {"G", {"E"}},
      {"\r\nG", {"E"}},
      {"GET /", {"x"}},
      {"GET / HTTP/1.1\r\n", {"X: y\r\n"}},
      {"GET / HTTP/1.1\r\nX: ", {"y"}},
      {"GET / HTTP/1.1\r\nHost: a\r\n\r", {""}},
  };
  for (const auto& [begin, rest] : ways) {
    HttpWorld world;
    Client client = world.connect();
    client.send(begin);
    world.settle();
    drip(world, client, rest, limits::head_time);
    ASSERT_NO_FATAL_FAILURE(expect_late(client, begin));
  }
}

TEST(Dripping, DoesNotMoveTheDeadlineOfABody) {  // [HTTP-8] [HTTP-10]
  const std::string length = "Content-Length: 100\r\n";
  const std::string chunks = "Transfer-Encoding: chunked\r\n";
  const std::pair<std::string, std::vector<std::string>> ways[] = {
      {put_head(length), {"x"}},
      {put_head(chunks), {"1\r\nx\r\n"}},
      {put_head(chunks), {"1", "\r", "\n", "x", "\r", "\n"}},
      {put_head(chunks) + "50\r\n", {"x"}},
      {put_head(chunks) + "1;", {"e"}},
      {put_head(chunks) + "0\r\n", {"X: y\r\n"}},
      {put_head(chunks) + "0\r\nX:", {"y"}},
      {put_head(chunks) + "0\r\n\r", {""}},
      // Of a head that was refused, and of one that has no use for a body.
      {stranger(length), {"x"}},
      {stranger(chunks), {"1\r\nx\r\n"}},
      {get("/healthz", length), {"x"}},
      {get("/nowhere", chunks), {"1\r\nx\r\n"}}};
  for (const auto& [begin, rest] : ways) {
    HttpWorld world;
    Client client = world.connect();
    client.send(begin);
    world.settle();
    drip(world, client, rest, limits::body_time);
    ASSERT_NO_FATAL_FAILURE(expect_late(client, begin));
  }
}

TEST(Dripping, DoesNotMoveTheDeadlineAfterContinue) {  // [HTTP-8] [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  EXPECT_EQ(client.ask(put_head("Content-Length: 100\r\nExpect: 100-continue\r\n")).status, 100);
  world.settle();
  drip(world, client, {"x"}, limits::body_time);
  expect_late(client, "after 100");
}

TEST(Dripping, OfEmptyLinesIsNoMessage) {  // [HTTP-2] [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  client.send("\r");
  world.settle();
  world.clock().advance(limits::idle_time / 2);
  client.send("\n");
  world.settle();
  EXPECT_FALSE(client.has_news());
  world.clock().advance(limits::idle_time - limits::idle_time / 2);
  EXPECT_TRUE(client.is_closed());
}

TEST(Dripping, OfTheNextMessageCountsFromItsOwnBeginning) {  // [HTTP-9] [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  for (int i = 0; i < 5; ++i) {
    // The first octet of the second message comes with the first message.
    EXPECT_EQ(client.ask(put("1234") + "G").status, 200);
    world.settle();
    world.clock().advance(limits::head_time - 1ms);
    world.settle();
    EXPECT_EQ(client.ask(get("/healthz").substr(1)).status, 200);
  }
  EXPECT_EQ(client.ask(put("1234") + "G").status, 200);
  world.settle();
  drip(world, client, {""}, limits::head_time);
  expect_late(client, "the second message");
}

TEST(Dripping, OfOneClientHoldsUpNobodyElse) {  // [HTTP-10]
  HttpWorld world;
  std::vector<std::unique_ptr<Client>> slow;
  const std::string begins[] = {"G", put_head("Content-Length: 100\r\n"), get("/healthz") + "G",
                                stranger("Transfer-Encoding: chunked\r\n")};
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Client>(world.port()));
    slow.back()->send(begins[i % 4]);
  }
  Client client = world.connect();
  for (int i = 0; i < 100; ++i) {
    slow[static_cast<std::size_t>(2 * i)]->send("1");
    EXPECT_EQ(client.ask(put(fmt::format("{}", 1000 + i))).status, 200);
  }
  world.settle();
  // The latest of their deadlines; what is answered then lingers.
  world.clock().advance(limits::body_time);
  slow.clear();
  world.wait_for_connections(client, 1);
}

TEST(Lingering, IsNotExtendedByWhatStillComes) {  // [HTTP-7] [HTTP-10]
  HttpWorld world;
  Client witness = world.connect();
  Client client = world.connect();
  EXPECT_EQ(client.ask("x\n").status, 400);
  EXPECT_TRUE(client.is_closed());
  constexpr std::chrono::milliseconds time = limits::linger_time;
  for (int i = 1; i < 10; ++i) {
    world.clock().advance(time / 10);
    client.send("x");
    world.settle();
  }
  world.wait_for_connections(witness, 2);
  world.clock().advance(time / 10);
  world.wait_for_connections(witness, 1);
}

// How many requests for /metrics were answered, as the server counts them.
std::string answered(HttpWorld& world) {
  const std::string text = world.metrics();
  const std::size_t at = text.find("route=\"/metrics\"");
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

// Asks and takes no answer, until the server has input and goes no further.
void get_stuck(HttpWorld& world, Client& client) {
  std::string requests;
  for (int i = 0; i < 1000; ++i) {
    requests += get("/metrics");
  }
  std::size_t sent = 0;
  for (bool is_stuck = false; !is_stuck;) {
    const std::size_t taken = client.send_some(std::string_view(requests).substr(sent));
    sent = (sent + taken) % requests.size();
    const std::string before = answered(world);
    world.settle();
    is_stuck = taken == 0 && before == answered(world);
  }
}

TEST(UntakenAnswers, EndTheConnection) {  // [HTTP-10]
  HttpWorld world;
  Client witness = world.connect();
  Client client = world.connect();
  get_stuck(world, client);
  world.clock().advance(limits::answer_time - 1ms);
  world.settle();
  EXPECT_EQ(witness.ask(put("1234")).status, 200);
  world.wait_for_connections(witness, 2);
  world.clock().advance(1ms);
  world.wait_for_connections(witness, 1);
}

TEST(UntakenAnswers, AreNotTakenByOneOctetAtATime) {  // [HTTP-10]
  HttpWorld world;
  Client witness = world.connect();
  Client client = world.connect();
  get_stuck(world, client);
  for (int i = 1; i < 10; ++i) {
    world.clock().advance(limits::answer_time / 10);
    EXPECT_TRUE(client.take_octet());
    world.wait_for_connections(witness, 2);
  }
  world.clock().advance(limits::answer_time / 10);
  world.wait_for_connections(witness, 1);
}

TEST(UntakenAnswers, HoldUpNobodyElse) {  // [HTTP-10]
  HttpWorld world;
  Client first = world.connect();
  Client second = world.connect();
  get_stuck(world, first);
  get_stuck(world, second);
  Client client = world.connect();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.ask(put(fmt::format("{}", 1000 + i))).status, 200);
  }
  world.clock().advance(limits::answer_time);
  world.wait_for_connections(client, 1);
}

}  // namespace
}  // namespace ringbook::test
