// HTTP through TLS: what is the same, and what only TLS can do wrong.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <list>
#include <random>
#include <thread>

#include "http/https_world.h"
#include "http/tls_client.h"
#include "support/seed.h"

#ifdef __SANITIZE_ADDRESS__
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace ringbook::test {
namespace {

using namespace std::chrono_literals;

class Versions : public testing::TestWithParam<int> {
 protected:
  TlsWishes wishes() const { return {.least_version = GetParam(), .most_version = GetParam()}; }
};
INSTANTIATE_TEST_SUITE_P(Tls, Versions, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

// How many requests for the metrics were answered, as the metrics say it.
std::string answered(HttpsWorld& world) {
  const std::string text = world.metrics();
  const std::size_t begin = text.find("ringbook_http_requests_total{route=\"/metrics\"");
  return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
}

// --- handshakes ----------------------------------------------------------------------------------

TEST_P(Versions, CarryRequestsAndAnswers) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  EXPECT_EQ(client.version(), GetParam());
  EXPECT_EQ(client.server_certificate(), world.certificate.certificate);
  EXPECT_EQ(client.ask(put("1234")).status, 200);
  EXPECT_EQ(client.ask(get("/nowhere")).status, 404);
  EXPECT_TRUE(client.ask(get("/healthz", "Connection: close\r\n")).closes());
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(client.was_told_the_end());
}

TEST(Tls, RefusesOldVersions) {  // [HTTP-18]
  HttpsWorld world;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsClient client(world.port(), {.least_version = version, .most_version = version});
    EXPECT_FALSE(client.shake_hands());
    EXPECT_EQ(client.alert(), "tlsv1 alert protocol version");
    EXPECT_TRUE(client.is_closed());
  }
  EXPECT_NE(world.metrics().find("ringbook_http_tls_failures_total 2\n"), std::string::npos);
}

TEST(Tls, AgreesOnHttp11OrNothing) {  // [HTTP-18]
  using namespace std::string_view_literals;
  HttpsWorld world;
  TlsClient both(world.port(), {.protocols = "\x02h2\x08http/1.1"sv});
  ASSERT_TRUE(both.shake_hands());
  EXPECT_EQ(both.protocol(), "http/1.1");
  EXPECT_EQ(both.ask(get("/healthz")).status, 200);
  TlsClient other(world.port(), {.protocols = "\x02h2"sv});
  EXPECT_FALSE(other.shake_hands());
  EXPECT_EQ(other.alert(), "tlsv1 alert no application protocol");
}

TEST_P(Versions, DoNotRenegotiate) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  EXPECT_FALSE(client.renegotiates());
}

TEST_P(Versions, LeaveNothingToResume) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  EXPECT_FALSE(client.can_resume());
}

TEST_P(Versions, ShakeHandsByteByByte) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands(1));
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST_P(Versions, MeetTheDeadlineOfTheHandshakeWhileTheyDrip) {  // [HTTP-18] [HTTP-10]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  Client silent = world.connect();
  const std::string hello = client.begin_handshake();
  for (std::size_t i = 0; i < 9; ++i) {
    client.send_raw(hello.substr(i, 1));
    world.settle();
    world.clock().advance(limits::handshake_time / 10);
  }
  world.settle();
  EXPECT_FALSE(client.has_news());
  EXPECT_FALSE(silent.has_news());
  world.clock().advance(limits::handshake_time / 10);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(silent.is_closed());
}

TEST_P(Versions, BeginTheIdleTimeAfterTheHandshake) {  // [HTTP-18] [HTTP-10]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  Client silent = world.connect();
  world.settle();
  world.clock().advance(limits::handshake_time - 1ms);
  ASSERT_TRUE(client.shake_hands());
  world.settle();
  world.clock().advance(limits::idle_time - 1ms);
  EXPECT_TRUE(silent.is_closed()) << "deadlines were looked at";
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  world.settle();
  world.clock().advance(limits::idle_time);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(client.was_told_the_end());
}

TEST(Tls, ClosesOnPlainHttp) {  // [HTTP-18]
  HttpsWorld world;
  for (const std::string& bytes : {get("/healthz"), put("1234"), std::string("\r\n\r\n\r\n")}) {
    Client client = world.connect();
    client.send(bytes);
    client.finish_sending();
    EXPECT_LE(client.read_all().size(), 7U) << "at most an alert";
  }
  world.settle();
}

