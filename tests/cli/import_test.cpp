// Import on real data folders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string header = "userId,name,email,department,role,active,rcExtension\n";
const std::string a(ada);
const std::string g(grace);
const std::string n(nobody);

class Import : public testing::Test {
 protected:
  Finished import(std::string text, const Words& more = {}) const {
    Words words{"import", "-"};
    words.insert(words.end(), more.begin(), more.end());
    return world_.ringbook(std::move(words), std::move(text));
  }
  std::string exported() const { return world_.ringbook({"export"}).out; }

  CliWorld world_;
};

// [IMP-10] [IMP-12]
TEST_F(Import, TakesWhatExportGaveAndChangesNothing) {
  const std::string people = header + a + ",\"'=1+\"\"2\"\", x\",a@b,'@home,boss,false,0012\n" + g +
                             ",''quoted,,Ærø,user,true,\n" + n + ",,,,user,true,9999999999\n";
  ASSERT_EQ(import(people).exit_code, 0);
  EXPECT_EQ(exported(), people);
  for (const std::string format : {"csv", "jsonl"}) {
    const std::string out = world_.ringbook({"export", "--format", format}).out;
    const Finished again = import(out, {"--json"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.out,
              R"({"applied":true,"rows":3,"created":0,"edited":0,"assigned":0,"released":0,)"
              R"("unchanged":3,"refused":0,"problems":[],"omittedProblems":0,"warnings":[],)"
              R"("ignoredColumns":[]})"
              "\n");
    const CliWorld other;
    ASSERT_EQ(other.ringbook({"import", "-"}, out).exit_code, 0);
    EXPECT_EQ(other.ringbook({"export", "--format", format}).out, out);
  }
}

TEST_F(Import, ReadsAFileWithMarkAndCarriageReturns) {
  const std::string file =
      world_.write("people.csv", "\xEF\xBB\xBFuserId,rcExtension\r\n" + a + ",0012\r\n");
  const Finished done = world_.ringbook({"import", file});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(exported(), header + a + ",,,,user,true,0012\n");
}

TEST_F(Import, LeavesAbsentColumnsAloneAndClearsEmptyCells) {
  ASSERT_EQ(import(header + a + ",Ada,a@b,Math,boss,false,1234\n").exit_code, 0);
  ASSERT_EQ(import("department,userId\n," + a + "\n").exit_code, 0);
  EXPECT_EQ(exported(), header + a + ",Ada,a@b,,boss,false,1234\n");
  ASSERT_EQ(import(R"({"userId":")" + a + R"(","name":null,"role":null})").exit_code, 0);
  EXPECT_EQ(exported(), header + a + ",,a@b,,user,false,1234\n");
}

// [IMP-9]
TEST_F(Import, IsAllOrNothing) {
  const Finished refused =
      import(header + a + ",Ada,,,,,1234\n" + g + ",G,,,,bad,12\nnonsense,,,,,,\n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr("line 3, column 31: active \"bad\""),
                                 HasSubstr("line 4, column 1: userId \"nonsense\""),
                                 HasSubstr("nothing was imported: 2 of 3 rows are refused"),
                                 HasSubstr("--skip-invalid")));
  EXPECT_FALSE(std::filesystem::exists(world_.data()));
}

TEST_F(Import, SkipsInvalidRowsWhenAsked) {
  const Finished done =
      import(header + a + ",Ada,,,,,1234\n" + g + ",G,,,,bad,12\n", {"--skip-invalid"});
  EXPECT_EQ(done.exit_code, 1) << "something was refused";
  EXPECT_THAT(done.out, StartsWith("imported: 1 created"));
  EXPECT_THAT(done.err, HasSubstr("line 3, column 31"));
  EXPECT_EQ(exported(), header + a + ",Ada,,,user,true,1234\n");
}

