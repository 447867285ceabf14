// The server with keys of identity providers as they are in the world, which npm brings; and with a
// provider that is not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <memory>

#include "auth/test_keys.h"
#include "cli/cli_world.h"
#include "peers/hostile_peer.h"
#include "support/pattern.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const std::filesystem::path folder = std::filesystem::path(RINGBOOK_SOURCE_DIR) / "tests/peers";

constexpr std::string_view no_peers =
    "NOT TESTED: no identity providers; `script/setup --peers` installs them with npm";

std::string assign(const Serving& server, const std::string& extension, const std::string& token) {
  return curl({"-X", "PUT", server.url() + "/user/update-rcextension", "-H",
               "Content-Type: application/json", "-d",
               R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":")" + extension +
                   R"("}})"},
              token);
}

std::string get(const Serving& server, const std::string& path) {
  return curl({server.url() + path}, "none");
}

std::string member(const std::string& json, const std::string& name) {
  const Match found = match_in(json, "\"" + name + "\":\"([^\"]+)\"");
  return found.empty() ? "" : found[1];
}

// A provider that runs as long as this.
class Provider {
 public:
  explicit Provider(const std::string& script, const std::string& port = "0")
      : process_({.words = {folder / "node_modules/.bin/node", folder / script, port}}) {
    EXPECT_TRUE(process_.wait_for_err(" ready\n")) << process_.err();
    if (const Match said = match_in(process_.err(), R"(issuer (\S+:(\d+)) ready)"); !said.empty()) {
      issuer_ = said[1];
      port_ = said[2];
    }
  }

  const std::string& issuer() const { return issuer_; }
  const std::string& port() const { return port_; }

  // An access token, asked for with `more` of a form.
  std::string token(const Words& more) const {
    Words words{"curl",
                "--silent",
                "--noproxy",
                "*",
                "--max-time",
                "60",
                issuer_ + "/token",
                "--data",
                "grant_type=client_credentials"};
    for (const std::string& field : more) {
      words.insert(words.end(), {"--data-urlencode", field});
    }
    const Finished answer = run({.words = std::move(words)});
    const std::string token = member(answer.out, "access_token");
    EXPECT_NE(token, "") << answer.out;
    return token;
  }

 private:
  Process process_;
  std::string issuer_;
  std::string port_;
};

class ProviderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder / "node_modules/.bin/node")) {
      if (is_required("peers")) {
        FAIL() << no_peers << ", but RINGBOOK_REQUIRE names them";
      }
      GTEST_SKIP() << no_peers;
    }
    world_.add_people();
  }

  // A server that has the provider's keys.
  std::unique_ptr<Serving> serve(const Provider& provider) const {
    auto server = std::make_unique<Serving>(
        world_, Words{"--oidc-issuer", provider.issuer(), "--audience", "ringbook"});
    EXPECT_TRUE(server->process().wait_for_err(R"("event":"keys_fetched")"));
    return server;
  }

  const CliWorld world_;
};

std::string robots_token(const Provider& provider, const std::string& algorithm) {
  return provider.token(
      {"client_id=robot", "client_secret=robots-secret", "resource=urn:ringbook:" + algorithm});
}

// [KEY-1] [KEY-2] [JWS-3]
TEST_F(ProviderTest, IssuesTokensThatAreAcceptedInEveryAlgorithmOfItsKeys) {
  const Provider provider("oidc_provider.mjs");
  const auto server = serve(provider);
  EXPECT_EQ(get(*server, "/readyz"), "{\"status\":\"ready\"}\n200");
  int extension = 4001;
  for (const char* algorithm : {"RS256", "PS256", "ES256", "EdDSA"}) {
    EXPECT_THAT(assign(*server, std::to_string(extension++), robots_token(provider, algorithm)),
                EndsWith("\n200"))
        << algorithm;
  }
  EXPECT_EQ(server->stop(), 0);
}

// [KEY-3]
TEST_F(ProviderTest, MayBeAwayAndComeBackWithOtherKeys) {
  auto provider = std::make_unique<Provider>("oidc_provider.mjs");
  const std::string port = provider->port();
  const std::string old_token = robots_token(*provider, "ES256");
  const auto server = serve(*provider);
  provider.reset();
  server->process().signal(SIGHUP);
  ASSERT_TRUE(server->process().wait_for_err(R"("event":"keys_not_fetched")"));
  EXPECT_THAT(assign(*server, "4001", old_token), EndsWith("\n200"));
  EXPECT_EQ(get(*server, "/readyz"),
            "{\"status\":\"ready\",\"warnings\":[\"keys_not_fetched\"]}\n200");
  EXPECT_THAT(get(*server, "/metrics"),
              HasSubstr("ringbook_key_fetches_total{source=\"oidc-issuer\","
                        "outcome=\"unreachable\"} 1\n"));

  provider = std::make_unique<Provider>("oidc_provider.mjs", port);
  const std::string new_token = robots_token(*provider, "ES256");
  server->process().signal(SIGHUP);
  ASSERT_TRUE(server->process().wait_for_err(R"("event":"keys_fetched")", 2));
  EXPECT_EQ(get(*server, "/readyz"), "{\"status\":\"ready\"}\n200");
  EXPECT_THAT(assign(*server, "4002", old_token), EndsWith("\n401"));
  EXPECT_THAT(assign(*server, "4003", new_token), EndsWith("\n200"));
}

