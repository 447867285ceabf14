// Fetching keys from peers that are slow, broken or hostile, over real sockets. What is asserted is
// the outcome: that a fetch ends, how, and what the peer never got to see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "auth/key_fetcher.h"
#include "auth/test_keys.h"
#include "auth/web_client.h"
#include "base/loop.h"
#include "peers/hostile_peer.h"
#include "support/temporary_folder.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

// So short that a peer without end is given up soon, and so long that a good one on a busy machine
// is not.
constexpr std::chrono::milliseconds short_time(300);
constexpr std::chrono::seconds long_time(60);
constexpr std::chrono::seconds patience(60);

Url url_of(const HostilePeer& peer, std::string_view path = "/") {
  return parse_web_url(peer.url(path)).value();
}

class WebClientTest : public testing::Test {
 protected:
  WebClientTest() { std::signal(SIGPIPE, SIG_IGN); }

  // How fetching from such a peer fails, when time is not what ends it.
  static Error failure_of(HostilePeer::Behaviour behaviour,
                          WebBounds bounds = {.time = long_time}) {
    const HostilePeer peer(std::move(behaviour));
    return failure_of(peer, std::move(bounds));
  }
  static Error failure_of(const HostilePeer& peer, WebBounds bounds = {.time = long_time}) {
    const auto got = WebClient(std::move(bounds)).get(url_of(peer));
    EXPECT_FALSE(got);
    return got ? Error{} : got.error();
  }
  static Errc slow_failure_of(HostilePeer::Behaviour behaviour) {
    const Error error = failure_of(std::move(behaviour), {.time = short_time});
    EXPECT_THAT(error.detail, HasSubstr("timed out"));
    return error.code;
  }
};

