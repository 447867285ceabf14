// Help, exit codes, and where settings come from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Explained {
  Words command;
  Words names;  // What its help must name.
};

TEST(Help, NamesWhatEveryCommandTakesAndShowsExamples) {
  const Words add{"--id", "--name", "--email", "--department", "--role", "--active", "--json"};
  const Words edit{"USER",   "--name",   "--email", "--department",
                   "--role", "--active", "--json",  "--if-version N"};
  for (auto [words, names] : std::vector<Explained>{
           {{"serve"}, {"--print-config", "--listen", "--jwt-secret-file", "--error-details"}},
           {{"token"}, {"--role", "--subject", "--expires-in", "--claim", "--jwt-secret-file"}},
           {{"user", "add"}, add},
           {{"user", "show"}, {"USER", "--json"}},
           {{"user", "list"}, {"--search", "--email", "--extension", "--department", "--json"}},
           {{"user", "edit"}, edit},
           {{"user", "remove"}, {"USER", "--if-version N", "--json", "--server", "--token-file"}},
           {{"user", "history"}, {"USER", "--at WHEN", "--json", "--server", "end in UTC"}},
           {{"number", "show"}, {"EXTENSION", "--json", "--server", "--token-file"}},
           {{"number", "history"}, {"EXTENSION", "--at WHEN", "--json", "end in UTC"}},
           {{"set"}, {"USER", "EXTENSION", "--if-version N", "--json", "--server", "--token-file"}},
           {{"release"}, {"USER", "--if-version N", "--json", "--server", "--token-file"}},
           {{"import"}, {"FILE", "--dry-run", "--skip-invalid", "--allow-release", "--json"}},
           {{"export"}, {"--format csv|jsonl", "--server", "--token-file"}},
           {{"version"}, {"--json"}}}) {
    std::string name = "ringbook";
    for (const auto& word : words) {
      name += " " + word;
    }
    if (words[0] != "version") {
      names.insert(names.end(), {"--config", "--data", "--store", "--log-level", "--log-format"});
    }
    words.emplace_back("--help");
    const Finished help = bare(words);
    EXPECT_EQ(help.exit_code, 0) << name;
    EXPECT_EQ(help.err, "") << name;
    EXPECT_THAT(help.out, AllOf(HasSubstr("Usage: " + name + " "), HasSubstr("Examples:\n")));
    for (const auto& argument : names) {
      EXPECT_THAT(help.out, HasSubstr(argument)) << name;
    }
  }
}

TEST(Help, IsWhatTheProgramSaysWithoutACommand) {
  const Finished plain = bare({});
  EXPECT_EQ(plain.exit_code, 0);
  EXPECT_EQ(plain, bare({"--help"}));
  EXPECT_THAT(plain.out, AllOf(HasSubstr("ringbook serve"), HasSubstr("Exit codes")));
}

// [CMD-2]
TEST(Help, OfACommandIsWhatItsFlagPrints) {
  EXPECT_EQ(bare({"help"}), bare({"--help"}));
  for (const Words& command : std::vector<Words>{{"serve"}, {"user"}, {"user", "add"}, {"help"}}) {
    Words asked = command;
    asked.insert(asked.begin(), "help");
    Words flagged = command;
    flagged.emplace_back("--help");
    const Finished help = bare(asked);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_EQ(help, bare(flagged)) << command.back();
    EXPECT_THAT(help.out, HasSubstr("Usage: ringbook " + command.front()));
  }
}

