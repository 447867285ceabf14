// What nobody may learn from the process: the secret, tokens, and its memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <iterator>

#include "cli/cli_world.h"
#include "http/client.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

constexpr std::string_view secret =
    "correct-horse-battery-staple/correct-horse-battery-staple/0123456789";
constexpr std::string_view other_secret =
    "another-horse-another-battery/another-horse-another-battery/98765432";

// Looks at everything that the program shows to anybody, for what must not be in it.
class Witness {
 public:
  void guard(const std::string& name, std::string_view what) {
    guarded_.emplace_back(name, std::string(what));
  }
  // Whole, and by its signature, which alone would complete a guessed one.
  void guard_token(const std::string& name, const std::string& token) {
    guard(name, token);
    guard("the signature of " + name, token.substr(token.rfind('.') + 1));
  }
  void see(const std::string& where, const std::string& text) const {
    for (const auto& [name, what] : guarded_) {
      EXPECT_EQ(text.find(what), text.npos) << where << " shows " << name << ":\n" << text;
    }
  }
  void see(const std::string& where, const Finished& finished, int exit_code) const {
    EXPECT_EQ(finished.exit_code, exit_code) << where << ": " << finished.err;
    see(where + ", standard output", finished.out);
    see(where + ", standard error", finished.err);
  }

 private:
  std::vector<std::pair<std::string, std::string>> guarded_;
};

std::string minted(const CliWorld& world, const std::string& secret_file, Words more = {}) {
  Words words{"token", "--jwt-secret-file", secret_file};
  words.insert(words.end(), more.begin(), more.end());
  const std::string out = world.ringbook(words).out;
  return out.substr(0, out.find('\n'));
}

// Requests with `token` where it belongs and where it could end up by mistake.
std::vector<std::string> requests_with(const std::string& token) {
  const std::string company = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  const std::string bearer = "Authorization: Bearer " + token;
  const std::string body = R"({"payload":{"userId":")" + token + R"(","rcExtension":")" + token +
                           R"(",")" + token + R"(":1}})";
  return {"GET /v1/users" + company + bearer + "\r\n\r\n",
          "GET /v1/users" + company + bearer + "=\r\n\r\n",
          "GET /v1/users" + company + "Authorization: Basic " + token + "\r\n\r\n",
          "GET /v1/users" + company + token + ": x\r\n\r\n",
          "GET /v1/users?access_token=" + token + company + "\r\n",
          "GET /v1/users?access_token=" + token + company + bearer + "\r\n\r\n",
          "GET /v1/users/" + token + company + bearer + "\r\n\r\n",
          "GET /" + token + company + "\r\n",
          "GET /" + company + "X-Request-Id: " + token + "\r\n\r\n",
          "GET /" + company + "Transfer-Encoding: " + token + "\r\n\r\n",
          token + " /" + company + "\r\n",
          "GET " + token + "\r\n\r\n",
          "PUT /user/update-rcextension" + company + bearer +
              "\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body};
}

void ask_everything(const Witness& witness, const Serving& server, const std::string& token) {
  for (const auto& request : requests_with(token)) {
    Client client(static_cast<std::uint16_t>(std::stoi(server.port())));
    client.send(request);
    witness.see("the answer to " + request, client.read_all());
  }
}

// [LOG-1]
TEST(Secrets, ReachNoLogNoMetricNoAnswerAndNoCommandLine) {
  for (const std::string format : {"json", "text"}) {
    const CliWorld world;
    const std::string file = world.write("secret", std::string(secret) + "\n");
    const std::string other_file = world.write("other", other_secret);
    const std::string good = minted(world, file);
    const std::string forged = minted(world, other_file);
    const std::string powerless = minted(world, file, {"--role", "user"});
    Witness witness;
    witness.guard("the secret", secret);
    witness.guard("the other secret", other_secret);
    witness.guard_token("a good token", good);
    witness.guard_token("a forged token", forged);
    witness.guard_token("a user's token", powerless);

    Serving server(world, {"--jwt-secret-file", file, "--log-level", "debug", "--log-format",
                           format, "--issuer", "ringbook"});
    for (const auto& token : {good, forged, powerless}) {
      ask_everything(witness, server, token);
      const Finished list =
          bare({"user", "list", "--json", "--server", server.url()}, {"RINGBOOK_TOKEN=" + token});
      witness.see("a command", list, token == good ? 0 : 1);
    }
    const std::string proc = "/proc/" + std::to_string(server.process().pid());
    witness.see("the command line", content_of(proc + "/cmdline"));
    witness.see("the environment", content_of(proc + "/environ"));
    // Files that SIGHUP finds wanting: too short, then open to others.
    for (const auto& [content, mode] : std::vector<std::pair<std::string_view, mode_t>>{
             {secret.substr(0, 20), 0600}, {other_secret, 0644}}) {
      world.write("secret", content);
      chmod(file.c_str(), mode);
      server.process().signal(SIGHUP);
      EXPECT_TRUE(server.process().wait_for_err("reload_failed", mode == 0600 ? 1 : 2));
    }
    witness.guard("the short secret", secret.substr(0, 20));
    witness.see("the metrics", curl({server.url() + "/metrics"}, good));
    EXPECT_EQ(server.stop(), 0);
    witness.see("the log", server.process().err());
    witness.see("standard output", server.process().out());
    EXPECT_THAT(server.process().err(), HasSubstr("bad_signature")) << "the log was looked at";
  }
}

