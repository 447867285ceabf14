// Completion of command lines: what the program offers, and what bash and zsh make of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <utility>

#include "cli/cli_world.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string offered(Words words) {
  words.insert(words.begin(), "complete");
  const Finished said = bare(words);
  EXPECT_EQ(said.exit_code, 0);
  return said.out;
}

// [CMD-1]
TEST(Completion, OffersTheCommandsAndFlagsThatFit) {
  EXPECT_EQ(offered({"se"}), "serve\nset\n");
  EXPECT_EQ(offered({"user", "r"}), "remove\n");
  EXPECT_EQ(offered({"number", "hi"}), "history\n");
  EXPECT_EQ(offered({"user", "history", "--at"}), "--at\n");
  EXPECT_EQ(offered({"user", "list", "--log"}), "--log-level\n--log-format\n");
  EXPECT_EQ(offered({"serve", "--data", "x", "--print"}), "--print-config\n");
  EXPECT_THAT(offered({""}), AllOf(StartsWith("serve\n"), Not(HasSubstr("--help"))));
  EXPECT_EQ(offered({}), offered({""}));
}

// [CMD-1]
TEST(Completion, OffersTheValuesOfWhichThereIsAFixedSet) {
  EXPECT_EQ(offered({"serve", "--log-level", ""}), "debug\ninfo\nwarning\nerror\n");
  EXPECT_EQ(offered({"user", "list", "--log-format", "j"}), "json\n");
  EXPECT_EQ(offered({"serve", "--error-details", "o"}), "on\noff\n");
  EXPECT_EQ(offered({"doctor", "--store", ""}), "sqlite:\nmemory:\nmongodb://\n");
  EXPECT_EQ(offered({"user", "edit", "--active", ""}), "true\nfalse\n");
  EXPECT_EQ(offered({"export", "--format", ""}), "csv\njsonl\n");
  EXPECT_EQ(offered({"serve", "--log-level", "loud"}), "");
  // In one word with its flag.
  EXPECT_EQ(offered({"serve", "--store=m"}), "--store=memory:\n--store=mongodb://\n");
  EXPECT_EQ(offered({"serve", "--nonsense=m"}), "");
}

// [CMD-1]
TEST(Completion, OffersTheLastElementOfAList) {
  EXPECT_EQ(offered({"token", "--algorithms", "RS"}), "RS256\nRS384\nRS512\n");
  EXPECT_EQ(offered({"token", "--algorithms", "Ed,RS,ES5"}), "Ed,RS,ES512\n");
  EXPECT_THAT(offered({"token", "--algorithms=HS256,"}),
              AllOf(StartsWith("--algorithms=HS256,HS256\n"), HasSubstr("=HS256,EdDSA\n")));
}

// [CMD-1]
TEST(Completion, LeavesPathsToTheShell) {
  EXPECT_EQ(offered({"serve", "--config", ""}), ":files \n");
  EXPECT_EQ(offered({"serve", "--data", "p"}), ":folders \n");
  EXPECT_EQ(offered({"serve", "--tls-key=p"}), ":files --tls-key=\n");
  EXPECT_EQ(offered({"import", "--errors", ""}), ":files \n");
  EXPECT_EQ(offered({"import", ""}), ":files \n");
  EXPECT_EQ(offered({"backup", "peo"}), ":files \n");
  EXPECT_EQ(offered({"import", "--dr"}), "--dry-run\n");
  // Where no path is meant.
  EXPECT_EQ(offered({"serve", "--issuer", ""}), "");
  EXPECT_EQ(offered({"set", ""}), "");
}

// [CMD-2]
TEST(Completion, OffersCommandsToHelp) {
  EXPECT_EQ(offered({"h"}), "help\n");
  EXPECT_EQ(offered({"help", ""}), offered({""}));
  EXPECT_EQ(offered({"help", "user", "e"}), "edit\n");
  EXPECT_EQ(offered({"help", "import", ""}), "");
  EXPECT_EQ(offered({"help", "import", "--"}), "");
}

// A line as it is typed, and the arguments of the command that runs.
using TypedAndRun = std::vector<std::pair<std::string, std::string>>;