// [KEY-2]
TEST_F(WebClientTest, GivesTheBodyOfA200) {
  std::string head;
  const HostilePeer peer([&](PeerConnection& connection) {
    head = connection.read_head();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkeys");
  });
  EXPECT_EQ(WebClient({}).get(url_of(peer, "/a/keys?x=1")), "keys");
  EXPECT_THAT(head, testing::StartsWith("GET /a/keys?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(head,
              testing::ContainsRegex("\r\nUser-Agent: ringbook/[0-9]+\\.[0-9]+\\.[0-9]+\r\n"));
}

// [KEY-2]
TEST_F(WebClientTest, FollowsNoRedirect) {
  const HostilePeer other([](PeerConnection& connection) { connection.answer("keys"); });
  for (const char* status : {"301 Moved", "302 Found", "303 See Other", "307 T", "308 P"}) {
    const Error error = failure_of([&](PeerConnection& connection) {
      connection.answer("", status, "Location: " + other.url() + "\r\n");
    });
    EXPECT_EQ(error.code, Errc::invalid);
    EXPECT_THAT(error.detail, HasSubstr("redirects are not followed"));
  }
  EXPECT_EQ(other.connections(), 0);
}

// [KEY-2]
TEST_F(WebClientTest, TakesNoOtherStatusForAnAnswer) {
  for (const char* status :
       {"201 Created", "204 No Content", "404 Not Found", "500 Oh", "503 No"}) {
    const Error error =
        failure_of([&](PeerConnection& connection) { connection.answer("", status); });
    EXPECT_EQ(error.code, Errc::invalid);
    EXPECT_THAT(error.detail, HasSubstr(std::string(status).substr(0, 3)));
  }
}

// [KEY-2]
TEST_F(WebClientTest, GivesUpAPeerThatSaysNothing) {
  EXPECT_EQ(slow_failure_of([](PeerConnection& connection) { connection.has_ended(); }),
            Errc::unavailable);
}

// [KEY-2]
TEST_F(WebClientTest, GivesUpAPeerThatDrips) {
  const auto drip = [](PeerConnection& connection, std::string_view drop) {
    constexpr int pace_ms = 5;
    while (!connection.has_ended(pace_ms) && connection.send(drop)) {
    }
  };
  EXPECT_EQ(slow_failure_of([&](PeerConnection& connection) {
              connection.read_head();
              connection.send("HTTP/1.1 200 OK\r\nX: ");
              drip(connection, "x");
            }),
            Errc::unavailable);
  EXPECT_EQ(slow_failure_of([&](PeerConnection& connection) {
              connection.read_head();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              drip(connection, " ");
            }),
            Errc::unavailable);
}

// [KEY-2]
TEST_F(WebClientTest, BreaksOffWhatIsTooLarge) {
  const std::string part(64 * 1024, 'x');
  const auto flood = [&](PeerConnection& connection, std::string_view start,
                         std::string_view more) {
    connection.read_head();
    connection.send(start);
    while (connection.send(more)) {
    }
  };
  const std::string chunk = "10000\r\n" + part + "\r\n";
  const std::string field = "X: " + std::string(1000, 'x') + "\r\n";
  for (const auto& [start, more] : std::vector<std::pair<std::string, std::string>>{
           {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", part},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk},
           {"HTTP/1.1 200 OK\r\n\r\n", part},
           {"HTTP/1.1 200 OK\r\n", field},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", field},
           {"", "HTTP/1.1 100 Continue\r\n\r\n"}}) {
    const Error error =
        failure_of([&](PeerConnection& connection) { flood(connection, start, more); },
                   {.time = long_time, .bytes = part.size()});
    EXPECT_EQ(error.code, Errc::invalid) << start;
    EXPECT_THAT(error.detail, HasSubstr("more than 65536 bytes")) << start;
  }
  // What has just the size that is allowed is taken.
  const std::string body(1024, ' ');
  const HostilePeer peer([&](PeerConnection& connection) {
    connection.read_head();
    connection.send("HTTP/1.1 200 OK\r\n\r\n" + body);
  });
  const std::size_t whole = body.size() + std::string_view("HTTP/1.1 200 OK\r\n\r\n").size();
  EXPECT_EQ(WebClient({.bytes = whole}).get(url_of(peer)), body);
  EXPECT_FALSE(WebClient({.bytes = whole - 1}).get(url_of(peer)));
}

// [KEY-2]
TEST_F(WebClientTest, TakesNoHalfOfADocument) {
  EXPECT_EQ(failure_of([](PeerConnection& connection) {
              connection.read_head();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}");
            }).code,
            Errc::unavailable);
  EXPECT_EQ(failure_of([](PeerConnection& connection) {
              connection.read_head();
              connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
            }).code,
            Errc::unavailable);
  EXPECT_EQ(failure_of([](PeerConnection& connection) { connection.read_head(); }).code,
            Errc::unavailable);
  EXPECT_EQ(failure_of([](PeerConnection&) {}).code, Errc::unavailable);
}

// [KEY-2]
TEST_F(WebClientTest, TakesNothingThatIsNotHttp) {
  for (const char* garbage :
       {"keys\n", "SSH-2.0-peer\r\n", "{\"keys\":[]}", "HTTP/9.9 200 OK\r\n\r\n",
        "\x16\x03\x01\x02", "HTTP/1.1 abc\r\n\r\n"}) {
    EXPECT_EQ(failure_of([&](PeerConnection& connection) {
                connection.read_head();
                connection.send(garbage);
              }).code,
              Errc::unavailable)
        << garbage;
  }
}

// [KEY-2]
TEST_F(WebClientTest, UnpacksNothing) {
  const HostilePeer peer([](PeerConnection& connection) {
    connection.answer("packed", "200 OK", "Content-Encoding: gzip\r\n");
  });
  EXPECT_EQ(WebClient({}).get(url_of(peer)), "packed");
}

// [KEY-2]
TEST_F(WebClientTest, UsesNoProxyOfTheEnvironment) {
  const HostilePeer proxy([](PeerConnection& connection) { connection.answer("the proxy's"); });
  const HostilePeer peer([](PeerConnection& connection) { connection.answer("the peer's"); });
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    setenv(name, proxy.url().c_str(), 1);
  }
  EXPECT_EQ(WebClient({}).get(url_of(peer)), "the peer's");
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    unsetenv(name);
  }
  EXPECT_EQ(proxy.connections(), 0);
}