// [JWT-1] [JWT-2] [JWS-2] [JWS-5] [KEY-2]
TEST_F(ProviderTest, CannotMakeAnAdministratorWithForgedClaims) {
  const Provider provider("mock_server.mjs");
  const auto server = serve(provider);
  const auto answer_to = [&](const std::string& claims, const std::string& header = "{}") {
    const std::string token = provider.token({"claims=" + claims, "header=" + header});
    return assign(*server, "4001", token);
  };
  const std::string good = R"("sub":"ada","role":"admin","aud":"ringbook")";
  EXPECT_THAT(answer_to("{" + good + "}"), EndsWith("\n200"));
  for (const char* forged :
       {R"("iss":"http://127.0.0.1:1")", R"("iss":null)", R"("aud":"another")", R"("aud":null)",
        R"("role":"user")", R"("role":null)", R"("role":["user"])", R"("role":true)", R"("exp":1)",
        R"("exp":null)", R"("exp":"9999999999")", R"("nbf":9999999999)", R"("iat":9999999999)",
        R"("sub":null)", R"("sub":"")", R"("sub":7)"}) {
    EXPECT_THAT(answer_to("{" + good + "," + forged + "}"), EndsWith("\n401")) << forged;
  }
  for (const char* header : {R"({"kid":"another"})", R"({"typ":"logout+jwt"})"}) {
    EXPECT_THAT(answer_to("{" + good + "}", header), EndsWith("\n401")) << header;
  }
}

// [KEY-3]
TEST(ServeWithoutKeys, ListensRefusesTokensAndSaysWhatIsTheMatter) {
  const CliWorld world;
  const HostilePeer silent([](PeerConnection& connection) { connection.has_ended(); });
  const HostilePeer wrong([](PeerConnection& connection) { connection.answer("<html>"); });
  Serving server(world, {"--jwks-url", silent.url("/keys"), "--oidc-issuer", wrong.url(""),
                         "--audience", "ringbook"});
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"keys_not_fetched")"));
  EXPECT_THAT(server.process().err(), HasSubstr(R"("source":"oidc-issuer")"));
  EXPECT_THAT(server.process().err(), HasSubstr("it is no JSON"));
  EXPECT_EQ(get(server, "/readyz"), "{\"status\":\"not ready\",\"reasons\":[\"no_keys\"]}\n503");
  EXPECT_THAT(get(server, "/healthz"), EndsWith("\n200"));
  EXPECT_THAT(get(server, "/metrics"),
              HasSubstr("ringbook_keys_age_seconds{source=\"jwks-url\"} "));
  const std::string token =
      p256_key().token(Algorithm::es256, R"({"alg":"ES256","kid":"k"})",
                       R"({"sub":"ada","role":"admin","aud":"ringbook","iss":")" + wrong.url("") +
                           R"(","exp":)" + std::to_string(std::time(nullptr) + 300) + "}");
  EXPECT_THAT(assign(server, "4001", token), EndsWith("\n401"));
  EXPECT_EQ(server.stop(), 0);
}

// [KEY-1] [KEY-2]
TEST(ServeWithRemoteKeys, TakesThemFromAPlainUrlOnThisMachine) {
  const CliWorld world;
  world.add_people();
  const HostilePeer peer([](PeerConnection& connection) {
    connection.answer(jwk_set({p256_key().jwk(R"("kid":"k")")}));
  });
  Serving server(world, {"--jwks-url", peer.url("/keys"), "--audience", "ringbook"});
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"keys_fetched","source":"jwks-url")"));
  const std::string token =
      p256_key().token(Algorithm::es256, R"({"alg":"ES256","kid":"k"})",
                       R"({"sub":"ada","role":"admin","aud":"ringbook","exp":)" +
                           std::to_string(std::time(nullptr) + 300) + "}");
  EXPECT_THAT(assign(server, "4001", token), EndsWith("\n200"));
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace ringbook::test
