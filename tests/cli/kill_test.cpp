// An import that is killed leaves nothing of the file or everything; the progress that it shows on
// a terminal says how far it came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "cli/cli_world.h"
#include "support/seed.h"

namespace ringbook::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr unsigned people = 50'000;
// With what each line of progress begins.
constexpr const char* rewrite = "\r\x1b[K";

class KilledImport : public testing::Test {
 protected:
  Command import_on_terminal(const CliWorld& world) const {
    Command command = world.command({"import", "-"});
    command.input = file_;
    command.err_is_terminal = true;
    return command;
  }

  // Imports into a folder with two people until `text` was shown `times` times, and no further.
  // Gives how many of the file's are there afterwards.
  unsigned people_after_kill_at(const std::string& text, int times) const {
    const CliWorld world;
    world.add_people();
    {
      Process import(import_on_terminal(world));
      import.wait_for_err(text, times);
      import.signal(SIGKILL);
      import.wait();
    }
    const Finished after = world.ringbook({"export"});
    EXPECT_EQ(after.exit_code, 0) << after.err;
    const auto rows = static_cast<unsigned>(std::ranges::count(after.out, '\n') - 3);
    EXPECT_TRUE(rows == 0 || rows == people) << rows << " after " << times << " times " << text;
    // What was left is good enough to go on with.
    EXPECT_EQ(world.ringbook({"import", "-"}, file_).exit_code, 0);
    return rows;
  }

  const std::string file_ = many_people(people);
};

// [IMP-9]
TEST_F(KilledImport, LeavesNothingOrEverythingOfItsFile) {
  const CliWorld undisturbed;
  undisturbed.add_people();
  const Finished whole = run(import_on_terminal(undisturbed));
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_THAT(whole.err, AllOf(HasSubstr("reading: "), HasSubstr("comparing: "),
                               HasSubstr("writing: "), HasSubstr("folding: ")));
  int shown = 0;
  for (auto at = whole.err.find(rewrite); at != std::string::npos;
       at = whole.err.find(rewrite, at + 1)) {
    ++shown;
  }
  std::mt19937_64 random(seed());
  for (int kills = 0; kills < 4; ++kills) {
    people_after_kill_at(rewrite, std::uniform_int_distribution(1, shown)(random));
  }
}

TEST_F(KilledImport, WritesNothingBeforeTheWholeFileIsChecked) {
  EXPECT_EQ(people_after_kill_at("comparing: ", 1), 0U);
}

// [IMP-9]
TEST_F(KilledImport, LeavesNothingOrEverythingWhileItWrites) {
  people_after_kill_at("writing: ", 1);
  people_after_kill_at("writing: ", 3);
}

TEST_F(KilledImport, IsWholeOnceItFolds) {
  EXPECT_EQ(people_after_kill_at("folding: ", 1), people);
}

}  // namespace
}  // namespace ringbook::test
