// Starting and stopping: addresses, and what becomes of requests when the server is told to stop.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "http/http_world.h"

namespace ringbook::test {
namespace {

using namespace std::chrono_literals;

TEST(Listening, TakesOneFreePortOnBothLoopbacks) {
  HttpWorld world({}, {"localhost", 0});
  const std::vector<std::string> addresses = world.server().addresses();
  ASSERT_FALSE(addresses.empty());
  EXPECT_EQ(addresses.front(), "127.0.0.1");
  for (const std::string& address : addresses) {
    Client client(world.port(), address);
    EXPECT_EQ(client.ask(get("/healthz")).status, 200) << address;
  }
}

TEST(Listening, SaysWhichAddressIsInUse) {
  HttpWorld world;
  HttpWorld other;
  const auto again = other.server().listen({"127.0.0.1", world.port()});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::locked);
  EXPECT_NE(again.error().detail.find("127.0.0.1:" + std::to_string(world.port())),
            std::string::npos);
}

TEST(Listening, TakesAddressesOnly) {
  HttpWorld world;
  for (const auto* host : {"", "example.com", "127.0.0", "127.0.0.1:80", "[::1]"}) {
    const auto outcome = world.server().listen({host, 0});
    ASSERT_FALSE(outcome) << host;
    EXPECT_EQ(outcome.error().code, Errc::usage) << host;
  }
}

TEST(Drain, EndsIdleConnectionsAndTheServer) {  // [HTTP-16]
  HttpWorld world;
  Client fresh = world.connect();
  Client used = world.connect();
  EXPECT_EQ(used.ask(get("/healthz")).status, 200);
  world.server().stop();
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_TRUE(used.is_closed());
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

// A reload that comes while it ends publishes them once more.
TEST(Drain, KnowsItsAddressesToTheEnd) {  // [HTTP-16]
  HttpWorld world;
  const auto addresses = world.server().addresses();
  const auto port = world.server().port();
  ASSERT_FALSE(addresses.empty());
  world.server().stop();
  world.join();
  EXPECT_EQ(world.server().addresses(), addresses);
  EXPECT_EQ(world.server().port(), port);
}

TEST(Drain, AnswersWhatTheApiHas) {  // [HTTP-16]
  HttpWorld world;
  Client client = world.connect();
  world.hold_turns(true);
  client.send(put("1234"));
  world.settle();
  world.server().stop();
  world.hold_turns(false);
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(answer->closes());
  EXPECT_TRUE(client.is_closed());
  client.finish_sending();
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST(Drain, AnswersWhatWaitsInSockets) {  // [HTTP-16]
  HttpWorld world;
  Client client = world.connect();
  Client newcomer = world.connect();
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  // While the loop is busy, bytes and connections arrive and the stop is asked for.
  std::unique_ptr<Client> latest;
  world.on_loop([&] {
    client.send(put("1234"));
    newcomer.send(get("/nowhere"));
    latest = std::make_unique<Client>(world.port());
    latest->send(get("/healthz"));
    world.server().stop();
  });
  for (const auto& [who, status] :
       {std::pair{&client, 200}, {&newcomer, 404}, {latest.get(), 200}}) {
    const auto answer = who->read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_TRUE(answer->closes());
    EXPECT_TRUE(who->is_closed());
    who->finish_sending();
  }
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST(Drain, AnswersEveryPipelinedRequest) {  // [HTTP-16] [HTTP-9]
  HttpWorld world;
  Client client = world.connect();
  world.on_loop([&] {
    client.send(put("1234") + get("/healthz") + put("1235"));
    world.server().stop();
  });
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_FALSE(answer->closes());
  }
  const auto last = client.read();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 200);
  EXPECT_TRUE(last->closes());
  EXPECT_TRUE(client.is_closed());
}

TEST(Drain, AnswersARequestThatIsFinishedInTime) {  // [HTTP-16]
  HttpWorld world;
  Client client = world.connect();
  const std::string request = put("1234");
  client.send(request.substr(0, request.size() - 5));
  world.settle();
  world.server().stop();
  const Answer answer = client.ask(request.substr(request.size() - 5));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(client.is_closed());
  client.finish_sending();
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST(Drain, DropsUnfinishedRequestsAtItsDeadline) {  // [HTTP-16]
  HttpWorld world({.head_time = 100s, .body_time = 100s});
  Client head = world.connect();
  Client body = world.connect();
  head.send("GET /healthz HT");
  body.send(put_head("Content-Length: 100\r\n"));
  world.settle();
  world.server().stop();
  // The loop has seen the stop once a task that was posted later has run.
  world.on_loop([] {});
  world.on_loop([] {});
  EXPECT_FALSE(head.has_news());
  EXPECT_FALSE(body.has_news());
  world.clock().advance(limits::drain_time);
  EXPECT_TRUE(head.is_closed());
  EXPECT_TRUE(body.is_closed());
  world.join();
  EXPECT_TRUE(world.server().was_cut_short());
}

TEST(Drain, RefusesNewcomers) {  // [HTTP-16]
  HttpWorld world({.head_time = 100s});
  Client unfinished = world.connect();
  unfinished.send("GET");
  world.settle();
  const std::uint16_t port = world.port();
  world.server().stop();
  world.on_loop([] {});
  world.on_loop([] {});
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_NE(::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(probe);
}

TEST(Drain, WaitsForItsDelay) {  // [HTTP-16]
  HttpWorld world({.drain_delay = 5s});
  Client old = world.connect();
  EXPECT_EQ(old.ask(get("/readyz")).status, 200);
  world.server().stop();
  world.on_loop([] {});
  world.on_loop([] {});
  // Not ready, but serving: also newcomers, and their connections stay.
  EXPECT_EQ(old.ask(get("/readyz")).status, 503);
  Client newcomer = world.connect();
  EXPECT_FALSE(newcomer.ask(put("1234")).has("connection"));
  world.clock().advance(5s);
  EXPECT_TRUE(old.is_closed());
  EXPECT_TRUE(newcomer.is_closed());
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST(Drain, EndsAtOnceWhenToldTwice) {  // [HTTP-16]
  HttpWorld world;
  Client client = world.connect();
  world.hold_turns(true);
  client.send(put("1234"));
  world.settle();
  world.server().stop();
  world.server().stop();
  world.join();
  EXPECT_TRUE(world.server().was_cut_short());
  EXPECT_TRUE(client.is_closed());
}

TEST(Signals, DrainAndReload) {  // [HTTP-16]
  HttpWorld world;
  world.settle();  // The loop runs, so it has taken the signals.
  ::kill(::getpid(), SIGHUP);
  while (world.reloads() == 0) {
    world.settle();
  }
  for (const int signal : {SIGTERM, SIGINT}) {
    HttpWorld other;
    Client client = other.connect();
    EXPECT_EQ(client.ask(get("/healthz")).status, 200);
    other.on_loop([signal] { ::kill(::getpid(), signal); });
    EXPECT_TRUE(client.is_closed());
    other.join();
    EXPECT_FALSE(other.server().was_cut_short());
  }
}

}  // namespace
}  // namespace ringbook::test