// [KEY-2]
TEST_F(WebClientTest, SaysThatNobodyIsThere) {
  std::optional<Url> gone;
  {
    const HostilePeer peer([](PeerConnection&) {});
    gone = url_of(peer, "/keys?secret=1");
  }
  const auto got = WebClient({}).get(*gone);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::unavailable);
  EXPECT_THAT(got.error().detail, HasSubstr("http://127.0.0.1:"));
  EXPECT_THAT(got.error().detail, testing::Not(HasSubstr("secret")));
}

// [KEY-2]
TEST_F(WebClientTest, EndsAtOnceWhenItIsCancelled) {
  WebClient client({.time = long_time});
  const HostilePeer peer([&](PeerConnection& connection) {
    connection.read_head();
    client.cancel();
    connection.has_ended();
  });
  const auto got = client.get(url_of(peer));
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().detail, HasSubstr("the wait was ended"));
  EXPECT_FALSE(client.get(url_of(peer))) << "a later one ends, too";
}

class TlsPeerTest : public WebClientTest {
 protected:
  WebBounds trusting(const Certificate& certificate) const {
    return {.ca_file = folder_.write("ca.pem", certificate.pem())};
  }
  static void answer(PeerConnection& connection) { connection.answer("keys"); }
  TemporaryFolder folder_;
};

// [KEY-2]
TEST_F(TlsPeerTest, IsBelievedWithACertificateThatIsTrustedAndItsOwn) {
  const Certificate own = Certificate::of("127.0.0.1");
  const HostilePeer peer(answer, &own);
  EXPECT_EQ(WebClient(trusting(own)).get(url_of(peer)), "keys");
}

// [KEY-2]
TEST_F(TlsPeerTest, IsNotAskedForAnythingWithAnotherCertificate) {
  std::atomic<bool> was_asked = false;
  const auto remember = [&](PeerConnection& connection) {
    was_asked = was_asked || !connection.read_head().empty();
  };
  const Certificate own = Certificate::of("127.0.0.1");
  const Certificate of_another = Certificate::of("keys.example.com");
  const Certificate expired = Certificate::of("127.0.0.1", true);
  {
    const HostilePeer untrusted(remember, &own);
    EXPECT_THAT(failure_of(untrusted).detail, HasSubstr("certificate"));
    EXPECT_EQ(failure_of(untrusted, trusting(of_another)).code, Errc::unavailable);
    const HostilePeer wrong_name(remember, &of_another);
    EXPECT_EQ(failure_of(wrong_name, trusting(of_another)).code, Errc::unavailable);
    const HostilePeer too_old(remember, &expired);
    EXPECT_EQ(failure_of(too_old, trusting(expired)).code, Errc::unavailable);
  }
  EXPECT_FALSE(was_asked);
}

// [KEY-2]
TEST_F(TlsPeerTest, IsNotBelievedWhenItSpeaksSomethingElse) {
  const auto failure_over_tls = [](HostilePeer::Behaviour behaviour, WebBounds bounds) {
    const HostilePeer peer(std::move(behaviour));
    const auto url = parse_web_url("https://127.0.0.1:" + std::to_string(peer.port()) + "/");
    const auto got = WebClient(std::move(bounds)).get(url.value());
    EXPECT_FALSE(got);
    return got ? Errc::internal : got.error().code;
  };
  EXPECT_EQ(failure_over_tls([](PeerConnection& c) { c.send("HTTP/1.1 200 OK\r\n\r\nkeys"); }, {}),
            Errc::unavailable);
  EXPECT_EQ(failure_over_tls([](PeerConnection& c) { c.send(std::string(5000, '\xff')); }, {}),
            Errc::unavailable);
  EXPECT_EQ(
      failure_over_tls([](PeerConnection& c) { c.has_ended(); }, {.connect_time = short_time}),
      Errc::unavailable);
}

