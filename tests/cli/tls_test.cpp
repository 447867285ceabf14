// `ringbook serve` with TLS, and commands that ask it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "cli/cli_world.h"
#include "cli/document.h"
#include "support/certificate.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A world with the files of a certificate.
class TlsCliWorld : public CliWorld {
 public:
  explicit TlsCliWorld(const CertificateOrder& order = {}) { renew(order); }

  void renew(const CertificateOrder& order = {}) {
    const Certificate made = make_certificate(order);
    cert = write("cert.pem", made.certificate);
    key = write("key.pem", made.key);
  }
  Words tls() const { return {"--tls-cert", cert, "--tls-key", key}; }
  // Lists the users over https.
  Finished list(const Serving& server, Words more, const std::string& host = "127.0.0.1") const {
    Words words{"user", "list", "--server", "https://" + host + ":" + server.port()};
    words.insert(words.end(), more.begin(), more.end());
    return bare(words, {"RINGBOOK_TOKEN=" + token_of(*this)});
  }

  std::string cert;
  std::string key;
};

Finished serve(const CliWorld& world, Words more) {
  more.insert(more.begin(), {"serve", "--listen", "127.0.0.1:0"});
  return world.ringbook(std::move(more));
}

TEST(Tls, IsServedWithoutAWarning) {  // [HTTP-18]
  const TlsCliWorld world;
  Words words{"serve", "--listen", "0.0.0.0:0"};
  for (const auto& word : world.tls()) {
    words.push_back(word);
  }
  Process server(world.command(words));
  ASSERT_TRUE(server.wait_for_err(R"("event":"listening")"));
  EXPECT_EQ(world.ringbook({"user", "list"}).exit_code, 0);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  EXPECT_THAT(server.err(), Not(HasSubstr("listening_without_tls")));
}

TEST(Tls, NeedsBothFilesAndAPairOfThem) {  // [HTTP-18]
  const TlsCliWorld world;
  const Finished one = serve(world, {"--tls-cert", world.cert});
  EXPECT_EQ(one.exit_code, 2);
  EXPECT_THAT(one.err, HasSubstr("--tls-cert: TLS needs tls-key, too"));
  EXPECT_THAT(serve(world, {"--tls-key", world.key}).err,
              HasSubstr("--tls-key: TLS needs tls-cert, too"));
  const std::string other = world.write("other.pem", make_certificate().key);
  const Finished mixed = serve(world, {"--tls-cert", world.cert, "--tls-key", other});
  EXPECT_EQ(mixed.exit_code, 2);
  EXPECT_THAT(mixed.err, AllOf(HasSubstr("--tls-cert " + world.cert), HasSubstr(other),
                               HasSubstr("not that of the certificate; give the key")));
  const Finished missing = serve(world, {"--tls-cert", world.path("no"), "--tls-key", world.key});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("--tls-cert"), HasSubstr(world.path("no"))));
}

TEST(Tls, KeepsItsKeyPrivate) {  // [HTTP-18]
  const TlsCliWorld world;
  chmod(world.key.c_str(), 0640);
  const Finished refused = serve(world, world.tls());
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("--tls-key"), HasSubstr("chmod 600 '" + world.key + "'")));
}

TEST(Tls, IsReloadedUnlessTheNewPairIsBad) {  // [HTTP-18]
  TlsCliWorld world;
  Serving server(world, world.tls());
  const std::string first = world.path("first.pem");
  std::filesystem::copy_file(world.cert, first);
  EXPECT_EQ(world.list(server, {"--ca-file", first}).exit_code, 0);
  world.write("cert.pem", make_certificate().certificate);
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"reload_failed","source":"tls-cert")"));
  EXPECT_EQ(world.list(server, {"--ca-file", first}).exit_code, 0) << "the old one serves on";
  EXPECT_EQ(world.ringbook({"user", "list"}).exit_code, 0);
  world.renew();
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(R"("event":"reloaded","source":"tls-cert")"));
  EXPECT_EQ(world.list(server, {"--ca-file", world.cert}).exit_code, 0);
  EXPECT_EQ(world.list(server, {"--ca-file", first}).exit_code, 3);
  EXPECT_EQ(world.ringbook({"user", "list"}).exit_code, 0) << "commands here know the new key";
}

TEST(HttpsCommands, AcceptTheCertificateOfAKnownAuthority) {  // [HTTP-18]
  const TlsCliWorld world;
  const Serving server(world, world.tls());
  for (const auto* host : {"127.0.0.1", "localhost"}) {
    const Finished listed = world.list(server, {"--ca-file", world.cert}, host);
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
  }
}

