// `ringbook backup` beside a server that is written to, and `ringbook restore` of what it made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "cli/cli_world.h"
#include "support/pattern.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

// A command on another data folder than the world's.
Finished on(const std::string& data, Words words) {
  words.insert(words.end(), {"--data", data});
  return bare(std::move(words));
}

// Everything that the API tells of a user, of its number and of their histories.
std::string all_about(const CliWorld& world, const std::string& url, std::string_view user,
                      const std::string& number) {
  const std::string token = token_of(world);
  std::string out;
  for (const std::string& path :
       {"users/" + std::string(user), "users/" + std::string(user) + "/history",
        "extensions/" + number, "extensions/" + number + "/history"}) {
    out += curl({"--include", url + "/v1/" + path}, token);
  }
  // What belongs to the one answer and not to the data.
  return replaced(out, R"((Date|X-Request-Id): [^\r]*)", "");
}

class BackupCommand : public testing::Test {
 protected:
  std::string file() const { return world_.path("backup"); }
  std::string restored() const { return world_.path("restored"); }
  Finished back_up(Words more = {}) const {
    more.insert(more.begin(), {"backup", file()});
    return world_.ringbook(std::move(more));
  }
  Finished restore() const { return on(restored(), {"restore", file()}); }

  CliWorld world_;
};

// [STORE-14]
TEST_F(BackupCommand, GivesTheSamePeopleVersionsAndHistories) {
  world_.add_people();
  ASSERT_EQ(world_.ringbook({"set", std::string(ada), "4711"}).exit_code, 0);
  ASSERT_EQ(world_.ringbook({"set", std::string(ada), "4712"}).exit_code, 0);
  ASSERT_EQ(world_.ringbook({"set", std::string(grace), "4711"}).exit_code, 0);
  ASSERT_EQ(world_.ringbook({"user", "edit", std::string(ada), "--department", "x"}).exit_code, 0);
  std::string about;
  std::string exported;
  {
    const Serving server(world_);
    about = all_about(world_, server.url(), ada, "4711") +
            all_about(world_, server.url(), grace, "1300");
    exported = world_.ringbook({"export"}).out;
    EXPECT_EQ(back_up(), (Finished{0,
                                   "backed up 6 changes, 2 people, 2 numbers to " + file() +
                                       "; the secret that signs tokens is not in it\n",
                                   ""}));
  }
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_FALSE(fs::exists(file() + ".partial"));

  const Finished finished = restore();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("restored 6 changes, 2 people, 2 numbers of 20"),
                                  HasSubstr("tokens must be made anew")));
  EXPECT_EQ(on(restored(), {"doctor"}).exit_code, 0);
  EXPECT_EQ(on(restored(), {"export"}).out, exported);
  // Under its own name, so that everything is asked of the restored folder.
  fs::rename(world_.data(), world_.path("old"));
  fs::rename(restored(), world_.data());
  const Serving server(world_);
  EXPECT_EQ(
      all_about(world_, server.url(), ada, "4711") + all_about(world_, server.url(), grace, "1300"),
      about);
}

TEST_F(BackupCommand, TellsProgramsWhatWasSavedAndRestored) {
  world_.add_people();
  const std::string amounts = R"("takenAt":"T","lastChange":2,"users":2,"extensions":1})";
  EXPECT_EQ(without_times(back_up({"--json"}).out),
            R"({"file":")" + file() + R"(",)" + amounts + "\n");
  EXPECT_EQ(without_times(on(restored(), {"restore", file(), "--json"}).out),
            R"({"folder":")" + restored() + R"(",)" + amounts + "\n");
}

// Whoever has the database open would go on with what has no name any more.
TEST_F(BackupCommand, TakesNoPlaceInTheDataFolder) {
  world_.add_people();
  const std::string exported = world_.ringbook({"export"}).out;
  for (const char* name : {"journal.db", "directory.db", "lock", "jwt-secret", "new"}) {
    const Finished refused = world_.ringbook({"backup", world_.data() + "/" + name, "--force"});
    EXPECT_EQ(refused.exit_code, 2) << name;
    EXPECT_THAT(refused.err, HasSubstr("lies in the data folder")) << name;
  }
  EXPECT_EQ(world_.ringbook({"doctor"}).exit_code, 0);
  EXPECT_EQ(world_.ringbook({"export"}).out, exported);
}

