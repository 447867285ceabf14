// What bounds a connection: deadlines, the cap, errors of accept, sizes.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "http/http_world.h"

namespace ringbook::test {
namespace {

using namespace std::chrono_literals;

// --- deadlines -----------------------------------------------------------------------------------

TEST(Deadlines, EndAnIdleConnectionWithoutAWord) {  // [HTTP-10]
  HttpWorld world;
  Client fresh = world.connect();
  Client used = world.connect();
  Client blank = world.connect();  // An empty line is no request.
  EXPECT_EQ(used.ask(get("/healthz")).status, 200);
  blank.send("\r\n");
  world.settle();
  world.clock().advance(limits::idle_time);
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_TRUE(used.is_closed());
  EXPECT_TRUE(blank.is_closed());
}

TEST(Deadlines, OfAHeadAreNotMovedByDripping) {  // [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  const std::string head = get("/healthz", "X-Request-Id: lost\r\n");
  client.send(head.substr(0, 1));
  world.settle();
  for (std::size_t i = 1; i < 10; ++i) {
    world.clock().advance(limits::head_time / 10);
    client.send(head.substr(i, 1));
    world.settle();
    EXPECT_FALSE(client.has_news());
  }
  world.clock().advance(limits::head_time / 10);
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_TRUE(answer->closes());
  EXPECT_TRUE(client.is_closed());
}

TEST(Deadlines, OfABodyAreNotMovedByDripping) {  // [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  client.send(put_head("Content-Length: 100\r\nX-Request-Id: slow\r\n"));
  world.settle();
  for (int i = 1; i < 10; ++i) {
    world.clock().advance(limits::body_time / 10);
    client.send("x");
    world.settle();
    EXPECT_FALSE(client.has_news());
  }
  world.clock().advance(limits::body_time / 10);
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_EQ(answer->field("x-request-id"), "slow");
  EXPECT_TRUE(client.is_closed());
}

TEST(Deadlines, EachBeginWithTheirOwnWait) {  // [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  const std::string request = put("1234");
  for (int i = 0; i < 3; ++i) {
    world.clock().advance(limits::idle_time - 1ms);
    client.send(request.substr(0, 5));
    world.settle();
    world.clock().advance(limits::head_time - 1ms);
    client.send(std::string_view(request).substr(5, request.size() - 10));
    world.settle();
    world.clock().advance(limits::body_time - 1ms);
    EXPECT_EQ(client.ask(request.substr(request.size() - 5)).status, 200);
  }
}

TEST(Deadlines, DoNotHoldForTheApi) {  // [HTTP-10]
  HttpWorld world;
  Client client = world.connect();
  world.defer_admissions();
  client.send(put("1234"));
  world.settle();
  world.clock().advance(limits::idle_time * 2);
  world.settle();
  world.release_admissions();
  EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
}

TEST(Deadlines, EndAClientThatDoesNotTakeItsAnswer) {  // [HTTP-10]
  HttpWorld world;
  auto client = std::make_unique<Client>(world.port());
  std::string requests;
  for (int i = 0; i < 5000; ++i) {
    requests += get("/metrics");
  }
  Client witness = world.connect();
  // Until the server stops reading, because its answers are not taken.
  std::thread sender([&client, &requests] { client->send(requests); });
  do {
    EXPECT_EQ(witness.ask(get("/healthz")).status, 200);
    world.clock().advance(limits::answer_time);
  } while (world.metrics().find("ringbook_http_connections 1\n") == std::string::npos);
  sender.join();
}

TEST(Deadlines, AreSettings) {  // [HTTP-10]
  HttpWorld world({.head_time = 1s, .body_time = 2s, .idle_time = 3s});
  Client idle = world.connect();
  Client head = world.connect();
  Client body = world.connect();
  head.send("GET");
  body.send(put_head("Content-Length: 9\r\n"));
  world.settle();
  world.clock().advance(1s);
  EXPECT_EQ(head.read().value_or(Answer{}).status, 408);
  world.settle();
  EXPECT_FALSE(body.has_news());
  world.clock().advance(1s);
  EXPECT_EQ(body.read().value_or(Answer{}).status, 408);
  world.settle();
  EXPECT_FALSE(idle.has_news());
  world.clock().advance(1s);
  EXPECT_TRUE(idle.is_closed());
}

// --- bounds --------------------------------------------------------------------------------------

TEST(ConnectionCap, MakesNewcomersWait) {  // [HTTP-15]
  HttpWorld world({.connections = 2});
  auto first = std::make_unique<Client>(world.port());
  Client second = world.connect();
  EXPECT_EQ(first->ask(get("/healthz")).status, 200);
  EXPECT_EQ(second.ask(get("/healthz")).status, 200);
  Client third = world.connect();
  third.send(get("/healthz"));
  EXPECT_EQ(second.ask(get("/healthz")).status, 200);
  EXPECT_FALSE(third.has_news());
  first.reset();
  EXPECT_EQ(third.read().value_or(Answer{}).status, 200);
}

// The descriptor of this process that listens on `port`.
int listening_descriptor(std::uint16_t port) {
  constexpr int descriptors_looked_at = 4096;
  for (int descriptor = 0; descriptor < descriptors_looked_at; ++descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 1 &&
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) == 0 &&
        ntohs(address.sin_port) == port) {
      return descriptor;
    }
  }
  return -1;
}

