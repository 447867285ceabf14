// `ringbook serve` and `ringbook token` as processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "cli/cli_world.h"
#include "support/root.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr auto owner_only =
    std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

// The line that says where a server listens.
std::string listening_line(const std::string& err) {
  const std::size_t begin = err.find(R"({"event":"listening")");
  return begin == std::string::npos ? "" : err.substr(begin, err.find('\n', begin) - begin);
}

TEST(Serve, SaysWhereItListensInEveryLogFormat) {
  for (const std::string format : {"json", "text"}) {
    const CliWorld world;
    Serving server(world, {"--log-format", format, "--log-level", "error"});
    EXPECT_EQ(listening_line(server.process().err()),
              R"({"event":"listening","address":"127.0.0.1","addresses":["127.0.0.1"],"port":)" +
                  server.port() + "}");
    EXPECT_EQ(server.stop(), 0);
  }
}

// As the same process, and found by its name as ever.
TEST(Serve, StartsOnceMoreForLargePages) {
  const CliWorld world;
  Serving server(world);
  const std::string proc = "/proc/" + std::to_string(server.process().pid());
  EXPECT_EQ(content_of(proc + "/comm"), "ringbook\n");
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  EXPECT_THAT(content_of(proc + "/environ"),
              HasSubstr(std::string("GLIBC_TUNABLES=glibc.malloc.hugetlb=1") + '\0'));
}

TEST(Serve, LeavesTheTunablesOfAnOperatorAsTheyAre) {
  const CliWorld world;
  Command command = world.command({"serve", "--listen", "127.0.0.1:0"});
  command.environment.push_back("GLIBC_TUNABLES=glibc.malloc.hugetlb=0");
  Process server(command);
  ASSERT_TRUE(server.wait_for_err("listening"));
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  EXPECT_THAT(content_of("/proc/" + std::to_string(server.pid()) + "/environ"),
              HasSubstr("GLIBC_TUNABLES=glibc.malloc.hugetlb=0"));
}

