// Damaged data and data of a newer program are messages, never losses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

class StoredData : public testing::Test {
 protected:
  StoredData() { EXPECT_EQ(world_.ringbook({"import", "-"}, many_people(100)).exit_code, 0); }

  std::string file(const std::string& name) const { return world_.data() + "/" + name; }

  void overwrite(const std::string& name, std::streamoff at, const std::string& bytes) const {
    std::fstream stream(file(name), std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(at);
    stream << bytes;
    EXPECT_TRUE(stream.good());
  }

  // That every way into the folder ends so.
  void expect_refusal(int exit_code, const std::string& message) const {
    for (const Words& words : std::vector<Words>{{"serve", "--listen", "127.0.0.1:0"},
                                                 {"user", "list"},
                                                 {"export"},
                                                 {"import", "-"},
                                                 {"user", "add"}}) {
      const Finished refused = world_.ringbook(words, many_people(1));
      EXPECT_EQ(refused.exit_code, exit_code) << words[0] << ": " << refused.err;
      EXPECT_THAT(refused.err, HasSubstr(message)) << words[0];
      EXPECT_EQ(refused.out, "") << words[0];
    }
  }

  CliWorld world_;
};

// [STORE-9]
TEST_F(StoredData, IsDamagedWithAnOverwrittenJournal) {
  overwrite("journal.db", 0, std::string(4096, 'x'));
  expect_refusal(4, "journal.db");
}

TEST_F(StoredData, IsDamagedWithAnOverwrittenDirectory) {
  overwrite("directory.db", 0, std::string(4096, 'x'));
  expect_refusal(4, "directory.db");
}

TEST_F(StoredData, IsDamagedAndNotNewWithoutItsJournal) {
  std::filesystem::remove(file("journal.db"));
  expect_refusal(4, "journal.db");
}

TEST_F(StoredData, IsDamagedAndNotNewWithAnEmptyDirectory) {
  std::filesystem::resize_file(file("directory.db"), 0);
  expect_refusal(4, "directory.db");
}

// [STORE-10]
TEST_F(StoredData, OfANewerProgramIsRefused) {
  // Where the header of an SQLite file keeps `user_version` (its file format, section 1.3).
  constexpr std::streamoff version_at = 60;
  overwrite("journal.db", version_at, std::string("\x00\x00\x03\xE7", 4));
  expect_refusal(3, "newer");
}

}  // namespace
}  // namespace ringbook::test