// While it lives, accept(2) fails on a listening socket: its descriptor is one of another kind. To
// use up all descriptors instead would take them from the sanitizers too.
class FailingAccept {
 public:
  explicit FailingAccept(int descriptor)
      : descriptor_(descriptor),
        kept_(::dup(descriptor)),
        other_(::socket(AF_INET, SOCK_STREAM, 0)) {
    ::dup2(other_, descriptor_);
  }
  ~FailingAccept() {
    ::dup2(kept_, descriptor_);
    ::close(kept_);
    ::close(other_);
  }
  FailingAccept(const FailingAccept&) = delete;

 private:
  int descriptor_;
  int kept_;
  int other_;
};

TEST(AcceptErrors, BackOffAndRecover) {  // [HTTP-15]
  HttpWorld world;
  Client witness = world.connect();
  EXPECT_EQ(witness.ask(get("/healthz")).status, 200);
  std::unique_ptr<FailingAccept> failing;
  std::unique_ptr<Client> newcomer;
  world.on_loop([&] {
    newcomer = std::make_unique<Client>(world.port());
    newcomer->send(get("/healthz"));
    failing = std::make_unique<FailingAccept>(listening_descriptor(world.port()));
  });
  while (world.metrics().find("ringbook_http_accept_errors_total 0\n") != std::string::npos) {
    EXPECT_EQ(witness.ask(put("1234")).status, 200);
  }
  EXPECT_FALSE(newcomer->has_news());
  world.on_loop([&failing] { failing.reset(); });
  EXPECT_EQ(newcomer->read().value_or(Answer{}).status, 200);
}

TEST(Limits, HoldOnTheWire) {  // [HTTP-11]
  HttpWorld world;
  Client client = world.connect();
  const auto padded = [](std::size_t octets) {
    std::string body = put_body("1234");
    body += std::string(octets - body.size(), ' ');
    return put_head(fmt::format("Content-Length: {}\r\n", octets)) + body;
  };
  EXPECT_EQ(client.ask(padded(limits::body_bytes - 1)).status, 200);
  EXPECT_EQ(client.ask(padded(limits::body_bytes)).status, 200);
  EXPECT_EQ(client.ask(padded(limits::body_bytes + 1)).status, 413);
  EXPECT_TRUE(client.is_closed());

  for (const auto& [octets, status] : {std::pair{limits::head_bytes - 1, 200},
                                       {limits::head_bytes, 200},
                                       {limits::head_bytes + 1, 431}}) {
    Client other = world.connect();
    const std::size_t frame = get("/healthz", "X: \r\n").size();
    const std::string head = get("/healthz", "X: " + std::string(octets - frame, 'x') + "\r\n");
    ASSERT_EQ(head.size(), octets);
    EXPECT_EQ(other.ask("\r\n" + head).status, status) << octets;
  }
}

}  // namespace
}  // namespace ringbook::test
