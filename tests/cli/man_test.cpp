// The man page, which packaging/man makes, tells what the program and the documents tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "cli/cli_world.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsSupersetOf;
using Names = std::set<std::string>;

// What stands between `begin` and the next `end`.
std::string part_of(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  EXPECT_NE(from, std::string::npos) << begin;
  if (from == std::string::npos) {
    return "";
  }
  const std::size_t first = from + begin.size();
  return text.substr(first, text.find(end, first) - first);
}

// The two groups of `pattern`, wherever it fits.
std::map<std::string, std::string> pairs_in(const std::string& text, const std::string& pattern) {
  std::map<std::string, std::string> out;
  for (const Match& match : matches_in(text, pattern)) {
    out.emplace(match[1], match.size() > 2 ? match[2] : "");
  }
  return out;
}

Names names_in(const std::string& text, const std::string& pattern) {
  Names out;
  for (const auto& [name, nothing] : pairs_in(text, pattern)) {
    out.insert(name);
  }
  return out;
}

// Made once: the program is asked for every command.
const std::string& page() {
  static const std::string text = [] {
    Finished made = run({.words = {RINGBOOK_SOURCE_DIR "/packaging/man", RINGBOOK_BINARY}});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    EXPECT_EQ(made.err, "");
    return std::move(made.out);
  }();
  return text;
}

std::string section(const std::string& name) {
  return part_of(page(), ".SH " + name + "\n", "\n.SH ");
}

// [CMD-3]
TEST(ManPage, TellsEveryExitCodeAsTheHelpAndTheDocumentsDo) {
  const auto codes = pairs_in(section("\"EXIT STATUS\""), "\\.TP\n\\.B (\\d+)\n(.+)");
  EXPECT_EQ(codes,
            pairs_in(part_of(bare({"--help"}).out, "Exit codes:\n", "\n\n"), "  (\\d+) +(.+)"));
  EXPECT_EQ(codes, pairs_in(part_of(content_of(RINGBOOK_SOURCE_DIR "/docs/operations.md"),
                                    "| exit code | meaning |\n|---|---|\n", "\n\n"),
                            "\\| (\\d+) \\| (.+) \\|"));
  EXPECT_EQ(codes.size(), 6U);
}

// [CMD-3]
TEST(ManPage, TellsEveryVariable) {
  const std::string environment = section("ENVIRONMENT");
  // A variable that there is not is refused with all that there are.
  const Finished refused = bare({"serve", "--print-config"}, {"RINGBOOK_=x"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(names_in(environment, "\n\\.BI (RINGBOOK_\\w+)="),
            names_in(refused.err, "(RINGBOOK_[A-Z_]+[A-Z])"));
  EXPECT_THAT(environment, HasSubstr(".BI RINGBOOK_LOG_LEVEL= debug|info|warning|error\n"
                                     "the least that is logged (\\-\\-log\\-level)\n"));

  Names read{"TMPDIR"};
  for (const auto& file : fs::recursive_directory_iterator(RINGBOOK_SOURCE_DIR "/src")) {
    if (file.is_regular_file()) {
      read.merge(names_in(content_of(file.path()), "getenv\\(\"(\\w+)\"\\)"));
    }
  }
  EXPECT_GT(read.size(), 1U);
  EXPECT_THAT(names_in(environment, "\n\\.B (\\w+)\n"), IsSupersetOf(read));
}

// [CMD-3]
TEST(ManPage, TellsEveryCommandOnce) {
  const std::string commands = section("COMMANDS");
  for (const char* command : {"serve", "user edit", "number history", "import", "help"}) {
    EXPECT_THAT(commands, HasSubstr(".SS \"ringbook " + std::string(command) + "\"\n"));
  }
  EXPECT_EQ(commands.find("ringbook help serve\"\n"), std::string::npos);
}

}  // namespace
}  // namespace ringbook::test