TEST(Tls, OutlivesGarbage) {  // [HTTP-18]
  HttpsWorld world;
  std::mt19937_64 random(seed());
  const std::string hello = TlsClient(world.port()).begin_handshake();
  for (int round = 0; round < 200; ++round) {
    std::string bytes = hello;
    if (round % 2 == 0) {
      bytes.resize(random() % 600);
      std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
    } else {
      for (auto flips = random() % 8 + 1; flips > 0; --flips) {
        bytes[random() % bytes.size()] ^= static_cast<char>(random() % 255 + 1);
      }
      bytes.resize(bytes.size() - random() % 3);
    }
    Client client = world.connect();
    client.send(bytes);
    client.finish_sending();
    client.read_all();
  }
  world.settle();
}

TEST_P(Versions, EndWithARecordThatIsNotOurs) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  std::string record = client.sealed(get("/healthz"));
  record.back() ^= 1;
  client.send_raw(record);
  EXPECT_TRUE(client.is_closed()) << "without an answer";
}

// --- messages ------------------------------------------------------------------------------------

TEST_P(Versions, MaySplitMessagesAnywhere) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  for (const char& byte : put("1234")) {
    client.send({&byte, 1});  // A record each.
  }
  EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
  for (const char& byte : client.sealed(put("1235"))) {
    client.send_raw({&byte, 1});  // One record, in pieces.
  }
  EXPECT_EQ(client.read().value_or(Answer{}).status, 200);
}

TEST_P(Versions, AnswerAFullRecordOfPipelinedRequests) {  // [HTTP-18] [HTTP-9]
  constexpr std::size_t record = 16 * 1024;
  constexpr int count = 300;
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  std::string requests;
  for (int i = 0; i < count; ++i) {
    requests += get("/healthz", fmt::format("X-Request-Id: r{}\r\n", i));
  }
  ASSERT_LE(requests.size(), record);
  ASSERT_GT(requests.size(), record / 8 * 7);
  client.send(requests);
  for (int i = 0; i < count; ++i) {
    const auto answer = client.read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->field("x-request-id"), fmt::format("r{}", i));
  }
}

TEST_P(Versions, WaitForAClientThatTakesItsAnswersLate) {  // [HTTP-18]
  constexpr int count = 3000;
  HttpsWorld world;
  auto client = std::make_unique<TlsClient>(world.port(), wishes());
  ASSERT_TRUE(client->shake_hands());
  std::string requests;
  for (int i = 0; i < count; ++i) {
    requests += get("/metrics");
  }
  const std::string sealed = client->sealed(requests);
  TlsClient witness(world.port());
  ASSERT_TRUE(witness.shake_hands());
  std::thread sender([&] { client->send_raw(sealed); });
  // Until the server no longer reads, because its answers are not taken.
  for (std::string before, now; before.empty() || before != now;) {
    before = now;
    world.settle();
    now = answered(world);
  }
  for (int i = 0; i < count; ++i) {
    const auto answer = client->read();
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->status, 200);
  }
  sender.join();
}

