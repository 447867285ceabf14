// `ringbook doctor` from outside: exit codes, what it prints, and that it leaves no trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>

#include "base/json.h"
#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

using Trace = std::tuple<std::string, std::int64_t, mode_t>;

// Bytes, time of the last write and mode of everything in the data folder, and of the folder.
std::map<std::string, Trace> traces_of(const CliWorld& world) {
  std::map<std::string, Trace> traces;
  const auto add = [&](const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    std::string bytes;
    if (fs::is_regular_file(path)) {
      std::ifstream stream(path, std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(stream), {});
    }
    traces[path.filename()] = {
        bytes, std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
        status.st_mode};
  };
  add(world.data());
  for (const auto& entry : fs::directory_iterator(world.data())) {
    add(entry.path());
  }
  return traces;
}

class DoctorCommand : public testing::Test {
 protected:
  // Runs it, and checks that the folder is as it was.
  Finished doctor(Words words = {}) const {
    const auto before = traces_of(world_);
    words.insert(words.begin(), "doctor");
    Finished finished = world_.ringbook(std::move(words), {}, {"TMPDIR=" + world_.path("scratch")});
    EXPECT_TRUE(traces_of(world_) == before) << "the folder was changed";
    EXPECT_TRUE(fs::is_empty(world_.path("scratch")));
    return finished;
  }

  void SetUp() override { fs::create_directory(world_.path("scratch")); }

  CliWorld world_;
};

// [STORE-13]
TEST_F(DoctorCommand, FindsNothingInAFolderThatWasClosed) {
  world_.add_people();
  EXPECT_EQ(doctor(), (Finished{0, "all is well: 2 changes, 2 people, 1 number\n", ""}));
}

// [STORE-13]
TEST_F(DoctorCommand, FindsNothingInAFolderWhoseServerWasKilled) {
  world_.add_people();
  {
    Serving server(world_);
    const std::string url = server.url() + "/v1/users/" + std::string(ada) + "/extension";
    for (int i = 0; i < 30; ++i) {
      curl({"--request", "PUT", url, "--json",
            R"({"rcExtension":")" + std::to_string(4000 + i) + "\"}"},
           token_of(world_));
    }
    server.process().signal(SIGKILL);
    server.process().wait();
  }
  ASSERT_GT(fs::file_size(world_.data() + "/journal.db-wal"), 0U);
  EXPECT_EQ(doctor(), (Finished{0, "all is well: 32 changes, 2 people, 2 numbers\n", ""}));
  // The log of the killed server is still what a start needs.
  EXPECT_THAT(world_.ringbook({"user", "show", std::string(ada)}).out, HasSubstr("4029"));
}

TEST_F(DoctorCommand, TellsDamageAndHowToMendItAndEndsWith4) {
  world_.add_people();
  const std::string file = world_.data() + "/directory.db";
  fs::resize_file(file, fs::file_size(file) - 4096);
  const Finished finished = doctor();
  EXPECT_EQ(finished.exit_code, 4);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("damage: directory.db: "), HasSubstr("\n  mend: "),
                                  HasSubstr("`ringbook restore`")));
  const Finished again = doctor({"--json"});
  EXPECT_EQ(again.exit_code, 4);
  JsonDocument json;
  ASSERT_TRUE(json.parse(again.out)) << again.out;
  const auto first = json.root().find("findings")->first();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->find("weight")->string(), "damage");
  EXPECT_EQ(first->find("where")->string(), "directory.db");
  EXPECT_NE(first->find("mend")->string(), "");
  EXPECT_EQ(json.root().find("omittedFindings")->number(), 0);
}

