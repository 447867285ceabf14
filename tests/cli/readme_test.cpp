// What README.md shows is what happens.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/cli_world.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

struct Shown {
  std::string command;
  std::string answer;  // "" when none is shown.
};

// The curl lines of a document, each with the JSON block that follows it before the next.
std::vector<Shown> curl_lines_of(std::istream& document) {
  std::vector<Shown> out;
  bool is_in_json = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("curl ")) {
      out.push_back({line, ""});
    } else if (line.starts_with("```")) {
      is_in_json = line == "```json";
    } else if (is_in_json && !out.empty()) {
      out.back().answer += line;
    }
  }
  return out;
}

TEST(Readme, ShowsRequestsThatAreAnsweredAsItSays) {
  const std::string source = RINGBOOK_SOURCE_DIR;
  std::ifstream readme(source + "/README.md");
  const auto shown = curl_lines_of(readme);
  ASSERT_GE(shown.size(), 4U);
  const CliWorld world;
  ASSERT_EQ(world.ringbook({"import", source + "/script/demo-users.jsonl"}).exit_code, 0);
  const Serving server(world);
  const std::string token = token_of(world);
  for (const auto& [command, answer] : shown) {
    std::string words = replaced(command, "localhost:2000", "127.0.0.1:" + server.port());
    // The status goes to standard error, so that standard output is the body alone.
    words.insert(5, "-sS --noproxy '*' -w '%{stderr}%{http_code}' ");
    const Finished done = run({.words = {"sh", "-c", words}, .environment = {"TOKEN=" + token}});
    EXPECT_EQ(done.exit_code, 0) << command;
    if (!answer.empty()) {
      EXPECT_EQ(without_times(done.out), without_times(answer)) << command;
    }
    EXPECT_EQ(done.err, answer.starts_with(R"({"error")") ? "400" : "200") << command;
  }
}

}  // namespace
}  // namespace ringbook::test
