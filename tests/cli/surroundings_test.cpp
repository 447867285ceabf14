// What systems around the program do to it: their variables, their ways to hand out secrets, other
// owners, and volumes that are read-only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "cli/cli_world.h"
#include "support/root.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr uid_t stranger = 65534;

// Runs a copy of the binary that everybody may run, as another user with groups of its own.
Finished run_as_stranger(Words words, gid_t group) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const fs::path binary = folder.path() / "ringbook";
  fs::copy_file(RINGBOOK_BINARY, binary);
  fs::permissions(binary, fs::perms{0755});
  words.insert(words.begin(),
               {"setpriv", "--reuid", std::to_string(stranger), "--regid", std::to_string(stranger),
                "--groups", std::to_string(group), binary.string()});
  return run({.words = std::move(words)});
}

// A folder that is the stranger's.
std::string folder_of_stranger(const CliWorld& world) {
  const std::string folder = world.path("theirs");
  fs::create_directory(folder);
  EXPECT_EQ(chown(folder.c_str(), stranger, stranger), 0);
  return folder;
}

uid_t owner_of(const fs::path& path) {
  struct stat status{};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_uid;
}

// [CONF-1]
TEST(Surroundings, OfAPodBesideAServiceOfTheSameNameStopNoCommand) {
  const Words pod{"RINGBOOK_SERVICE_HOST=10.43.0.7",
                  "RINGBOOK_SERVICE_PORT=80",
                  "RINGBOOK_SERVICE_PORT_HTTP=80",
                  "RINGBOOK_PORT=tcp://10.43.0.7:80",
                  "RINGBOOK_PORT_80_TCP=tcp://10.43.0.7:80",
                  "RINGBOOK_PORT_80_TCP_PROTO=tcp",
                  "RINGBOOK_PORT_80_TCP_PORT=80",
                  "RINGBOOK_PORT_80_TCP_ADDR=10.43.0.7"};
  EXPECT_EQ(bare({"serve", "--print-config"}, pod).exit_code, 0);
  EXPECT_EQ(bare({"serve", "--print-config"}, {"RINGBOOK_PORT=8080"}).exit_code, 2);
}

// [KEY-1]
TEST(Secret, OfRootIsTakenFromWhoeverHandsItToAGroupOfTheProcess) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  constexpr gid_t group = 4711;
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const fs::path secret = folder.write("jwt-secret", std::string(64, 's'), fs::perms{0440});
  ASSERT_EQ(chown(secret.c_str(), 0, group), 0);
  const Words words{"token", "--jwt-secret-file", secret.string()};
  const Finished taken = run_as_stranger(words, group);
  EXPECT_EQ(taken.exit_code, 0) << taken.err;
  fs::permissions(secret, fs::perms{0444});
  const Finished refused = run_as_stranger(words, group);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("user 0's"), HasSubstr("chmod 440 '" + secret.string())));
}

// [PKG-5]
TEST(Root, LeavesWhatItMakesToTheOwnerOfTheFolder) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  const CliWorld world;
  world.add_people();
  ASSERT_EQ(world.ringbook({"backup", world.path("backup")}).exit_code, 0);
  const std::string restored = folder_of_stranger(world);
  const Finished done = bare({"restore", world.path("backup"), "--data", restored});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  Process server(
      {.words = {RINGBOOK_BINARY, "serve", "--listen", "127.0.0.1:0", "--data", restored}});
  ASSERT_TRUE(server.wait_for_err(R"("event":"listening")")) << server.err();
  ASSERT_EQ(bare({"user", "add", "--name", "Bob", "--data", restored}).exit_code, 0);
  for (const auto& entry : fs::directory_iterator(restored)) {
    EXPECT_EQ(owner_of(entry.path()), stranger) << entry.path();
  }
  EXPECT_TRUE(fs::exists(restored + "/jwt-secret"));
  EXPECT_TRUE(fs::exists(restored + "/journal.db-wal"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
}

// [PKG-5]
TEST(Root, GivesNothingAwayThatWasThere) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  const CliWorld world;
  const std::string target = world.write("target", "not a lock");
  fs::create_directory(world.data());
  fs::create_symlink(target, world.data() + "/lock");
  ASSERT_EQ(chown(world.data().c_str(), stranger, stranger), 0);
  EXPECT_EQ(world.ringbook({"user", "add", "--name", "Ada"}).exit_code, 3);
  EXPECT_EQ(owner_of(target), 0U);
  EXPECT_EQ(fs::file_size(target), 10U) << "what the link names was emptied";
}

// [PKG-5]
TEST(Root, LeavesBackupsAndFoldersToTheOwnerOfTheFolderAroundThem) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  const CliWorld world;
  world.add_people();
  const std::string theirs = folder_of_stranger(world);
  ASSERT_EQ(world.ringbook({"backup", theirs + "/backup"}).exit_code, 0);
  ASSERT_EQ(bare({"user", "add", "--name", "Bob", "--data", theirs + "/deep/data"}).exit_code, 0);
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(theirs)) {
    EXPECT_EQ(owner_of(entry.path()), stranger) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 3);
}

