// The commands that tell the past, and those that insist on a version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

class HistoryCommands : public testing::Test {
 protected:
  HistoryCommands() { world.add_people(); }

  std::string out(Words words) const {
    const Finished finished = world.ringbook(std::move(words));
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return without_times(finished.out);
  }
  // The member `name` of the present person.
  std::string version() const {
    const std::string shown = world.ringbook({"user", "show", std::string(ada), "--json"}).out;
    const std::size_t at = shown.find("\"version\":") + 10;
    return shown.substr(at, shown.find(',', at) - at);
  }

  CliWorld world;
  const std::string a{ada};
  const std::string g{grace};
};

// [HIST-1]
TEST_F(HistoryCommands, TellWhoHasANumberAndWhoHadIt) {
  EXPECT_EQ(out({"number", "show", "1300"}), "Grace Hopper (" + g + ") has 1300 since T\n");
  EXPECT_EQ(out({"number", "show", "1301"}), "1301 is free\n");
  EXPECT_THAT(out({"number", "show", "1300", "--json"}), StartsWith(R"({"rcExtension":"1300",)"));
  out({"release", g});
  out({"set", a, "1300"});
  const std::string history = world.ringbook({"number", "history", "1300"}).out;
  EXPECT_THAT(history,
              MatchesRegex("FROM  +TO  +USER ID  +NAME\n20[^ ]+Z  now  +" + a +
                           "  Ada Lovelace\n20[^ ]+Z  20[^ ]+Z  " + g + "  Grace Hopper\n"));
  EXPECT_THAT(
      out({"number", "history", "1300", "--json"}),
      AllOf(StartsWith("{\"data\":[\n{\"userId\":\"" + a), HasSubstr("\n],\"next\":null}\n")));
  const std::string since = history.substr(history.find('\n') + 1, 24);
  EXPECT_THAT(out({"number", "history", "1300", "--at", since}),
              StartsWith("Ada Lovelace (" + a + ") held 1300 at T: since T\n"));
  EXPECT_EQ(out({"number", "history", "1300", "--at", "2020-01-01"}), "nobody held 1300 at T\n");
  EXPECT_THAT(out({"number", "history", "1300", "--at", since, "--json"}),
              StartsWith(R"({"rcExtension":"1300","at":"T","holding":{"userId":")" + a));
}

// [HIST-1]
TEST_F(HistoryCommands, TellWhatAPersonHeld) {
  out({"set", g, "1301"});
  const std::string history = world.ringbook({"user", "history", g}).out;
  EXPECT_THAT(without_times(history), AllOf(StartsWith("AT"), HasSubstr("1300  1301  ")));
  const std::string at = history.substr(history.find('\n') + 1, 24);
  EXPECT_THAT(out({"user", "history", g, "--at", at}),
              StartsWith(g + " held 1301 at T: since T, given by "));
  EXPECT_EQ(out({"user", "history", g, "--at", "2020-01-01T00:00:00+01:00"}),
            g + " held no number at T\n");
  EXPECT_THAT(out({"user", "history", g, "--json"}), HasSubstr(R"("from":"1300","to":"1301")"));
}

// [HIST-1]
TEST_F(HistoryCommands, RefuseWhatIsNoMomentAndNoNumber) {
  for (const Words& words : std::vector<Words>{{"number", "history", "1300", "--at", "soon"},
                                               {"number", "history", "1300", "--at", "9999-12-31"},
                                               {"user", "history", g, "--at", "2026-02-30"}}) {
    const Finished refused = world.ringbook(words);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, StartsWith("ringbook: at: Must "));
  }
  for (const char* verb : {"show", "history"}) {
    const Finished refused = world.ringbook({"number", verb, "../users"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("is no number: 2 to 10 digits"));
  }
}

// [COND-2]
TEST_F(HistoryCommands, AStaleWriteIsToldAndChangesNothing) {
  out({"set", a, "1400"});
  const std::string old = version();
  out({"set", a, "1401"});
  const std::string present = world.ringbook({"user", "show", a, "--json"}).out;
  const Finished refused = world.ringbook({"set", a, "1402", "--if-version", old});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(without_times(refused.err),
              MatchesRegex("ringbook: The current version is [0-9]+, not " + old +
                           ": Ada Lovelace's extension was changed from 1400 to 1401 by .+ of "
                           "local at T; you asked for 1402.\nnothing was changed; `ringbook user "
                           "show " +
                           a + "` shows the present version\n"));
  for (Words words :
       std::vector<Words>{{"release", a},
                          {"user", "remove", a},
                          {"user", "edit", a, "--name", "Ada", "--active", "false"}}) {
    words.insert(words.end(), {"--if-version", old});
    const Finished other = world.ringbook(words);
    EXPECT_EQ(other.exit_code, 1) << words[0];
    EXPECT_THAT(other.err, StartsWith("ringbook: The current version is "));
  }
  EXPECT_EQ(world.ringbook({"user", "show", a, "--json"}).out, present);
  out({"set", a, "1402", "--if-version", version()});
  out({"user", "edit", a, "--name", "Ada", "--if-version", version()});
  out({"release", a, "--if-version", version()});
  out({"user", "remove", a, "--if-version", version()});
}

}  // namespace
}  // namespace ringbook::test
