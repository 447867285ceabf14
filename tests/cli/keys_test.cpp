// Where the server's keys come from, seen from outside: files, their faults, and reloading.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <ctime>

#include "auth/test_keys.h"
#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// What an identity provider would issue to an administrator of this service.
std::string issued_by(const SigningKey& key, Algorithm algorithm, std::string_view kid) {
  return key.token(algorithm,
                   R"({"alg":")" + std::string(name_of(algorithm)) + R"(","typ":"at+jwt","kid":")" +
                       std::string(kid) + R"("})",
                   R"({"sub":"ada","role":"admin","aud":"ringbook","exp":)" +
                       std::to_string(std::time(nullptr) + 300) + "}");
}

std::string assign(const Serving& server, const std::string& extension, const std::string& token) {
  return curl({"-X", "PUT", server.url() + "/user/update-rcextension", "-H",
               "Content-Type: application/json", "-d",
               R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":")" + extension +
                   R"("}})"},
              token);
}

// [KEY-1] [JWS-3]
TEST(KeysFromAFile, VerifyTheTokensOfWhoeverHasThePrivateOnes) {
  const CliWorld world;
  world.add_people();
  const std::string set = world.write(
      "keys.json", jwk_set({rsa_key().jwk(R"("kid":"r")"), p256_key().jwk(R"("kid":"e")"),
                            ed25519_key().jwk(R"("kid":"o")")}));
  const Serving server(world, {"--jwks-file", set, "--audience", "ringbook"});
  EXPECT_THAT(assign(server, "4001", issued_by(rsa_key(), Algorithm::ps256, "r")),
              testing::EndsWith("\n200"));
  EXPECT_THAT(assign(server, "4002", issued_by(p256_key(), Algorithm::es256, "e")),
              testing::EndsWith("\n200"));
  EXPECT_THAT(assign(server, "4003", issued_by(ed25519_key(), Algorithm::eddsa, "o")),
              testing::EndsWith("\n200"));
  EXPECT_THAT(assign(server, "4004", issued_by(other_rsa_key(), Algorithm::ps256, "r")),
              testing::EndsWith("\n401"));
}

// [JWS-1] [HTTP-11]
TEST(KeysFromAFile, VerifyATokenOf16KibibytesInAHead) {
  const CliWorld world;
  world.add_people();
  const std::string set = world.write("keys.json", jwk_set({p256_key().jwk()}));
  const Serving server(world, {"--jwks-file", set, "--audience", "ringbook"});
  const auto token_with = [](std::size_t filler) {
    return p256_key().token(Algorithm::es256, R"({"alg":"ES256"})",
                            R"({"sub":"ada","role":"admin","aud":"ringbook","groups":")" +
                                std::string(filler, 'g') + R"(","exp":)" +
                                std::to_string(std::time(nullptr) + 300) + "}");
  };
  std::size_t filler = 12'000;
  while (token_with(filler + 1).size() <= 16 * 1024) {
    ++filler;
  }
  EXPECT_THAT(assign(server, "4001", token_with(filler)), testing::EndsWith("\n200"));
  EXPECT_THAT(assign(server, "4002", token_with(filler + 1)), testing::EndsWith("\n401"));
}

// [KEY-1]
TEST(KeysFromAFile, AskForAnAudienceOrTheWordThatAnyWillDo) {
  const CliWorld world;
  const std::string set = world.write("keys.json", jwk_set({p256_key().jwk()}));
  const Finished refused = world.ringbook({"serve", "--listen", "127.0.0.1:0", "--jwks-file", set});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--audience"), HasSubstr("--audience any")));
  Serving server(world, {"--jwks-file", set, "--audience", "any"});
  EXPECT_EQ(server.stop(), 0);
}

// [KEY-1] [JWS-4]
TEST(KeysFromAFile, EndTheStartWhenNoneIsUsable) {
  const CliWorld world;
  const auto error_of = [&](const std::string& set) {
    const Finished finished = world.ringbook(
        {"serve", "--listen", "127.0.0.1:0", "--audience", "any", "--jwks-file", set});
    EXPECT_EQ(finished.exit_code, 2);
    return finished.err;
  };
  EXPECT_THAT(error_of(world.path("none.json")), HasSubstr(world.path("none.json")));
  EXPECT_THAT(error_of(world.write("weak.json", jwk_set({SigningKey::rsa(1024).jwk()}))),
              HasSubstr("weak.json"));
  const std::string open = world.write("open.json", jwk_set({oct_jwk(std::string(32, 'k'))}));
  std::filesystem::permissions(open, std::filesystem::perms{0644});
  EXPECT_THAT(error_of(open), HasSubstr("chmod 600 '" + open));
}

// [KEY-1]
TEST(KeysFromAFile, AreReadAgainOnAReloadAndStayWhenTheFileIsBad) {
  const CliWorld world;
  world.add_people();
  const std::string set = world.write("keys.json", jwk_set({p256_key().jwk(R"("kid":"first")")}));
  Serving server(world, {"--jwks-file", set, "--audience", "ringbook", "--log-format", "json"});
  const std::string first = issued_by(p256_key(), Algorithm::es256, "first");
  const std::string second = issued_by(ed25519_key(), Algorithm::eddsa, "second");
  EXPECT_THAT(assign(server, "4001", first), testing::EndsWith("\n200"));

  world.write("keys.json", "{\"keys\":[]}");
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"reload_failed")"));
  EXPECT_THAT(assign(server, "4002", first), testing::EndsWith("\n200"));

  world.write("keys.json", jwk_set({ed25519_key().jwk(R"("kid":"second")")}));
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"reloaded")"));
  EXPECT_THAT(assign(server, "4003", first), testing::EndsWith("\n401"));
  EXPECT_THAT(assign(server, "4004", second), testing::EndsWith("\n200"));
}