// A file that names its tables as it likes steers no terminal, and who mends it sees which octets
// there are.
TEST_F(DoctorCommand, ShowsEveryOctetOfADamagedName) {
  world_.add_people();
  const std::string file = world_.data() + "/directory.db";
  std::ifstream before(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(before), {});
  // The table's row of the schema holds its name twice, and then what made it.
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"releasedreleased",
                                                                     "rel\x1b[3\\\xff"
                                                                     "released"},
                                 {"CREATE TABLE released", "CREATE TABLX released"}}) {
    const auto at = bytes.find(from);
    ASSERT_NE(at, bytes.npos);
    bytes.replace(at, to.size(), to);
  }
  std::ofstream(file, std::ios::binary) << bytes;
  for (const Words& words : {Words{}, Words{"--json"}}) {
    const Finished finished = doctor(words);
    EXPECT_EQ(finished.exit_code, 4);
    EXPECT_THAT(finished.out,
                HasSubstr(words.empty() ? R"((rel\x1b[3\x5c\xff))" : R"((rel\\x1b[3\\x5c\\xff))"));
  }
}

TEST_F(DoctorCommand, SaysAsJsonHowMuchThereIs) {
  world_.add_people();
  EXPECT_EQ(doctor({"--json"}).out,
            R"({"findings":[],"omittedFindings":0,"unfoldedChanges":0,"lastChange":2,)"
            R"("users":2,"extensions":1})"
            "\n");
}

TEST_F(DoctorCommand, TellsASecretThatOthersMayReadAndEndsWith1) {
  world_.add_people();
  Serving(world_).stop();
  EXPECT_EQ(doctor().exit_code, 0);
  ASSERT_EQ(::chmod((world_.data() + "/jwt-secret").c_str(), 0644), 0);
  const Finished finished = doctor();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("care: jwt-secret: "), HasSubstr("chmod 600")));
}

TEST_F(DoctorCommand, TellsAMissingLock) {
  world_.add_people();
  fs::remove(world_.data() + "/lock");
  const Finished finished = doctor();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, HasSubstr("care: lock: it is missing"));
}

TEST_F(DoctorCommand, TellsAFileOfANewerProgram) {
  world_.add_people();
  std::fstream stream(world_.data() + "/journal.db",
                      std::ios::binary | std::ios::in | std::ios::out);
  // Where the header of an SQLite file keeps `user_version` (its file format, section 1.3).
  stream.seekp(60);
  stream << std::string("\x00\x00\x03\xE7", 4);
  stream.close();
  const Finished finished = doctor();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.out, HasSubstr("care: journal.db: the data has schema version 999"));
}

TEST_F(DoctorCommand, NeedsTheFolderFree) {
  world_.add_people();
  const Serving server(world_);
  const Finished refused = world_.ringbook({"doctor"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr("is in use by the server at 127.0.0.1:" + server.port()),
                                 HasSubstr("stop the server")));
}

TEST_F(DoctorCommand, ChecksAFolderElsewhere) {
  const std::string store = "sqlite:" + world_.path("elsewhere");
  fs::create_directory(world_.path("elsewhere"));
  ASSERT_EQ(world_.ringbook({"user", "add", "--store", store}).exit_code, 0);
  EXPECT_EQ(doctor({"--store", store}).out, "all is well: 1 change, 1 person, 0 numbers\n");
  fs::remove(world_.path("elsewhere") + "/directory.db");
  const Finished finished = doctor({"--store", store});
  EXPECT_EQ(finished.exit_code, 4);
  EXPECT_THAT(finished.out, HasSubstr("damage: directory.db: it is missing or empty"));
}

TEST_F(DoctorCommand, SaysWhereItLookedWhenThereIsNoFolder) {
  const Finished refused = world_.ringbook({"doctor"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("there is no data folder at " + world_.data()));
  EXPECT_FALSE(fs::exists(world_.data()));
}

TEST_F(DoctorCommand, IsNotForAMemoryStore) {
  EXPECT_EQ(world_.ringbook({"doctor", "--store", "memory:"}).exit_code, 2);
}

TEST_F(DoctorCommand, ShowsItsProgressOnATerminal) {
  world_.add_people();
  Command command = world_.command({"doctor"});
  command.err_is_terminal = true;
  const Finished finished = run(std::move(command));
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.err, AllOf(HasSubstr("copying: "), HasSubstr("checking changes: ")));
}

}  // namespace
}  // namespace ringbook::test
