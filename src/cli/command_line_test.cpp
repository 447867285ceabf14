#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = std::vector<std::string>;

// What is said of words that cannot be read, without where help is found.
std::string refusal_of(const Words& words) {
  const auto parsed = parse_command_line(words);
  if (parsed) {
    return "";
  }
  EXPECT_EQ(parsed.error().code, Errc::usage);
  const std::string& detail = parsed.error().detail;
  EXPECT_THAT(detail, HasSubstr("--help` shows what it takes"));
  return detail.substr(0, detail.rfind('\n'));
}

// [CMD-5]
TEST(CommandLine, ShowsWhereAFlagBelongsThatStandsBeforeItsCommand) {
  const std::string begin = "not expected: --data; it belongs behind the command";
  const auto line = [&](const std::string& right) { return begin + "\nwrite: ringbook " + right; };
  EXPECT_EQ(refusal_of({"--data", ".", "user", "list"}), line("user list --data ."));
  EXPECT_EQ(refusal_of({"--data=.", "user", "list"}), line("user list --data=."));
  EXPECT_EQ(refusal_of({"user", "--data", ".", "list"}), line("user list --data ."));
  EXPECT_EQ(refusal_of({"--data", ".", "user", "--json", "list", "--search", "ada"}),
            line("user list --data . --json --search ada"));
  EXPECT_EQ(refusal_of({"--data", ".", "set", "ada@example.com", "1234"}),
            line("set --data . ada@example.com 1234"));
  EXPECT_EQ(refusal_of({"--data", "user", "serve"}), line("serve --data user"))
      << "a folder that is called as a command";
  EXPECT_EQ(refusal_of({"--data", "it's a folder", "import", "-"}),
            line("import --data 'it'\\''s a folder' -"));
  EXPECT_EQ(refusal_of({"--data", "", "export"}), line("export --data ''"));
}

// [CMD-5]
TEST(CommandLine, ShowsNoLineThatWouldBeWrongOrHoldASecret) {
  EXPECT_EQ(refusal_of({"--data", "user", "list"}),
            "not expected: --data; it belongs behind the command")
      << "its value is missing";
  EXPECT_EQ(refusal_of({"--data", ".", "user", "list", "--nonsense"}),
            "not expected: --data; it belongs behind the command");
  const std::string hidden =
      refusal_of({"--jwks-url", "https://root:secret@id.example.com/", "token"});
  EXPECT_EQ(hidden, "not expected: --jwks-url; it belongs behind the command");
  EXPECT_EQ(refusal_of({"--token=secret", "user", "list"}), "not expected: --token");
  EXPECT_EQ(refusal_of({"--data", "."}), "not expected: --data") << "there is no command";
}

// [CMD-5]
TEST(CommandLine, TakesFlagsBeforeAndBehindTheWordsOfACommand) {
  EXPECT_EQ(refusal_of({"import", "--data", ".", "people.csv", "--dry-run"}), "");
  EXPECT_EQ(refusal_of({"set", "--data", ".", "ada@example.com", "1234", "--if-version", "3"}), "");
  EXPECT_EQ(refusal_of({"user", "edit", "--config", "c", "ada@example.com", "--name", "Ada"}), "");
  EXPECT_EQ(refusal_of({"token", "--claim", "a=b", "more"}), "not expected: more");
}

// [CMD-5]
TEST(CommandLine, SuggestsCommandsThatAreNear) {
  EXPECT_EQ(refusal_of({"usr", "list"}), "not expected: usr; did you mean user?");
  EXPECT_EQ(refusal_of({"EXPORT"}), "not expected: EXPORT; did you mean export?");
  EXPECT_EQ(refusal_of({"user", "lsit"}), "not expected: lsit; did you mean list?");
  EXPECT_EQ(refusal_of({"number", "histroy", "1234"}),
            "not expected: histroy; did you mean history?");
  EXPECT_EQ(refusal_of({"help", "imprt"}),
            "`ringbook` has no command \"imprt\"; did you mean import?");
  EXPECT_EQ(refusal_of({"help", "user", "ad"}),
            "`ringbook user` has no command \"ad\"; did you mean add?");
}

// [CMD-5]
TEST(CommandLine, SuggestsFlagsThatAreNearAmongThoseOfTheCommand) {
  EXPECT_EQ(refusal_of({"user", "list", "--serch", "ada"}),
            "not expected: --serch; did you mean --search?");
  EXPECT_EQ(refusal_of({"user", "list", "--dta=secret"}),
            "not expected: --dta; did you mean --data?");
  EXPECT_EQ(refusal_of({"serve", "--log_levle", "debug"}),
            "not expected: --log_levle; did you mean --log-level?");
  EXPECT_EQ(refusal_of({"export", "-data", "."}), "not expected: -data; did you mean --data?");
  EXPECT_EQ(refusal_of({"--dta", ".", "user", "list"}),
            "not expected: --dta; did you mean --data?");
  EXPECT_EQ(refusal_of({"--versoin"}), "not expected: --versoin; did you mean --version?");
  EXPECT_EQ(refusal_of({"user", "list", "--lisetn", ":1"}), "not expected: --lisetn")
      << "a flag of another command";
}

// [CMD-5]
TEST(CommandLine, SuggestsNothingWhenNothingIsNear) {
  for (const Words& words : std::vector<Words>{{"frobnicate"},
                                               {"user", "frobnicate"},
                                               {"export", "--nonsense"},
                                               {"export", "--x"},
                                               {"set", "a@b", "12", "sett"},
                                               {"help", "frobnicate"}}) {
    EXPECT_THAT(refusal_of(words), Not(HasSubstr("did you mean"))) << words.front();
    EXPECT_THAT(refusal_of(words), Not(HasSubstr("belongs"))) << words.front();
  }
}

TEST(CommandLine, TakesFlagsAnywhereBehindTheirCommand) {
  for (const Words& words : std::vector<Words>{{"user", "list", "--data", "."},
                                               {"set", "a@b", "--data", ".", "12"},
                                               {"import", "--dry-run", "-"}}) {
    EXPECT_EQ(refusal_of(words), "") << words.front();
  }
}

}  // namespace
}  // namespace ringbook