// [LOG-1]
TEST(Secrets, AreNotRepeatedByMessagesAboutWrongUsage) {
  const CliWorld world;
  Witness witness;
  witness.guard("the secret", secret);
  witness.guard("the short secret", secret.substr(0, 20));
  const std::string word(secret);
  const std::string short_file = world.write("short", secret.substr(0, 20));
  const std::string open_file = world.write("open", secret);
  chmod(open_file.c_str(), 0644);
  const std::string conf = world.write("conf", "jwt-secret = " + word + "\n" + word + "\n");
  const std::string url = world.write("url", "mongodb://user:" + word + "@localhost/ringbook");
  for (const Words& words : std::vector<Words>{{"serve", "--jwt-secret", word},
                                               {"serve", "--jwt-secret=" + word},
                                               {"serve", "--config", conf},
                                               {"serve", "--store-file", url},
                                               {"serve", "--jwt-secret-file", short_file},
                                               {"serve", "--jwt-secret-file", open_file},
                                               {"token", "--jwt-secret-file", short_file},
                                               {"token", "--secret", word},
                                               {"user", "list", "--token", word}}) {
    witness.see(words[0] + " " + words[1], world.ringbook(words), 2);
  }
  witness.see("a variable that is none",
              bare({"serve", "--print-config"}, {"RINGBOOK_JWT_SECRET=" + word}), 2);
  witness.see(
      "--print-config",
      bare({"serve", "--print-config", "--jwt-secret-file", open_file}, {"RINGBOOK_TOKEN=" + word}),
      0);
  witness.see("a server that is not there",
              bare({"user", "list", "--server", "http://127.0.0.1:1"}, {"RINGBOOK_TOKEN=" + word}),
              3);
}

// A shell that allows cores, in a folder of its own, then the program.
Command with_cores_allowed(const CliWorld& world, Words words) {
  std::filesystem::create_directories(world.path("cores"));
  words.insert(words.begin(),
               {"sh", "-c", R"sh(cd "$0" && ulimit -S -c "$(ulimit -H -c)" && exec "$@")sh",
                world.path("cores")});
  // AddressSanitizer would forbid cores too, and would turn a fault into a report.
  return {.words = std::move(words),
          .environment = {"ASAN_OPTIONS=disable_coredump=0:handle_segv=0:detect_leaks=0"}};
}

// Whether a core would be left here at all; else nothing is shown by there being none.
bool cores_are_left(const CliWorld& world) {
  Process ordinary(with_cores_allowed(world, {"sh", "-c", "kill -SEGV $$"}));
  EXPECT_EQ(ordinary.wait(), -SIGSEGV);
  std::filesystem::remove_all(world.path("cores"));
  EXPECT_TRUE(ordinary.dumped_core() || !is_required("cores")) << "no program leaves a core here";
  return ordinary.dumped_core();
}

// [PROC-1]
TEST(Memory, IsNotDumpedWhateverKillsTheServer) {
  const CliWorld world;
  if (!cores_are_left(world)) {
    GTEST_SKIP() << "NOT TESTED: no program leaves a core here";
  }
  for (const int signal : {SIGSEGV, SIGABRT}) {
    const Command serve = world.command({"serve", "--listen", "127.0.0.1:0"});
    Process server(with_cores_allowed(world, serve.words));
    ASSERT_TRUE(server.wait_for_err(R"("event":"listening")"));
    EXPECT_THAT(content_of("/proc/" + std::to_string(server.pid()) + "/limits"),
                ContainsRegex("Max core file size +0 +0 "));
    server.signal(signal);
    EXPECT_EQ(server.wait(), -signal) << server.err();
    EXPECT_FALSE(server.dumped_core());
    EXPECT_TRUE(std::filesystem::is_empty(world.path("cores")));
  }
}

// [PROC-1]
TEST(Memory, IsRootsToLookAtWhoeverRunsTheServer) {
  const TemporaryFolder folder;
  const std::string binary = folder.path() / "ringbook";
  std::filesystem::copy_file(RINGBOOK_BINARY, binary);
  Words words{binary, "serve", "--listen", "127.0.0.1:0", "--data", folder.path() / "data"};
  if (geteuid() == 0) {
    constexpr uid_t nobody = 65534;
    ASSERT_EQ(chown(folder.path().c_str(), nobody, nobody), 0);
    words.insert(words.begin(), {"setpriv", "--reuid", std::to_string(nobody), "--clear-groups"});
  }
  Process server({.words = std::move(words)});
  ASSERT_TRUE(server.wait_for_err(R"("event":"listening")")) << server.err();
  struct stat status{};
  ASSERT_EQ(stat(("/proc/" + std::to_string(server.pid()) + "/mem").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0) << server.err();
}

}  // namespace
}  // namespace ringbook::test