// [CMD-2]
TEST(Help, NamesTheCommandThatThereIsNotAndSaysWhatToDo) {
  const Finished unknown = bare({"help", "frobnicate"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(unknown.out, "");
  EXPECT_THAT(unknown.err, HasSubstr("`ringbook` has no command \"frobnicate\"\n"
                                     "`ringbook --help` shows what it takes"));
  EXPECT_THAT(bare({"help", "user", "frobnicate"}).err,
              HasSubstr("`ringbook user` has no command \"frobnicate\"\n"
                        "`ringbook user --help` shows what it takes"));
  EXPECT_THAT(bare({"help", "set", "ada"}).err, HasSubstr("`ringbook set` has no command \"ada\""));
  EXPECT_EQ(bare({"help", "--json"}).exit_code, 2);
}

// [CMD-5]
TEST(WrongUsage, SaysWhatWasProbablyMeant) {
  const Finished misplaced = bare({"--data", ".", "user", "list"});
  EXPECT_EQ(misplaced.exit_code, 2);
  EXPECT_EQ(misplaced.out, "");
  EXPECT_EQ(misplaced.err,
            "ringbook: not expected: --data; it belongs behind the command\n"
            "write: ringbook user list --data .\n"
            "`ringbook user list --help` shows what it takes\n");
  const Finished misspelled = bare({"user", "lst"});
  EXPECT_EQ(misspelled.exit_code, 2);
  EXPECT_THAT(misspelled.err, HasSubstr("not expected: lst; did you mean list?\n"
                                        "`ringbook user --help` shows what it takes"));
  EXPECT_EQ(bare({"user", "list", "--serch", "ada"}).exit_code, 2);
}

TEST(WrongUsage, SaysWhereHelpIs) {
  for (const Words& words :
       std::vector<Words>{{"frobnicate"},
                          {"set"},
                          {"set", "only-a-user"},
                          {"set", "a@b", "12", "more"},
                          {"set", "a@b", "12", "--if-version", "x"},
                          {"set", "a@b", "12", "--if-version", "-1"},
                          {"set", "a@b", "12", "--if-version", "99999999999999999999"},
                          {"export", "--nonsense"},
                          {"serve", "--listen"},
                          {"user", "add", "--active", "maybe"}}) {
    const Finished refused = bare(words);
    EXPECT_EQ(refused.exit_code, 2) << words[0];
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("--help` shows what it takes"));
  }
  const Finished no_text = bare({"user", "add", "--name", "\xFF"});
  EXPECT_EQ(no_text.exit_code, 2);
  EXPECT_THAT(no_text.err, HasSubstr("--name: what is given is not UTF-8"));
  EXPECT_THAT(bare({"export", "--format", "xml"}).err, HasSubstr("allowed is csv or jsonl"));
  EXPECT_EQ(bare({"export", "--format", "xml"}).exit_code, 2);
}

TEST(Version, NamesVersionCommitAndLibraries) {
  const Finished said = bare({"version"});
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_THAT(said.out, AllOf(StartsWith("ringbook 0."), HasSubstr("(commit "),
                              HasSubstr("\nSQLite 3."), HasSubstr("\nBoost 1.")));
  EXPECT_EQ(bare({"--version"}), said);
  EXPECT_THAT(bare({"version", "--json"}).out,
              AllOf(StartsWith(R"({"version":"0.)"), HasSubstr(R"("SQLite":"3.)")));
}

TEST(Settings, ComeFromFlagsThenTheEnvironmentThenTheFile) {
  const CliWorld world;
  const std::string file = world.write(
      "conf", "log-level = debug\n# a comment\nadmin-value = chief # why\r\nissuer=file\n");
  const Finished shown = bare({"serve", "--print-config", "--config", file, "--log-level", "error"},
                              {"RINGBOOK_LOG_LEVEL=warning", "RINGBOOK_ISSUER=env"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("log-level = error  # --log-level\n"),
                               HasSubstr("issuer = env  # RINGBOOK_ISSUER\n"),
                               HasSubstr("admin-value = chief  # " + file + ":3\n"),
                               HasSubstr("subject-claim = sub  # default\n"),
                               HasSubstr("# audience is not set\n")));
  EXPECT_THAT(bare({"serve", "--print-config"}, {"RINGBOOK_CONFIG=" + file}).out,
              HasSubstr("issuer = file  # " + file + ":4\n"));
}

TEST(Settings, ArePrintedAsAFileWithTheSameEffect) {
  const CliWorld world;
  const Finished first =
      bare({"serve", "--print-config", "--listen", "[::1]:0", "--audience", "us"});
  const std::string file = world.write("conf", first.out);
  const Finished second = bare({"serve", "--print-config", "--config", file});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.out, AllOf(HasSubstr("listen = [::1]:0  "), HasSubstr("audience = us  ")));
}