class KeyFetcherTest : public WebClientTest {
 protected:
  // Fetches once.
  Result<JwkSet> fetch(KeyPlace place, WebBounds bounds = {}) {
    const auto fetcher = open_key_fetcher(std::move(place), every_algorithm(), loop_, bounds);
    std::optional<Result<JwkSet>> fetched;
    fetcher->begin([&](Result<JwkSet> keys) { fetched = std::move(keys); });
    while (!fetched && loop_.wait_one(patience)) {
    }
    return fetched ? *std::move(fetched) : fail(Errc::internal, "no answer");
  }
  Result<JwkSet> fetch_from_issuer(const HostilePeer& peer) {
    return fetch({.kind = KeyPlace::Kind::issuer, .url = parse_issuer(peer.url("")).value()});
  }
  static std::string document(const std::string& issuer, const std::string& jwks_uri) {
    return R"({"issuer":")" + issuer + R"(","jwks_uri":")" + jwks_uri + "\"}";
  }

  QueueLoop loop_;
};

// [KEY-2]
TEST_F(KeyFetcherTest, FindsTheKeysOfAnIssuer) {
  HostilePeer* self = nullptr;
  std::string asked;
  HostilePeer peer([&](PeerConnection& connection) {
    const std::string head = connection.read_head();
    asked += head.substr(0, head.find(" HTTP/"));
    const bool is_set = head.starts_with("GET /keys ");
    const std::string body =
        is_set ? jwk_set({p256_key().jwk()}) : document(self->url(""), self->url("/keys"));
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
  });
  self = &peer;
  const auto fetched = fetch_from_issuer(peer);
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_EQ(fetched->keys.size(), 1U);
  EXPECT_EQ(asked, "GET /.well-known/openid-configurationGET /keys");
}

// [KEY-2]
TEST_F(KeyFetcherTest, GoesNowhereForAnIssuerThatIsNotTheConfiguredOne) {
  const HostilePeer other(
      [](PeerConnection& connection) { connection.answer(jwk_set({p256_key().jwk()})); });
  HostilePeer* self = nullptr;
  std::string body;
  HostilePeer peer([&](PeerConnection& connection) { connection.answer(body); });
  self = &peer;
  for (const std::string& hostile :
       {document(self->url("/"), self->url("/keys")), document(other.url(""), other.url("/keys")),
        document(self->url(""), other.url("/keys")), document(self->url(""), "file:///etc/passwd"),
        std::string("<html>")}) {
    body = hostile;
    const auto fetched = fetch_from_issuer(peer);
    ASSERT_FALSE(fetched) << hostile;
    EXPECT_EQ(fetched.error().code, Errc::invalid);
    EXPECT_THAT(fetched.error().detail, HasSubstr(peer.url("/.well-known/openid-configuration")));
  }
  EXPECT_EQ(other.connections(), 0);
}

// [KEY-2] [JWS-4]
TEST_F(KeyFetcherTest, RefusesWhatIsNoSetOfKeys) {
  for (const std::string& body :
       {std::string("<html>"), std::string(), std::string("[]"), std::string(R"({"keys":[]})"),
        jwk_set({p256_key().jwk(), oct_jwk(std::string(64, 'k'))})}) {
    const HostilePeer peer([&](PeerConnection& connection) { connection.answer(body); });
    const auto fetched = fetch({.kind = KeyPlace::Kind::key_set, .url = url_of(peer)});
    ASSERT_FALSE(fetched) << body;
    EXPECT_EQ(fetched.error().code, Errc::invalid) << body;
  }
}

// [KEY-2]
TEST_F(KeyFetcherTest, IsGoneAtOnceThoughItsPeerIsSilent) {
  const HostilePeer peer([](PeerConnection& connection) { connection.has_ended(); });
  auto fetcher = open_key_fetcher({.kind = KeyPlace::Kind::key_set, .url = url_of(peer)},
                                  every_algorithm(), loop_, {.time = std::chrono::hours(1)});
  bool has_come = false;
  fetcher->begin([&](Result<JwkSet>) { has_come = true; });
  fetcher.reset();
  while (loop_.run_one()) {
  }
  EXPECT_FALSE(has_come);
}

}  // namespace
}  // namespace ringbook::test
