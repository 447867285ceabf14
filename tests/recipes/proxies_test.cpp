// The proxies of docs/operations.md, each by its lines there, in front of a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "cli/cli_world.h"
#include "cli/document.h"
#include "recipes/recipe.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// An address of loopback that no other process is likely to use, so that a port may be chosen.
std::string own_address() {
  const auto id = static_cast<unsigned>(getpid());
  return "127.77." + std::to_string(id / 250 % 250 + 1) + "." + std::to_string(id % 250 + 1);
}
constexpr std::string_view client_address = "127.0.0.9";

// A certificate for the address, and its key.
struct Certificate {
  std::string certificate;
  std::string key;
  std::string both;
};

Certificate make_certificate(const CliWorld& world) {
  Certificate made{world.path("cert.pem"), world.path("key.pem"), world.path("both.pem")};
  const Finished openssl =
      run({.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-keyout", made.key, "-out",
                     made.certificate, "-days", "2", "-subj", "/CN=ringbook.example.com", "-addext",
                     "subjectAltName=DNS:ringbook.example.com"}});
  EXPECT_EQ(openssl.exit_code, 0) << openssl.err;
  std::ofstream(made.both) << content_of(made.certificate) << content_of(made.key);
  return made;
}

// What the recipe becomes here, and the program that takes it.
struct Started {
  std::string file;
  Words words;
};
struct Proxy {
  const char* name;
  const char* program;
  Started (*start)(const CliWorld& world, const Certificate& made, const std::string& address,
                   const std::string& server);
};

Started nginx(const CliWorld& world, const Certificate& made, const std::string& address,
              const std::string& server) {
  std::string lines = block_of("operations.md", "nginx");
  lines = with(lines, "listen 443 ssl", "listen " + address + ":8443 ssl");
  lines = with(lines, "/etc/nginx/ringbook.pem", made.certificate);
  lines = with(lines, "/etc/nginx/ringbook.key", made.key);
  lines = with(lines, "127.0.0.1:2000", server);
  const std::string folder = world.path("");
  std::string http = "daemon off; pid " + folder + "pid; error_log stderr; events {} http {\n";
  http += "access_log off;\n";
  for (const std::string part : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    http.append(part).append("_temp_path ").append(folder).append(part).append(";\n");
  }
  const std::string file = world.write("nginx.conf", http + lines + "}\n");
  return {file, {"/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", file}};
}

Started haproxy(const CliWorld& world, const Certificate& made, const std::string& address,
                const std::string& server) {
  std::string lines = block_of("operations.md", "haproxy");
  lines = with(lines, "bind :443", "bind " + address + ":8443");
  lines = with(lines, "/etc/haproxy/ringbook.pem", made.both);
  lines = with(lines, "127.0.0.1:2000", server);
  const std::string file = world.write("haproxy.cfg", lines);
  return {file, {"/usr/sbin/haproxy", "-db", "-f", file}};
}

Started caddy(const CliWorld& world, const Certificate& made, const std::string& address,
              const std::string& server) {
  std::string lines = block_of("operations.md", "caddy");
  lines = with(lines, "ringbook.example.com:443 {",
               "https://ringbook.example.com:8443 {\n  bind " + address);
  lines = with(lines, "/etc/caddy/ringbook.pem", made.certificate);
  lines = with(lines, "/etc/caddy/ringbook.key", made.key);
  lines = with(lines, "127.0.0.1:2000", server);
  const std::string file =
      world.write("Caddyfile", "{\n  admin off\n  auto_https disable_redirects\n}\n" + lines);
  return {file, {"/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", file}};
}

class BehindAProxy : public testing::TestWithParam<Proxy> {};
INSTANTIATE_TEST_SUITE_P(Recipes, BehindAProxy,
                         testing::Values(Proxy{"Nginx", "/usr/sbin/nginx", nginx},
                                         Proxy{"HAProxy", "/usr/sbin/haproxy", haproxy},
                                         Proxy{"Caddy", "/usr/bin/caddy", caddy}),
                         [](const auto& test) { return std::string(test.param.name); });

// [HTTP-19] [COND-3] [JWS-1]
TEST_P(BehindAProxy, EverythingIsAsWithoutOne) {
  if (const std::string why = missing(GetParam().program); !why.empty()) {
    GTEST_SKIP() << why;
  }
  const CliWorld world;
  world.add_people();
  Serving server(world, {"--trusted-proxy", "127.0.0.1"});
  const Certificate made = make_certificate(world);
  const std::string address = own_address();
  const Started recipe = GetParam().start(world, made, address, "127.0.0.1:" + server.port());
  Process proxy(
      {.words = recipe.words,
       .environment = {"HOME=" + world.path("home"), "XDG_DATA_HOME=" + world.path("x")}});
  const auto ask = [&](Words words, const std::string& token) {
    words.insert(words.begin(),
                 {"--cacert", made.certificate, "--interface", std::string(client_address),
                  "--resolve", "ringbook.example.com:8443:" + address, "--retry", "20",
                  "--retry-delay", "1", "--retry-connrefused"});
    return curl(std::move(words), token);
  };
  const std::string url = "https://ringbook.example.com:8443";
  const std::string user = url + "/v1/users/" + std::string(ada);
  const std::string token = token_of(world);

  EXPECT_EQ(
      ask({"-X", "PUT", url + "/user/update-rcextension", "-H", "Content-Type: application/json",
           "-d", R"({"payload":{"userId":")" + std::string(ada) + R"(","rcExtension":"4711"}})"},
          token),
      "{\"message\":\"RingCentral extension updated successfully\",\"data\":{}}\n200");

  const std::string head =
      ask({"-D", "-", "-o", "/dev/null", "-H", "Accept-Encoding: gzip", user}, token);
  const auto tag = match_in(head, R"re([Ee][Tt]ag: ("\d+"))re");
  ASSERT_FALSE(tag.empty()) << head;
  EXPECT_THAT(ask({"-X", "PUT", user + "/extension", "-H", "If-Match: " + tag[1], "-H",
                   "Content-Type: application/json", "-d", R"({"rcExtension":"4712"})"},
                  token),
              testing::EndsWith("\n200"));

  const Finished large = world.ringbook({"token", "--claim", "groups=" + std::string(11'000, 'g')});
  EXPECT_THAT(ask({user}, large.out.substr(0, large.out.find('\n'))), testing::EndsWith("\n200"));

  EXPECT_THAT(ask({"-H", "X-Forwarded-For: 192.0.2.7", user}, "none"), testing::EndsWith("\n401"));
  proxy.signal(SIGTERM);
  proxy.wait();
  EXPECT_EQ(server.stop(), 0);
  EXPECT_THAT(server.process().err(),
              AllOf(HasSubstr(R"("client":")" + std::string(client_address) + '"'),
                    Not(HasSubstr("192.0.2.7"))));
}

}  // namespace
}  // namespace ringbook::test
