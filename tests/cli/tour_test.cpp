// docs/tour.md is walked as a stranger would: its lines are copied into one shell in an empty
// folder, and everything that it shows must come out.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/cli_world.h"
#include "cli/document.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

constexpr std::string_view end_of_block = "=== end of block ===";

// One script of all blocks. The server takes a free port, which its log tells.
std::string script_of(const std::vector<Block>& blocks) {
  std::string out = script_beginning() + "exec 2>&1\n";
  for (const auto& block : blocks) {
    const std::string lines =
        replaced(block.lines, "--listen localhost:2345", "--listen 127.0.0.1:0");
    out += replaced(lines, "localhost:2345", "127.0.0.1:$(port)") + "echo '" +
           std::string(end_of_block) + "'\n";
  }
  return out;
}

// Without what differs from walk to walk: times, the folder, who walks, the ids of requests, and
// how wide a column is for them.
std::string without_differences(std::string text) {
  text = replaced(text, "/[^ ]+/restored", "FOLDER/restored");
  text = replaced(without_times(text), "[^ ]+ of local", "WHO of local");
  text = replaced(text, "\\b(?!64b7f1)[0-9a-f]{24}\\b", "REQUEST");
  return replaced(text, "  +", " ");
}

TEST(Tour, ShowsWhatItsLinesAnswer) {
  const auto blocks = blocks_of("tour.md");
  ASSERT_GE(blocks.size(), 12U);
  const CliWorld world;
  const std::string begin = "TMPDIR='" + world.path("") + "'; export TMPDIR\n";
  const Finished walk = run({.words = {"bash", "-c", begin + script_of(blocks)},
                             .environment = {"no_proxy=*", "RINGBOOK_LOG_FORMAT=json"}});
  EXPECT_EQ(walk.exit_code, 0);
  std::string_view left = walk.out;
  for (const auto& block : blocks) {
    const auto end = left.find(end_of_block);
    ASSERT_NE(end, left.npos) << "the walk ended within:\n" << block.lines << walk.out;
    EXPECT_EQ(without_differences(std::string(left.substr(0, end))),
              without_differences(block.shown))
        << block.lines;
    left.remove_prefix(end + end_of_block.size() + 1);
  }
}

}  // namespace
}  // namespace ringbook::test