TEST(HttpsCommands, SayWhatToDoAboutACertificateTheyDoNotAccept) {  // [HTTP-18]
  const TlsCliWorld world;
  const Serving server(world, world.tls());
  const TlsCliWorld expired({.not_before = -7200, .not_after = -3600});
  const Serving expired_server(expired, expired.tls());
  const TlsCliWorld future({.not_before = 3600, .not_after = 7200});
  const Serving future_server(future, future.tls());
  const TlsCliWorld misnamed({.names = "DNS:elsewhere.example"});
  const Serving misnamed_server(misnamed, misnamed.tls());
  for (const auto& [listed, advice] :
       {std::pair{world.list(server, {}), "give --ca-file FILE"},
        {world.list(server, {"--ca-file", misnamed.cert}), "give --ca-file FILE"},
        {expired.list(expired_server, {"--ca-file", expired.cert}), "certificate renewed"},
        {future.list(future_server, {"--ca-file", future.cert}), "check the clocks"},
        {misnamed.list(misnamed_server, {"--ca-file", misnamed.cert}), "a name that stands in"}}) {
    EXPECT_EQ(listed.exit_code, 3);
    EXPECT_THAT(listed.err, AllOf(HasSubstr("does not prove who it is, so nothing was sent"),
                                  HasSubstr(advice)));
  }
  const Finished no_file = world.list(server, {"--ca-file", world.path("no")});
  EXPECT_EQ(no_file.exit_code, 2);
  EXPECT_THAT(no_file.err, HasSubstr("--ca-file " + world.path("no")));
}

TEST(HttpsCommands, SayWhenTheSchemeIsTheOther) {  // [HTTP-18]
  const TlsCliWorld world;
  const Serving with(world, world.tls());
  const CliWorld plain_world;
  const Serving without(plain_world);
  const Finished https = world.list(without, {"--ca-file", world.cert});
  EXPECT_EQ(https.exit_code, 3);
  EXPECT_THAT(https.err, HasSubstr("give http://"));
  const Finished http = bare({"user", "list", "--server", with.url()}, {"RINGBOOK_TOKEN=a"});
  EXPECT_EQ(http.exit_code, 3);
  EXPECT_THAT(http.err, HasSubstr("give https://"));
}

TEST(LocalCommands, ReachAServerWhoseCertificateIsForAnotherName) {  // [HTTP-18]
  const TlsCliWorld world(
      {.names = "DNS:elsewhere.example", .not_before = -7200, .not_after = -3600});
  world.add_people();
  const Serving server(world, world.tls());
  const Finished set = world.ringbook({"set", "ada@example.com", "1234"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
}

TEST(LocalCommands, SendNothingToAnImpostor) {  // [HTTP-18]
  const TlsCliWorld world;
  const Serving server(world, world.tls());
  // Another server, with another key, where the folder's own is said to be.
  const TlsCliWorld other;
  Serving impostor(other, other.tls());
  std::fstream lock(world.data() + "/lock");
  std::string address;
  std::string pin;
  lock >> address >> pin;
  EXPECT_EQ(address, "127.0.0.1:" + server.port());
  lock.clear();
  lock.seekp(0);
  lock << "127.0.0.1:" << impostor.port() << " " << pin << std::flush;
  const Finished refused = world.ringbook({"user", "list"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("is not the server that holds the data folder"));
  EXPECT_EQ(impostor.stop(), 0);
  EXPECT_THAT(impostor.process().err(), Not(HasSubstr("refused"))) << "no token came";
}

// [HTTP-18]
TEST(Tls, IsTriedOutByTheLinesOfTheOperationsPage) {
  const CliWorld world;
  world.add_people();
  const auto blocks = blocks_of("operations.md");
  const auto found = std::ranges::find_if(
      blocks, [](const Block& block) { return block.lines.starts_with("openssl req"); });
  ASSERT_NE(found, blocks.end());
  std::string lines = found->lines;
  ASSERT_THAT(lines, HasSubstr("ringbook user list")) << lines;
  // A free port instead of the usual one, which the log tells.
  lines = replaced(lines, "key\\.pem &", "key.pem 2> server.log &");
  lines = replaced(lines, "localhost:2000", "localhost:$(port)");
  const Finished tried = run({.words = {"bash", "-c",
                                        script_beginning() + "cd '" + world.path("") + "'\n" +
                                            lines + "status=$?\nkill $!\nwait\nexit $status"},
                              .environment = {"no_proxy=*", "RINGBOOK_LISTEN=localhost:0",
                                              "RINGBOOK_DATA=" + world.data()}});
  EXPECT_EQ(tried.exit_code, 0) << tried.err;
  EXPECT_THAT(tried.out, AllOf(HasSubstr(R"({"status":"ready"})"), HasSubstr("Grace Hopper")));
}

}  // namespace
}  // namespace ringbook::test