// [PKG-5]
TEST(Root, KeepsWhatItMakesWhereItMayGiveNothingAway) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  const CliWorld world;
  const std::string theirs = folder_of_stranger(world);
  const Words without_right{"setpriv", "--bounding-set=-chown", "--inh-caps=-all", RINGBOOK_BINARY};
  for (const char* data : {"", "/deep/data"}) {
    Words words = without_right;
    words.insert(words.end(), {"user", "add", "--name", "Bob", "--data", theirs + data});
    const Finished added = run({.words = words});
    EXPECT_EQ(added.exit_code, 0) << added.err;
    EXPECT_EQ(owner_of(theirs + data + "/journal.db"), 0U);
  }
  Words words = without_right;
  words.insert(words.end(), {"serve", "--listen", "127.0.0.1:0", "--data", theirs});
  Process server({.words = words});
  EXPECT_TRUE(server.wait_for_err(R"("event":"listening")")) << server.err();
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), 0);
}

// [PKG-5]
TEST(Database, ThatIsALinkIsRefused) {
  for (const std::string name : {"journal.db", "directory.db"}) {
    const CliWorld world;
    fs::create_directory(world.data());
    const std::string target = world.path("elsewhere");
    fs::create_symlink(target, world.data() + "/" + name);
    const Finished refused = world.ringbook({"user", "add", "--name", "Ada"});
    EXPECT_EQ(refused.exit_code, 3) << name;
    EXPECT_THAT(refused.err, HasSubstr(world.data() + "/" + name + " is a symbolic link"));
    EXPECT_FALSE(fs::exists(target)) << name;
  }
}

// [PKG-5]
TEST(DataFolder, MayBeALink) {
  const CliWorld world;
  fs::create_directory(world.path("elsewhere"));
  fs::create_symlink(world.path("elsewhere"), world.data());
  world.add_people();
  EXPECT_TRUE(fs::exists(world.path("elsewhere/journal.db")));
}

// [PKG-5]
TEST(Rights, ThatAreMissingAreToldWithFileAndOwner) {
  if (!is_root()) {
    GTEST_SKIP() << not_root;
  }
  const CliWorld world;
  world.add_people();
  fs::permissions(fs::path(world.data()).parent_path(), fs::perms{0755});
  const Finished refused = run_as_stranger({"user", "list", "--data", world.data()}, stranger);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(world.data() + "/lock: Permission denied"),
                                 HasSubstr(world.data() + " is root's")));
}

// [SERV-2]
TEST(Unit, ComesAgainAfterAnAddressThatIsNotThereYet) {
  const CliWorld world;
  EXPECT_EQ(world.ringbook({"serve", "--listen", "192.0.2.1:0"}).exit_code, 3);
  std::ifstream file(RINGBOOK_SOURCE_DIR "/packaging/ringbook.service.in");
  const std::string unit((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_THAT(unit, AllOf(HasSubstr("\nWants=network-online.target\nAfter=network-online.target\n"),
                          HasSubstr("\nRestart=on-failure\nRestartSec=5\n"),
                          HasSubstr("\nRestartPreventExitStatus=2 4\n")));
}

// A folder under a second name where nothing can be written.
class ReadOnlyMount {
 public:
  ReadOnlyMount(const std::string& folder, std::string at) : at_(std::move(at)) {
    fs::create_directory(at_);
    is_there_ =
        mount(folder.c_str(), at_.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
        mount(nullptr, at_.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }
  ~ReadOnlyMount() { umount2(at_.c_str(), MNT_DETACH); }
  ReadOnlyMount(const ReadOnlyMount&) = delete;
  bool is_there() const { return is_there_; }
  const std::string& path() const { return at_; }

 private:
  std::string at_;
  bool is_there_ = false;
};

// [STORE-17]
TEST(ReadOnlyVolume, IsExportedAndBackedUp) {
  const CliWorld world;
  world.add_people();
  const std::string exported = world.ringbook({"export"}).out;
  const ReadOnlyMount mounted(world.data(), world.path("mounted"));
  if (!mounted.is_there()) {
    EXPECT_FALSE(is_required("mount"));
    GTEST_SKIP() << "NOT TESTED: nothing can be mounted here";
  }
  const Words at{"--data", mounted.path()};
  const auto on_it = [&](Words words) {
    words.insert(words.end(), at.begin(), at.end());
    return bare(std::move(words));
  };
  const Finished read = on_it({"export"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_EQ(read.out, exported);
  const Finished kept = on_it({"backup", world.path("backup")});
  EXPECT_EQ(kept.exit_code, 0) << kept.err;
  EXPECT_EQ(bare({"restore", world.path("backup"), "--data", world.path("restored")}).exit_code, 0);
  EXPECT_EQ(bare({"export", "--data", world.path("restored")}).out, exported);
  const Finished refused = on_it({"user", "list"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("Read-only file system"));
}

}  // namespace
}  // namespace ringbook::test