TEST_P(Versions, RefuseAndLinger) {  // [HTTP-18] [HTTP-7]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  client.send("GET / HTTP/1.1\n" + std::string(40'000, 'x'));
  client.send(std::string(40'000, 'x'));
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  EXPECT_TRUE(answer->closes());
  client.send("more");
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(client.was_told_the_end());
  world.clock().advance(limits::linger_time);
  world.settle();
}

TEST_P(Versions, AnswerAHeadThatIsLate) {  // [HTTP-18] [HTTP-10]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  ASSERT_TRUE(client.shake_hands());
  client.send("GET /");
  world.settle();
  world.clock().advance(limits::head_time);
  EXPECT_EQ(client.read().value_or(Answer{}).status, 408);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(client.was_told_the_end());
}

TEST_P(Versions, AnswerAClientThatHasSaidItsLast) {  // [HTTP-18]
  HttpsWorld world;
  for (const bool says_so : {true, false}) {
    TlsClient client(world.port(), wishes());
    ASSERT_TRUE(client.shake_hands());
    client.send(put("1234") + get("/healthz"));
    if (says_so) {
      client.send_raw(client.sealed_end());
    }
    client.finish_sending();
    EXPECT_EQ(client.read().value_or(Answer{}).status, 200) << says_so;
    EXPECT_EQ(client.read().value_or(Answer{}).status, 200) << says_so;
    EXPECT_TRUE(client.is_closed());
  }
}

// --- draining ------------------------------------------------------------------------------------

TEST_P(Versions, DrainLikePlainConnections) {  // [HTTP-18] [HTTP-16]
  HttpsWorld world;
  TlsClient idle(world.port(), wishes());
  TlsClient busy(world.port(), wishes());
  TlsClient late(world.port(), wishes());
  Client silent = world.connect();
  for (TlsClient* client : {&idle, &busy, &late}) {
    ASSERT_TRUE(client->shake_hands());
    EXPECT_EQ(client->ask(get("/healthz")).status, 200);
  }
  world.hold_turns(true);
  busy.send(put("1234"));
  world.settle();
  world.on_loop([&] {
    late.send(put("1235"));
    world.server().stop();
  });
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(idle.was_told_the_end());
  EXPECT_TRUE(silent.is_closed()) << "in the middle of its handshake";
  world.hold_turns(false);
  for (TlsClient* client : {&busy, &late}) {
    const auto answer = client->read();
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->closes());
    EXPECT_TRUE(client->is_closed());
    EXPECT_TRUE(client->was_told_the_end());
    client->finish_sending();
  }
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST_P(Versions, FinishTheirHandshakeForOneRequestWhileDraining) {  // [HTTP-18] [HTTP-16]
  HttpsWorld world;
  TlsClient waiting(world.port(), wishes());
  TlsClient halfway(world.port(), wishes());
  const std::string hello = halfway.begin_handshake();
  halfway.send_raw(hello.substr(0, hello.size() / 2));
  world.settle();
  std::unique_ptr<TlsClient> backlog;
  world.on_loop([&] {
    waiting.send_raw(waiting.begin_handshake());
    backlog = std::make_unique<TlsClient>(world.port(), wishes());
    backlog->send_raw(backlog->begin_handshake());
    world.server().stop();
  });
  // The loop has seen the stop once a task that was posted later has run.
  world.on_loop([] {});
  world.on_loop([] {});
  halfway.send_raw(hello.substr(hello.size() / 2));
  for (TlsClient* client : {&waiting, &halfway, backlog.get()}) {
    ASSERT_TRUE(client->shake_hands());
    world.on_loop([] {});
    const Answer answer = client->ask(get("/healthz"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.closes());
    EXPECT_TRUE(client->is_closed());
    EXPECT_TRUE(client->was_told_the_end());
    client->finish_sending();
  }
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST_P(Versions, AreIdleAfterTheirRequestWhileDraining) {  // [HTTP-18] [HTTP-16]
  HttpsWorld world;
  TlsClient client(world.port(), wishes());
  client.send_raw(client.begin_handshake());
  world.settle();
  world.server().stop();
  ASSERT_TRUE(client.shake_hands());
  // The empty line looks like the beginning of another request.
  client.send(get("/healthz") + "\r\n");
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(client.is_closed());
  client.finish_sending();
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

TEST_P(Versions, MeetTheDeadlineOfTheHandshakeWhileDraining) {  // [HTTP-18] [HTTP-16]
  HttpsWorld world({.handshake_time = 5s});
  TlsClient halfway(world.port(), wishes());
  TlsClient speechless(world.port(), wishes());
  const std::string hello = halfway.begin_handshake();
  halfway.send_raw(hello.substr(0, hello.size() / 2));
  speechless.send_raw(speechless.begin_handshake());
  world.settle();
  world.server().stop();
  ASSERT_TRUE(speechless.shake_hands());
  world.on_loop([] {});
  world.on_loop([] {});
  EXPECT_FALSE(halfway.has_news());
  EXPECT_FALSE(speechless.has_news());
  world.clock().advance(5s);
  EXPECT_TRUE(halfway.is_closed());
  EXPECT_TRUE(speechless.is_closed());
  world.join();
  EXPECT_FALSE(world.server().was_cut_short());
}

// --- certificates --------------------------------------------------------------------------------

TEST_P(Versions, TakeANewCertificateForNewConnections) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient old(world.port(), wishes());
  TlsClient between(world.port(), wishes());
  ASSERT_TRUE(old.shake_hands());
  const std::string hello = between.begin_handshake();
  between.send_raw(hello.substr(0, hello.size() / 2));
  world.settle();
  const Certificate next = make_certificate();
  EXPECT_TRUE(world.use(next));
  between.send_raw(hello.substr(hello.size() / 2));
  ASSERT_TRUE(between.shake_hands());
  EXPECT_EQ(between.server_certificate(), world.certificate.certificate);
  EXPECT_EQ(between.ask(get("/healthz")).status, 200);
  EXPECT_EQ(old.ask(put("1234")).status, 200);
  TlsClient fresh(world.port(), wishes());
  ASSERT_TRUE(fresh.shake_hands());
  EXPECT_EQ(fresh.server_certificate(), next.certificate);
  EXPECT_EQ(fresh.ask(get("/healthz")).status, 200);
}

TEST(Certificates, ThatAreBadLeaveTheOldOneInUse) {  // [HTTP-18]
  HttpsWorld world;
  const Certificate other = make_certificate();
  const std::string& good = other.certificate;
  for (const auto& [certificate, key, what] :
       {std::tuple<std::string, std::string, std::string_view>{"", other.key, "no certificate"},
        {"nonsense", other.key, "no certificate"},
        {other.key, other.key, "no certificate"},
        {good.substr(0, good.size() / 2), other.key, "no certificate"},
        {good + good.substr(0, good.size() / 2), other.key, "not whole"},
        {good, "", "no private key"},
        {good, good, "no private key"},
        {good, make_certificate().key, "not that of the certificate"},
        {good, make_certificate({.key_type = "ED25519"}).key, "not that of the certificate"}}) {
    const auto used = world.use({certificate, key});
    ASSERT_FALSE(used);
    EXPECT_EQ(used.error().code, Errc::usage);
    EXPECT_NE(used.error().detail.find(what), std::string::npos) << used.error().detail;
    TlsClient client(world.port());
    ASSERT_TRUE(client.shake_hands());
    EXPECT_EQ(client.server_certificate(), world.certificate.certificate);
  }
}

// Commands that were not told of a new key would take the server for somebody else.
TEST(Certificates, ThatCannotBePublishedLeaveTheOldOneInUse) {  // [HTTP-18]
  HttpsWorld world;
  std::string pin;
  const auto used = world.use(make_certificate(), [&](const std::string& told) {
    pin = told;
    return Result<void>(fail(Errc::no_space, "the disk is full"));
  });
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().code, Errc::no_space);
  EXPECT_TRUE(pin.starts_with("sha256//")) << pin;
  TlsClient client(world.port());
  ASSERT_TRUE(client.shake_hands());
  EXPECT_EQ(client.server_certificate(), world.certificate.certificate);
}

TEST(Certificates, BringTheirChainAlong) {  // [HTTP-18]
  HttpsWorld world;
  const Certificate next = make_certificate();
  EXPECT_TRUE(world.use({next.certificate + world.certificate.certificate, next.key}));
  TlsClient client(world.port());
  ASSERT_TRUE(client.shake_hands());
  EXPECT_EQ(client.server_certificate(), next.certificate);
  EXPECT_EQ(client.certificates(), 2);
}

// --- memory --------------------------------------------------------------------------------------

std::size_t allocated() {
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes();
#else
  return mallinfo2().uordblks;
#endif
}

TEST_P(Versions, CostLittleWhileIdle) {  // [HTTP-18] [HTTP-11]
  constexpr std::size_t count = 200;
  constexpr std::size_t bound = 64 * 1024;
  HttpsWorld world;
  world.settle();
  std::list<TlsClient> clients;
  const std::size_t before = allocated();
  for (std::size_t i = 0; i < count; ++i) {
    TlsClient& client = clients.emplace_back(world.port(), wishes());
    ASSERT_TRUE(client.shake_hands());
    EXPECT_EQ(client.ask(put("1234")).status, 200);
    client.forget();
  }
  EXPECT_LT((allocated() - before) / count, bound);
}

}  // namespace
}  // namespace ringbook::test
