// The manifest of docs/operations.md: what the pod would run is run, as the user of the pod, with
// the variables that Kubernetes makes for a service called `ringbook`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "cli/cli_world.h"
#include "cli/document.h"
#include "recipes/recipe.h"
#include "support/pattern.h"
#include "support/root.h"

namespace ringbook::test {
namespace {

// The manifest, as the document has it.
std::string manifest() {
  const std::string document = content_of(std::string(RINGBOOK_SOURCE_DIR) + "/docs/operations.md");
  const auto begin = document.find("apiVersion: apps/v1");
  return document.substr(begin, document.find("```", begin) - begin);
}

Words arguments_of(const std::string& text) {
  const Match list = match_in(text, R"re(args: \[([^\]]*)\])re");
  Words words;
  std::istringstream parts(list.empty() ? "" : list[1]);
  for (std::string part; std::getline(parts, part, ',');) {
    std::erase(part, ' ');
    std::erase(part, '"');
    words.push_back(part);
  }
  return words;
}

// [CONF-1] [KEY-1]
TEST(Kubernetes, RunsThePodOfTheManifest) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  const CliWorld world;
  const std::string text = manifest();
  // What is mounted: the data belongs to the pod's group, the secret to root.
  const std::string data = world.path("data");
  const std::string secret = world.write("jwt-secret", std::string(64, 's'));
  std::filesystem::create_directory(data);
  const Match user = match_in(text, "runAsUser: (\\d+), runAsGroup: (\\d+), fsGroup: (\\d+)");
  ASSERT_FALSE(user.empty());
  const auto group = static_cast<gid_t>(std::stoul(user[3]));
  ASSERT_EQ(chown(secret.c_str(), 0, group), 0);
  ASSERT_EQ(chmod(secret.c_str(), S_IRUSR | S_IRGRP), 0);
  ASSERT_EQ(chown(data.c_str(), 0, group), 0);
  ASSERT_EQ(chmod(data.c_str(), S_ISGID | S_IRWXU | S_IRWXG), 0);
  ASSERT_EQ(chmod(world.path("").c_str(), S_IRWXU | S_IXGRP | S_IXOTH), 0);

  Words words{"setpriv",        "--reuid=" + user[1], "--regid=" + user[2], "--groups=" + user[3],
              "--no-new-privs", "--inh-caps=-all",    RINGBOOK_BINARY};
  for (std::string word : arguments_of(text)) {
    word = word == "/data" ? data : word == "/secrets/jwt-secret" ? secret : word;
    words.push_back(word == "0.0.0.0:2000" ? "127.0.0.1:0" : word == "5s" ? "0s" : word);
  }
  Process server(
      {.words = words,
       .environment = {"RINGBOOK_SERVICE_HOST=10.96.1.1", "RINGBOOK_SERVICE_PORT=2000",
                       "RINGBOOK_PORT=tcp://10.96.1.1:2000",
                       "RINGBOOK_PORT_2000_TCP=tcp://10.96.1.1:2000",
                       "RINGBOOK_PORT_2000_TCP_PROTO=tcp", "RINGBOOK_PORT_2000_TCP_PORT=2000",
                       "RINGBOOK_PORT_2000_TCP_ADDR=10.96.1.1"}});
  ASSERT_TRUE(server.wait_for_err("}\n")) << server.err();
  ASSERT_TRUE(server.wait_for_err(R"("port":)")) << server.err();
  const Match port = match_in(server.err(), R"re("event":"listening".*"port":(\d+))re");
  ASSERT_FALSE(port.empty()) << server.err();
  for (const char* kind : {"livenessProbe", "readinessProbe"}) {
    const Match probe = match_in(
        text, std::string(kind) + R"re(: \{ httpGet: \{ path: ([^,]*), port: 2000 \} \})re");
    ASSERT_FALSE(probe.empty()) << kind;
    EXPECT_THAT(curl({"http://127.0.0.1:" + port[1] + probe[1]}, "none"),
                testing::EndsWith("\n200"));
  }
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0) << server.err();
}

}  // namespace
}  // namespace ringbook::test