TEST(Settings, AreRefusedWithNameValueAndWhatIsAllowed) {
  const CliWorld world;
  const std::string file = world.write(
      "conf", "error-details = perhaps\nlog-levle = info\nlisten\nissuer = a\nissuer = b\n");
  const Finished refused = world.ringbook({"serve", "--config", file, "--idle-timeout", "soon"}, "",
                                          {"RINGBOOK_STORE=oracle:", "RINGBOOK_TYPO=1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(
      refused.err,
      AllOf(HasSubstr(file + ":1: error-details: \"perhaps\" is not allowed; allowed is on or off"),
            HasSubstr(file + ":2: \"log-levle\": no such setting"),
            HasSubstr(file + ":3: no setting; write"),
            HasSubstr(file + ":5: issuer stands already in line 4"),
            HasSubstr("--idle-timeout: \"soon\" is not allowed"),
            HasSubstr("RINGBOOK_STORE: \"oracle:\" is not allowed"),
            HasSubstr("RINGBOOK_TYPO: no such setting")));
  EXPECT_FALSE(std::filesystem::exists(world.data())) << "nothing was started";
  EXPECT_EQ(bare({"serve", "--print-config", "--config", world.path("missing")}).exit_code, 2);
}

TEST(Settings, KeepSecretsToThemselves) {
  const CliWorld world;
  const std::string file = world.write("url", "sqlite:elsewhere\n");
  const Finished shown =
      bare({"serve", "--print-config", "--store-file", file}, {"RINGBOOK_TOKEN=very.secret.token"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(Not(HasSubstr("very.secret")), Not(HasSubstr("elsewhere"))));
}

TEST(DataFolder, IsMadeByAddingAPerson) {
  const CliWorld world;
  EXPECT_EQ(world.ringbook({"user", "add"}).exit_code, 0);
  EXPECT_EQ(std::filesystem::status(world.data()).permissions(), std::filesystem::perms::owner_all);
}

TEST(DataFolder, IsMadeByAnImportThatImports) {
  const CliWorld world;
  EXPECT_EQ(world.ringbook({"import", "-", "--dry-run"}, many_people(1)).exit_code, 0);
  EXPECT_EQ(world.ringbook({"import", "-"}, "userId\nnobody\n").exit_code, 1);
  EXPECT_EQ(world.ringbook({"import", "-"}, "nonsense\n").exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(world.data()));
  EXPECT_EQ(world.ringbook({"import", "-"}, many_people(1)).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(world.data()));
}

TEST(MemoryStore, IsForServeOnly) {
  const CliWorld world;
  for (const Words& words : std::vector<Words>{{"user", "add", "--store", "memory:"},
                                               {"import", "-", "--store", "memory:"}}) {
    const Finished refused = world.ringbook(words, many_people(1));
    EXPECT_EQ(refused.exit_code, 2) << words[0];
    EXPECT_THAT(refused.err, HasSubstr("`ringbook serve` only"));
    EXPECT_FALSE(std::filesystem::exists(world.data()));
  }
}

TEST(Output, ThatCannotBeWrittenIsNoSuccess) {
  const CliWorld world;
  world.add_people();
  const Finished full = run({.words = {"sh", "-c", "exec \"$0\" \"$@\" > /dev/full",
                                       RINGBOOK_BINARY, "export", "--data", world.data()}});
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_THAT(full.err, HasSubstr("standard output"));
}

}  // namespace
}  // namespace ringbook::test