// [IMP-7]
TEST_F(Import, TellsConflictsByRow) {
  world_.add_people();
  const std::string rows = "userId,rcExtension\n" + a + ",1300\n" + n + ",1235\n";
  const Finished refused = import(rows, {"--json"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(
      refused.out,
      AllOf(StartsWith(R"({"applied":false,)"),
            HasSubstr(R"({"line":2,"column":26,"value":"1300","message":"line 2, column )"
                      R"(26: extension 1300 is held by Grace Hopper ()" +
                      g + ") since 20"),
            HasSubstr(R"("holder":{"userId":")" + g + R"(","name":"Grace Hopper","since":"20)")));
  EXPECT_THAT(exported(), Not(HasSubstr(n)));
  EXPECT_EQ(import(rows, {"--skip-invalid"}).exit_code, 1);
  EXPECT_THAT(exported(), AllOf(HasSubstr(n), HasSubstr("Support,user,true,\n")));
}

TEST_F(Import, SwapsNumbersInOneStep) {
  ASSERT_EQ(import("userId,rcExtension\n" + a + ",11\n" + g + ",22\n").exit_code, 0);
  ASSERT_EQ(import("userId,rcExtension\n" + a + ",22\n" + g + ",11\n").exit_code, 0);
  EXPECT_EQ(exported(), header + a + ",,,,user,true,22\n" + g + ",,,,user,true,11\n");
}

TEST_F(Import, ReleasesANumberOnlyWhenAllowed) {
  world_.add_people();
  const std::string clearing = "userId,rcExtension\n" + g + ",\n" + a + ",\n";
  const Finished refused = import(clearing);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("line 2, column 26: would take extension 1300"),
                                 HasSubstr("--allow-release"), Not(HasSubstr("line 3"))));
  EXPECT_THAT(exported(), HasSubstr("1300"));
  EXPECT_EQ(import(clearing, {"--allow-release"}).exit_code, 0);
  EXPECT_THAT(exported(), Not(HasSubstr("1300")));
}

// [IMP-8]
TEST_F(Import, OnlySaysWhatItWouldDoInADryRun) {
  world_.add_people();
  const std::string before = exported();
  const Finished dry = import("userId,rcExtension\n" + g + ",1300\n" + n + ",22\n" + a + ",1300\n",
                              {"--dry-run", "--skip-invalid"});
  EXPECT_EQ(dry.exit_code, 1) << "one row would be refused";
  EXPECT_THAT(dry.err, Not(HasSubstr("nothing would be imported")));
  const Finished whole =
      import("userId,rcExtension\n" + n + ",22\n" + a + ",1300\n", {"--dry-run"});
  EXPECT_EQ(whole.exit_code, 1);
  EXPECT_THAT(whole.err, HasSubstr("nothing would be imported: 1 of 2 rows is refused; mend"));
  const Finished clean =
      import("userId,rcExtension\n" + g + ",1300\n" + n + ",22\n", {"--dry-run"});
  EXPECT_EQ(clean.exit_code, 0);
  EXPECT_EQ(clean.out,
            "line 3: create " + n +
                ": rcExtension none → 22\nwould import: 1 created, 0 edited, 1 number assigned, 0 "
                "released, 1 row unchanged, 0 refused\n");
  EXPECT_EQ(exported(), before);
}

// [IMP-8]
TEST_F(Import, ShowsOldAndNewOfEachRowInADryRun) {
  world_.add_people();
  const Finished dry = import(
      "userId,name,rcExtension\n" + g + ",Grace,1301\n" + a + ",Ada Lovelace,\n", {"--dry-run"});
  EXPECT_EQ(dry.out,
            "line 2: change " + g +
                " (Grace Hopper): name \"Grace Hopper\" → \"Grace\", rcExtension 1300 → 1301\n"
                "would import: 0 created, 1 edited, 1 number assigned, 0 released, 1 row "
                "unchanged, 0 refused\n");
}

// [IMP-10]
TEST_F(Import, TakesAnExportWithOtherSeparatorsAndLineEndsForNoChange) {
  ASSERT_EQ(
      import(header + a + ",\"x, y\",,,boss,false,0012\n" + g + ",'=1,,,user,true,34\n").exit_code,
      0);
  const std::string before = exported();
  for (const std::string separator : {",", ";", "\t"}) {
    std::string converted = "\xEF\xBB\xBF";
    bool is_quoted = false;
    for (const char c : before) {
      is_quoted ^= c == '"';
      converted += c == '\n' ? "\r\n" : c == ',' && !is_quoted ? separator : std::string(1, c);
    }
    const Finished again = import(converted);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr("0 edited, 0 numbers assigned, 0 released, 2 rows unchanged"));
  }
  EXPECT_EQ(exported(), before);
}

// [IMP-10]
TEST_F(Import, CountsTheRestAsUnchangedWhenACorrectedFileIsRepeated) {
  const std::string good = header + a + ",Ada,,,,,1234\n";
  const Finished skipped = import(good + g + ",G,,,,,x\n", {"--skip-invalid"});
  EXPECT_EQ(skipped.exit_code, 1);
  const Finished corrected = import(good + g + ",G,,,,,1235\n");
  EXPECT_EQ(corrected.exit_code, 0);
  EXPECT_EQ(corrected.out,
            "imported: 1 created, 0 edited, 1 number assigned, 0 released, 1 row unchanged, 0 "
            "refused\n");
}

