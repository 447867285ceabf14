// What `ringbook serve` believes of proxies and allows to browsers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What the log says after a request without a token that claims to come from 192.0.2.7.
std::string logged(const Words& settings) {
  const CliWorld world;
  Serving server(world, settings);
  curl({server.url() + "/v1/users", "--header", "X-Forwarded-For: 192.0.2.7"}, "none");
  EXPECT_EQ(server.stop(), 0);
  return server.process().err();
}

TEST(Client, IsThePeerUnlessATrustedProxyTells) {  // [HTTP-19]
  const auto from_peer = HasSubstr(R"("client":"127.0.0.1")");
  const auto as_told = HasSubstr(R"("client":"192.0.2.7")");
  EXPECT_THAT(logged({}), AllOf(from_peer, Not(as_told)));
  EXPECT_THAT(logged({"--trusted-proxy", "10.0.0.0/8"}), AllOf(from_peer, Not(as_told)));
  EXPECT_THAT(logged({"--trusted-proxy", "127.0.0.0/8"}), AllOf(as_told, Not(from_peer)));
}

TEST(Client, IsToldOfRefusedHeadsAsOfOthers) {  // [HTTP-19]
  const CliWorld world;
  Serving server(world, {"--trusted-proxy", "127.0.0.0/8"});
  curl({server.url() + "/v1/users", "--header", "X-Forwarded-For: 192.0.2.7", "--header",
        "Expect: nothing"},
       "none");
  EXPECT_EQ(server.stop(), 0);
  EXPECT_THAT(server.process().err(),
              testing::ContainsRegex(R"("event":"message_refused".*"client":"192\.0\.2\.7")"));
}

TEST(ProxySettings, AreListsInEverySpelling) {  // [HTTP-19]
  const CliWorld world;
  const std::string file = world.write("conf", "cors-origin = https://a.example\n");
  const Finished shown = bare({"serve", "--print-config", "--trusted-proxy", "10.0.0.0/8,::1",
                               "--trusted-proxy", "192.0.2.1", "--config", file},
                              {"RINGBOOK_CORS_ORIGIN=https://b.example,https://c.example"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("trusted-proxy = 10.0.0.0/8,::1,192.0.2.1  #"),
                               HasSubstr("cors-origin = https://b.example,https://c.example  #")));
  for (const auto& [name, value] : {std::pair{"--trusted-proxy", "10.0.0.1/8"},
                                    {"--trusted-proxy", "10.0.0.0/8,"},
                                    {"--trusted-proxy", "example.com"},
                                    {"--trusted-proxy", "::ffff:10.0.0.0/8"},
                                    {"--cors-origin", "*"},
                                    {"--cors-origin", "null"},
                                    {"--cors-origin", "https://a.example/"}}) {
    const Finished refused = bare({"serve", "--print-config", name, value});
    EXPECT_EQ(refused.exit_code, 2) << value;
    EXPECT_THAT(refused.err, HasSubstr(name));
  }
}

TEST(Browsers, AreToldWhichOriginMayRead) {  // [HTTP-19]
  const CliWorld world;
  const Serving server(world, {"--cors-origin", "https://hr.example"});
  const auto ask = [&](const std::string& origin) {
    return curl({server.url() + "/v1/users", "--include", "--header", "Origin: " + origin}, "none");
  };
  EXPECT_THAT(
      ask("https://hr.example"),
      AllOf(HasSubstr("401"), HasSubstr("Access-Control-Allow-Origin: https://hr.example")));
  EXPECT_THAT(ask("https://evil.example"), Not(HasSubstr("Access-Control-")));
}

}  // namespace
}  // namespace ringbook::test