// [KEY-1]
TEST(KeysFromAFile, OfSeveralSourcesAreReadAgainEachOnItsOwnAndTheLogNamesEach) {
  const CliWorld world;
  world.add_people();
  const std::string set = world.write("keys.json", jwk_set({p256_key().jwk(R"("kid":"first")")}));
  const std::string secret = world.write("secret", std::string(64, 's'));
  Serving server(world, {"--jwks-file", set, "--jwt-secret-file", secret, "--audience", "ringbook",
                         "--log-format", "json"});
  world.write("keys.json", "{");
  world.write("secret", std::string(64, 't'));
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"reload_failed","source":"jwks-file")"));
  EXPECT_THAT(server.process().err(),
              HasSubstr(R"("event":"reloaded","source":"jwt-secret-file")"));
  EXPECT_THAT(assign(server, "4001", issued_by(p256_key(), Algorithm::es256, "first")),
              testing::EndsWith("\n200"));
  world.write("keys.json", jwk_set({p256_key().jwk(R"("kid":"first")")}));
  world.write("secret", "short");
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"reloaded","source":"jwks-file")"));
  EXPECT_THAT(server.process().err(),
              HasSubstr(R"("event":"reload_failed","source":"jwt-secret-file")"));
}

// [KEY-1]
TEST(KeysFromAFile, SignNoTokensOfTheCommands) {
  const CliWorld world;
  world.add_people();
  const std::string set = world.write("keys.json", jwk_set({p256_key().jwk()}));
  const Finished token = world.ringbook({"token", "--jwks-file", set});
  EXPECT_EQ(token.exit_code, 2);
  EXPECT_EQ(token.out, "");
  EXPECT_THAT(token.err, HasSubstr(set));
  const Serving server(world, {"--jwks-file", set, "--audience", "ringbook"});
  const Finished list = world.ringbook({"user", "list", "--jwks-file", set});
  EXPECT_EQ(list.exit_code, 2);
  EXPECT_THAT(list.err, HasSubstr("--server " + server.url() + " --token-file"));
}

// [KEY-2]
TEST(KeysFromAUrl, EndTheStartWhenTheUrlIsNotAllowed) {
  const CliWorld world;
  for (const Words& setting :
       {Words{"--jwks-url", "http://keys.example.com/keys"}, Words{"--jwks-url", "file:///keys"},
        Words{"--jwks-url", "https://ada:secret@keys.example.com/"},
        Words{"--oidc-issuer", "http://id.example.com"},
        Words{"--oidc-issuer", "https://id.example.com/?realm=one"}}) {
    Words words{"serve", "--listen", "127.0.0.1:0", "--audience", "any"};
    words.insert(words.end(), setting.begin(), setting.end());
    const Finished refused = world.ringbook(words);
    EXPECT_EQ(refused.exit_code, 2) << setting[1];
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr(setting[0]), HasSubstr("allowed is https://HOST"),
                      HasSubstr("http:// only for this machine"), Not(HasSubstr("secret"))));
  }
}

// [KEY-1]
TEST(KeysFromAUrl, AskForAnAudience) {
  const CliWorld world;
  for (const char* setting : {"--jwks-url", "--oidc-issuer"}) {
    const Finished refused =
        world.ringbook({"serve", "--listen", "127.0.0.1:0", setting, "http://127.0.0.1:1"});
    EXPECT_EQ(refused.exit_code, 2) << setting;
    EXPECT_THAT(refused.err, HasSubstr("--audience any"));
  }
}

// [KEY-1]
TEST(KeysFromAUrl, OfAnIssuerLeaveNoRoomForAnother) {
  const CliWorld world;
  const auto print = [&](const std::string& issuer) {
    return world.ringbook({"serve", "--print-config", "--oidc-issuer", "https://id.example.com",
                           "--audience", "ringbook", "--issuer", issuer});
  };
  EXPECT_EQ(print("https://id.example.com").exit_code, 0);
  const Finished refused = print("https://id.example.com/");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--issuer"), HasSubstr("--oidc-issuer sets")));
}

// [KEY-1]
TEST(KeysFromAUrl, SignNoTokensOfTheCommands) {
  const CliWorld world;
  const Finished token = world.ringbook({"token", "--oidc-issuer", "https://id.example.com",
                                         "--jwks-url", "https://keys.example.com/v1?key=secret"});
  EXPECT_EQ(token.exit_code, 2);
  EXPECT_EQ(token.out, "");
  EXPECT_THAT(token.err, AllOf(HasSubstr("https://id.example.com"),
                               HasSubstr("https://keys.example.com/v1"), Not(HasSubstr("secret"))));
  world.add_people();
  const Serving server(world, {"--oidc-issuer", "http://127.0.0.1:1", "--audience", "ringbook"});
  const Finished list = world.ringbook({"user", "list", "--oidc-issuer", "http://127.0.0.1:1"});
  EXPECT_EQ(list.exit_code, 2);
  EXPECT_THAT(list.err, AllOf(HasSubstr("http://127.0.0.1:1 issues"),
                              HasSubstr("--server " + server.url() + " --token-file")));
}

}  // namespace
}  // namespace ringbook::test