TEST_F(BackupCommand, HoldsNoSecret) {
  world_.add_people();
  const Serving server(world_);
  ASSERT_EQ(back_up().exit_code, 0);
  std::ifstream secret(world_.data() + "/jwt-secret");
  std::string text;
  secret >> text;
  ASSERT_FALSE(text.empty());
  std::ifstream stream(file(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(bytes.find(text), std::string::npos);
  ASSERT_EQ(restore().exit_code, 0);
  EXPECT_FALSE(fs::exists(restored() + "/jwt-secret"));
}

// Two thousand people who get numbers one after the other, as fast as one connection allows.
class Writer {
 public:
  static constexpr unsigned people = 2000;

  Writer(const CliWorld& world, const std::string& url)
      : process_(requests(token_of(world), url)) {}
  // Waits until so many were acknowledged.
  bool wait_for(int acknowledged) { return process_.wait_for_err("done 200", acknowledged); }
  void finish() { EXPECT_EQ(process_.wait(), 0); }

 private:
  static Command requests(const std::string& token, const std::string& url) {
    Command curl{.words = {"curl", "--config", "-"}};
    for (unsigned i = 0; i < people; ++i) {
      curl.input +=
          std::string(i == 0 ? "" : "next\n") + "silent\nnoproxy = \"*\"\nurl = \"" + url +
          "/v1/users/" + id_number(i) +
          "/extension\"\nrequest = PUT\nheader = \"Authorization: Bearer " + token +
          "\"\nheader = \"Content-Type: application/json\"\ndata = \"{\\\"rcExtension\\\":"
          "\\\"" +
          std::to_string(50'000'000 + i) +
          "\\\"}\"\noutput = /dev/null\nwrite-out = \"%{stderr}done %{http_code}\\n\"\n";
    }
    return curl;
  }

  Process process_;
};

// [STORE-14]
TEST_F(BackupCommand, HoldsEverythingAcknowledgedBeforeItBeganWhileMoreIsWritten) {
  ASSERT_EQ(world_.ringbook({"import", "-"}, many_people(Writer::people)).exit_code, 0);
  const Serving server(world_);
  Writer writer(world_, server.url());
  for (int backups = 1; backups <= 4; ++backups) {
    const int acknowledged = backups * static_cast<int>(Writer::people) / 5;
    ASSERT_TRUE(writer.wait_for(acknowledged));
    ASSERT_EQ(back_up({"--force"}).exit_code, 0);
    fs::remove_all(restored());
    const Finished finished = restore();
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_EQ(on(restored(), {"doctor"}).exit_code, 0);
    const std::string exported = on(restored(), {"export"}).out;
    // They were changed in this order, so those who have a new number are the first.
    int changed = 0;
    while (exported.find("," + std::to_string(50'000'000 + changed) + "\n") != std::string::npos) {
      ++changed;
    }
    EXPECT_GE(changed, acknowledged);
    EXPECT_EQ(
        exported.find(",50", exported.find("," + std::to_string(50'000'000 + changed - 1)) + 2),
        std::string::npos)
        << "something later is there and something earlier is not";
  }
  writer.finish();
}

TEST_F(BackupCommand, OverwritesOnlyWhenItIsTold) {
  world_.add_people();
  world_.write("backup", "precious");
  const Finished refused = back_up();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is there already; --force replaces it"));
  EXPECT_EQ(fs::file_size(file()), 8U);
  EXPECT_FALSE(fs::exists(file() + ".partial"));
  EXPECT_EQ(back_up({"--force"}).exit_code, 0);
  EXPECT_GT(fs::file_size(file()), 8U);
}

TEST_F(BackupCommand, TakesOverWhatAKilledOneLeft) {
  world_.add_people();
  world_.write("backup.partial", std::string(100'000, 'x'));
  EXPECT_EQ(back_up().exit_code, 0);
  EXPECT_FALSE(fs::exists(file() + ".partial"));
  EXPECT_EQ(restore().exit_code, 0);
}

TEST_F(BackupCommand, LeavesNoFileOfDamagedData) {
  world_.add_people();
  const std::string journal = world_.data() + "/journal.db";
  fs::resize_file(journal, fs::file_size(journal) - 4096);
  EXPECT_EQ(back_up().exit_code, 4);
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_FALSE(fs::exists(file() + ".partial"));
}

TEST_F(BackupCommand, LeavesNothingOnAFullVolumeAndSaysSo) {
  const std::string small = world_.path("small");
  fs::create_directory(small);
  if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=256k") != 0) {
    if (is_required("fullvolume")) {
      FAIL() << "a full volume needs root and tmpfs, but RINGBOOK_REQUIRE names it";
    }
    GTEST_SKIP() << "NOT TESTED: a full volume needs root and tmpfs";
  }
  ASSERT_EQ(world_.ringbook({"import", "-"}, many_people(20'000)).exit_code, 0);
  const Finished refused = world_.ringbook({"backup", small + "/backup"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(small), HasSubstr("make room there")));
  EXPECT_TRUE(fs::is_empty(small));

  // The same for a folder, and for the copy that doctor needs.
  ASSERT_EQ(back_up().exit_code, 0);
  const Finished no_restore = on(small + "/data", {"restore", file()});
  EXPECT_EQ(no_restore.exit_code, 3);
  EXPECT_TRUE(fs::is_empty(small));
  const Finished no_doctor = world_.ringbook({"doctor"}, {}, {"TMPDIR=" + small});
  EXPECT_EQ(no_doctor.exit_code, 3);
  EXPECT_THAT(no_doctor.err, AllOf(HasSubstr("MiB in " + small), HasSubstr("TMPDIR")));
  EXPECT_TRUE(fs::is_empty(small));
  EXPECT_EQ(::umount(small.c_str()), 0);
}

TEST_F(BackupCommand, NeedsADataFolderOnThisMachine) {
  const Finished refused = back_up();
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("there is no data folder"));
  EXPECT_EQ(back_up({"--store", "memory:"}).exit_code, 2);
  EXPECT_EQ(bare({"backup", file()}, {"RINGBOOK_SERVER=http://127.0.0.1:1"}).exit_code, 2);
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(BackupCommand, IsNeverRestoredOverAFolder) {
  world_.add_people();
  ASSERT_EQ(back_up().exit_code, 0);
  const Finished refused = world_.ringbook({"restore", file()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is there and not empty"));
  EXPECT_EQ(world_.ringbook({"doctor"}).exit_code, 0);
  // An empty one, a mount point for instance, is filled, and stays when there is nothing to
  // restore.
  fs::create_directory(restored());
  EXPECT_EQ(on(restored(), {"restore", world_.write("no-backup", "x")}).exit_code, 4);
  EXPECT_TRUE(fs::is_empty(restored()));
  EXPECT_EQ(restore().exit_code, 0);
}

TEST_F(BackupCommand, IsRefusedWhenItIsDamagedOrNone) {
  world_.add_people();
  ASSERT_EQ(back_up().exit_code, 0);
  fs::resize_file(file(), fs::file_size(file()) - 4096);
  const Finished refused = restore();
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_FALSE(fs::exists(restored()));
  EXPECT_EQ(on(restored(), {"restore", world_.path("nothing")}).exit_code, 2);
  EXPECT_EQ(on(restored(), {"restore", world_.data() + "/journal.db"}).exit_code, 4);
  EXPECT_FALSE(fs::exists(restored()));
}

// [STORE-14]
TEST_F(BackupCommand, LeavesNoFolderThatAServerTakesWhenItsRestoreIsKilled) {
  ASSERT_EQ(world_.ringbook({"import", "-"}, many_people(20'000)).exit_code, 0);
  ASSERT_EQ(back_up().exit_code, 0);
  const std::string whole = world_.ringbook({"export"}).out;
  for (const char* shown : {"restoring turns", "restoring users", "restoring profiles"}) {
    fs::remove_all(restored());
    Command command{.words = {RINGBOOK_BINARY, "restore", file(), "--data", restored()},
                    .err_is_terminal = true};
    {
      Process process(std::move(command));
      ASSERT_TRUE(process.wait_for_err(shown));
      process.signal(SIGKILL);
      process.wait();
    }
    const Finished exported = on(restored(), {"export"});
    EXPECT_TRUE(exported.exit_code == 4 || exported.out == whole) << shown << exported.err;
    EXPECT_THAT(on(restored(), {"doctor"}).exit_code, testing::AnyOf(0, 4));
  }
}

}  // namespace
}  // namespace ringbook::test