// [IMP-7]
TEST_F(Import, WritesEveryRefusedRowWhereItIsAsked) {
  std::string rows = header;
  for (unsigned i = 0; i < 1200; ++i) {
    rows += id_number(i) + ",,,,,,\x1b[2J\n";
  }
  const std::string errors = world_.path("errors.csv");
  const Finished refused = import(rows, {"--errors", errors});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("line 1001, column 31: rcExtension"),
                                 Not(HasSubstr("line 1002,")), Not(HasSubstr("\x1b")),
                                 HasSubstr("… and 200 more; --errors FILE or --json gives all")));
  const std::string written = run({.words = {"cat", errors}}).out;
  EXPECT_EQ(std::ranges::count(written, '\n'), 1201);
  EXPECT_THAT(written, AllOf(HasSubstr("\n1201,31,"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(import(rows, {"--json"}).out, HasSubstr(R"({"line":1201,"column":31,)"));
  EXPECT_EQ(import(rows, {"--errors", world_.path("no/such/folder")}).exit_code, 2);
}

// [IMP-5]
TEST_F(Import, RefusesNumbersThatLostTheirZeros) {
  ASSERT_EQ(import("userId,rcExtension\n" + a + ",0042\n" + g + ",1300\n").exit_code, 0);
  const std::string saved = "userId;rcExtension\r\n" + a + ";42\r\n" + g + ";1300\r\n";
  const Finished refused = import(saved);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("extension 42 may have been 0042, which this person holds"));
  EXPECT_EQ(import(saved, {"--accept-short-numbers"}).exit_code, 0);
  EXPECT_THAT(exported(), HasSubstr("true,42\n"));
}

// [IMP-3] [IMP-4]
TEST_F(Import, ReadsListsOfOtherProgramsAsTheDocumentShowsThem) {
  world_.add_people();
  const std::string document =
      run({.words = {"cat", std::string(RINGBOOK_SOURCE_DIR) + "/docs/import.md"}}).out;
  const auto shown = [&](const std::string& begin) {
    const std::size_t from = document.find(begin);
    return document.substr(from, document.find("```", from) - from);
  };
  const std::string freepbx = shown("extension,password");
  const Finished refused = import(freepbx);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("a file of FreePBX; columns left out: password, voicemail, tech, "
                              "secret\n"),
                    HasSubstr("line 3, column 1: no e-mail says whom this row is about"),
                    Not(HasSubstr("not-read"))));
  EXPECT_EQ(import(freepbx, {"--create"}).exit_code, 0);
  EXPECT_THAT(exported(), AllOf(HasSubstr(a + ",Ada Lovelace,ada@example.com,Support,user,true,"
                                              "0146\n"),
                                HasSubstr(",Reception,,,user,true,818\n")));
  EXPECT_THAT(import(freepbx).out, HasSubstr("2 rows unchanged, 0 refused"));
  const Finished ringcentral = import(shown("First Name;"));
  EXPECT_EQ(ringcentral.exit_code, 0) << ringcentral.err;
  EXPECT_THAT(exported(),
              AllOf(HasSubstr(a + ",Ada Lovelace,ada@example.com,Research,user,true,0146\n"),
                    HasSubstr(g + ",Grace Hopper,grace@example.com,Navy,user,false,1300\n")));
}

// [IMP-4]
TEST_F(Import, MakesNoFolderForAListThatFindsNobody) {
  const std::string list = "extension,name,tech,voicemail_email\n11,Ada,sip,ada@example.com\n";
  EXPECT_EQ(import(list).exit_code, 1);
  EXPECT_EQ(import(list, {"--skip-invalid"}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(world_.data()));
  EXPECT_EQ(import(list, {"--create"}).exit_code, 0);
  EXPECT_THAT(exported(), HasSubstr(",Ada,ada@example.com,,user,true,11\n"));
}

TEST_F(Import, NamesTheFileItCannotRead) {
  const Finished missing = world_.ringbook({"import", world_.path("missing.csv")});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("missing.csv"));
  EXPECT_EQ(world_.ringbook({"import", world_.path("")}).exit_code, 2);
}

TEST_F(Import, NeedsTheFolderFree) {
  const Serving server(world_);
  const Finished refused = import(many_people(1));
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("the server at 127.0.0.1:" + server.port()));
  EXPECT_EQ(import(many_people(1), {"--server", server.url()}).exit_code, 3);
  EXPECT_EQ(exported(), header);
}

// [IMP-11]
TEST_F(Import, ShowsItsPhasesOnATerminalOnly) {
  Command command = world_.command({"import", "-"});
  command.input = many_people(3000);
  command.err_is_terminal = true;
  const Finished on_terminal = run(command);
  EXPECT_EQ(on_terminal.exit_code, 0);
  EXPECT_THAT(on_terminal.err, AllOf(HasSubstr("reading: "), HasSubstr("writing: ")));
  command.environment = {"NO_COLOR=1"};
  EXPECT_EQ(run(command).err, "");
  const Finished elsewhere = import(many_people(3000));
  EXPECT_EQ(elsewhere.exit_code, 0);
  EXPECT_EQ(elsewhere.err, "");
}

// [IMP-11]
TEST_F(Import, CountsWhatIsWrittenToTheJournalAndToTheDirectory) {
  Command command = world_.command({"import", "-"});
  command.input = many_people(10'000);  // So many that they are folded at once.
  command.err_is_terminal = true;
  const Finished done = run(command);
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.err, AllOf(HasSubstr("writing: 10,000 of 10,000 edits"),
                              HasSubstr("folding: 10,000 of 10,000 changes")));
}

}  // namespace
}  // namespace ringbook::test