// Types at a shell that has a terminal, in a folder with a few files.
class Shell : public testing::Test {
 protected:
  Shell() {
    fs::create_directory(world_.path("bin"));
    fs::create_directories(world_.path("here/things"));
    for (const char* file : {"here/thing", "here/people.csv", "here/things/inside"}) {
      world_.write(file, "");
    }
    // Completes as the program does, and writes down how it would have been run.
    const std::string program =
        world_.write("bin/ringbook", "#!/bin/sh\n[ \"$1\" != complete ] || exec " RINGBOOK_BINARY
                                     " \"$@\"\necho \"$*\" >> ../runs\n");
    fs::permissions(program, fs::perms::owner_all);
  }

  void expect_runs(const std::string& shell, const std::string& setup, const TypedAndRun& lines) {
    std::string input =
        "PATH=" + world_.path("bin") + ":$PATH; cd " + world_.path("here") + "\n" + setup + "\n";
    Words wanted;
    for (const auto& [typed, run] : lines) {
      input += "ringbook " + typed + "\n";
      wanted.push_back(run);
    }
    const Finished session =
        run({.words = {"script", "--quiet", "--return", "--command", shell, "/dev/null"},
             .environment = {"INPUTRC=/dev/null"},
             .input = input + "exit\n"});
    const Finished runs = run({.words = {"cat", world_.path("runs")}});
    Words had;
    std::istringstream text(runs.out);
    for (std::string line; std::getline(text, line);) {
      had.push_back(line);
    }
    EXPECT_THAT(had, ElementsAreArray(wanted)) << session.out;
  }

  CliWorld world_;
};

constexpr char packaging[] = RINGBOOK_SOURCE_DIR "/packaging";

TypedAndRun lines_for_both() {
  return {
      {"serv\t--print\t", "serve --print-config"},
      {"user hist\tada --at x", "user history ada --at x"},
      {"help us\tadd", "help user add"},
      {"serve --log-level wa\t--log-format te\t", "serve --log-level warning --log-format text"},
      {"serve --error-details of\t", "serve --error-details off"},
      {"serve --store mem\t", "serve --store memory:"},
      {"serve --store=mem\t", "serve --store=memory:"},
      // A folder is to follow.
      {"serve --store sq\tthings", "serve --store sqlite:things"},
      {"serve --listen localhost:2000 --log-level=de\t",
       "serve --listen localhost:2000 --log-level=debug"},
      {"serve --algorithms HS256,ES3\t", "serve --algorithms HS256,ES384"},
      {"serve --algorithms=RS256,Ed\t", "serve --algorithms=RS256,EdDSA"},
      {"user add --active f\t", "user add --active false"},
      {"export --format j\t", "export --format jsonl"},
      {"serve --config peo\t", "serve --config people.csv"},
      {"serve --config=peo\t", "serve --config=people.csv"},
      {"import things/in\t", "import things/inside"},
      {"import peo\t--dry\t", "import people.csv --dry-run"},
      // Files of the shell's own.
      {"import - < peo\t", "import -"},
      // Of `thing` and `things` only one is a folder.
      {"serve --data thi\tx", "serve --data things/x"},
      {"serve --data=thi\tx", "serve --data=things/x"},
      // No path is meant.
      {"serve --issuer peo\t", "serve --issuer peo"},
      {"set peo\t1234", "set peo1234"},
  };
}

// [CMD-1]
TEST_F(Shell, BashCompletes) {
  TypedAndRun lines = lines_for_both();
  // Escape and a star put in everything that is offered.
  lines.emplace_back("serve --log-level \033*", "serve --log-level debug error info warning");
  lines.emplace_back("export --format \033*", "export --format csv jsonl");
  // The cursor before what is there already.
  lines.emplace_back("serve --log-level war --print-config" + std::string(15, '\002') + "\t",
                     "serve --log-level warning --print-config");
  expect_runs("bash --norc --noprofile -i", "source " + std::string(packaging) + "/ringbook.bash",
              lines);
}

// [CMD-1]
TEST_F(Shell, ZshCompletes) {
  if (run({.words = {"sh", "-c", "command -v zsh"}}).exit_code != 0) {
    constexpr std::string_view absent = "NOT TESTED: no zsh; `script/setup --cli` installs it";
    if (is_required("zsh")) {
      FAIL() << absent << ", but RINGBOOK_REQUIRE names it";
    }
    GTEST_SKIP() << absent;
  }
  expect_runs("zsh -f -i",
              "fpath=(" + std::string(packaging) +
                  " $fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep",
              lines_for_both());
}

}  // namespace
}  // namespace ringbook::test