TEST(Serve, ListensOnBothAddressesOfLocalhost) {
  const CliWorld world;
  Process server(world.command({"serve", "--listen", "localhost:0"}));
  ASSERT_TRUE(server.wait_for_err(R"("event":"listening")"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
  // A machine without IPv6 is warned, and served.
  EXPECT_THAT(listening_line(server.err()),
              HasSubstr(R"("address":"127.0.0.1","addresses":["127.0.0.1")"));
}

TEST(Serve, SaysHowMuchItReplayed) {
  const CliWorld world;
  world.add_people();
  Serving server(world, {"--log-format", "json"});
  EXPECT_THAT(server.process().err(), HasSubstr(R"("event":"replayed","changes":)"));
}

TEST(Serve, MakesAFolderAndASecretForItsOwnerOnly) {
  const CliWorld world;
  const Serving server(world);
  EXPECT_EQ(std::filesystem::status(world.data()).permissions(), std::filesystem::perms::owner_all);
  int secrets = 0;
  for (const auto& entry : std::filesystem::directory_iterator(world.data())) {
    if (entry.path().filename().string().find("secret") != std::string::npos) {
      ++secrets;
      EXPECT_EQ(entry.status().permissions(), owner_only);
    }
  }
  EXPECT_EQ(secrets, 1);
}

// [STORE-8]
TEST(Serve, IsAloneInItsDataFolder) {
  const CliWorld world;
  const Serving server(world);
  const Finished second = world.ringbook({"serve", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.exit_code, 3);
  EXPECT_THAT(second.err, AllOf(HasSubstr(world.data()), HasSubstr("127.0.0.1:" + server.port())));
}

TEST(Serve, NamesAnAddressThatIsInUse) {
  const CliWorld world;
  const CliWorld other;
  const Serving server(world);
  const std::string address = "127.0.0.1:" + server.port();
  const Finished second = other.ringbook({"serve", "--listen", address});
  EXPECT_EQ(second.exit_code, 3);
  EXPECT_THAT(second.err, HasSubstr(address));
  EXPECT_FALSE(std::filesystem::exists(other.data()));
}

TEST(Serve, WarnsThatMemoryIsLost) {
  const CliWorld world;
  Serving server(world, {"--store", "memory:"});
  EXPECT_EQ(server.stop(), 0);
  EXPECT_THAT(server.process().err(), HasSubstr("memory_store"));
}

// [HTTP-18]
TEST(Serve, WarnsWhenItListensWiderThanLoopback) {
  const CliWorld world;
  Serving narrow(world);
  EXPECT_EQ(narrow.stop(), 0);
  EXPECT_THAT(narrow.process().err(), Not(HasSubstr("listening_without_tls")));
  Process wide(world.command({"serve", "--listen", "0.0.0.0:0"}));
  ASSERT_TRUE(wide.wait_for_err(R"("event":"listening")"));
  // Commands reach it all the same.
  EXPECT_EQ(world.ringbook({"user", "list"}).exit_code, 0);
  wide.signal(SIGTERM);
  EXPECT_EQ(wide.wait(), 0);
  EXPECT_THAT(wide.err(), HasSubstr("listening_without_tls"));
}

// [KEY-1]
TEST(Serve, ReloadsItsSecretAndKeepsTheOldOneWhenTheNewIsBad) {
  const CliWorld world;
  const std::string secret = world.write("secret", std::string(64, 's') + "\n");
  Serving server(world, {"--jwt-secret-file", secret});
  const std::string token = world.ringbook({"token", "--jwt-secret-file", secret}).out;
  const auto list = [&] {
    return bare({"user", "list", "--server", server.url()}, {"RINGBOOK_TOKEN=" + token}).exit_code;
  };
  EXPECT_EQ(list(), 0);
  world.write("secret", "short");
  server.process().signal(SIGHUP);
  EXPECT_TRUE(server.process().wait_for_err("reload_failed"));
  EXPECT_EQ(list(), 0);
  world.write("secret", std::string(64, 't'));
  server.process().signal(SIGHUP);
  EXPECT_TRUE(server.process().wait_for_err("\"reloaded\""));
  EXPECT_EQ(list(), 1) << "the old token is not good any more";
}

// [HTTP-16]
TEST(Serve, EndsWithZeroOnEitherSignal) {
  const CliWorld world;
  for (const int signal : {SIGTERM, SIGINT}) {
    Serving server(world);
    server.process().signal(signal);
    EXPECT_EQ(server.process().wait(), 0);
    EXPECT_THAT(server.process().err(), HasSubstr("\"stopped\""));
  }
}

TEST(Token, StandsAloneOnStandardOutput) {
  const CliWorld world;
  const Serving server(world);
  const Finished token = world.ringbook({"token", "--expires-in", "5m"});
  EXPECT_EQ(token.exit_code, 0);
  EXPECT_THAT(token.out, MatchesRegex("[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+\n"));
  EXPECT_THAT(token.err, StartsWith("expires at 20"));
}

TEST(Token, CarriesWhatWasAskedFor) {
  const CliWorld world;
  const Serving server(world);
  const Finished token = world.ringbook(
      {"token", "--subject", "alice", "--claim", "team=blue", "--claim", "note=a=b"});
  ASSERT_EQ(token.exit_code, 0) << token.err;
  const auto list = [&](const std::string& text) {
    return bare({"user", "list", "--server", server.url()}, {"RINGBOOK_TOKEN=" + text}).exit_code;
  };
  EXPECT_EQ(list(token.out), 0);
  EXPECT_EQ(list(world.ringbook({"token", "--role", "user"}).out), 1) << "no administrator";
}

TEST(Token, IsRefusedWhenItCannotBeMade) {
  const CliWorld world;
  const Serving server(world);
  for (const Words& words : std::vector<Words>{{"token", "--expires-in", "soon"},
                                               {"token", "--expires-in", "0"},
                                               {"token", "--claim", "novalue"},
                                               {"token", "--claim", "exp=1"}}) {
    const Finished refused = world.ringbook(words);
    EXPECT_EQ(refused.exit_code, 2) << words[1];
    EXPECT_EQ(refused.out, "");
    EXPECT_NE(refused.err, "");
  }
}

TEST(Token, SaysHowToGetASecretWhenThereIsNone) {
  const CliWorld world;
  world.add_people();
  const Finished refused = world.ringbook({"token"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("ringbook serve"), HasSubstr("--jwt-secret-file")));
}

}  // namespace
}  // namespace ringbook::test
