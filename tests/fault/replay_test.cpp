// Several changes of one person, read again at a start: whatever was folded of them, and whether
// together or one by one, the number is held since it was given and not since a later change.
#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

#include "contract/engine.h"
#include "fault/fault_vfs.h"

namespace ringbook::test {
namespace {

enum class Restarts { at_the_end, in_between };

struct Reading {
  const char* name;
  bool is_folded;
  Restarts restarts;
};

class SeveralChanges : public testing::TestWithParam<Reading> {
 protected:
  static inline const UserId ada = user_id(1);
  static inline const UserId grace = user_id(2);
  // Changes one thing a minute later; gives the moment.
  Instant change(Edit edit) {
    engine.clock.advance(std::chrono::minutes(1));
    engine.apply({std::move(edit)});
    if (GetParam().restarts == Restarts::in_between) {
      restart();
    }
    return engine.clock.now();
  }

  // The fold has no room for anything, unless it is to fold.
  void open() {
    engine.open();
    if (!GetParam().is_folded) {
      vfs.plan({.operations = disk_write,
                .code = SQLITE_FULL,
                .system_error = ENOSPC,
                .is_lasting = true,
                .file = "directory.db"});
    }
  }

  void restart() {
    engine.close();
    vfs.heal();  // Also to open a folder takes some room.
    open();
  }

  ExtensionState state(Extension extension) {
    return engine
        .ask<ExtensionState>([&](Store& s, auto r) { s.extension(extension, std::move(r)); })
        .value_or(ExtensionState{});
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
};

INSTANTIATE_TEST_SUITE_P(OfOnePerson, SeveralChanges,
                         testing::Values(Reading{"ReplayedTogether", false, Restarts::at_the_end},
                                         Reading{"ReplayedAgainAndAgain", false,
                                                 Restarts::in_between},
                                         Reading{"FoldedTogether", true, Restarts::at_the_end},
                                         Reading{"FoldedOneByOne", true, Restarts::in_between}),
                         [](const auto& test) { return test.param.name; });

// [STORE-3] [PUT-6]
TEST_P(SeveralChanges, KeepSinceWhenANumberIsHeld) {
  open();
  engine.apply({put(ada, "Ada"), put(grace, "Grace")});
  change(assign(ada, number("11")));
  change(put(ada, "Ada Lovelace"));
  change(assign(ada, number("22")));
  change(release(ada));
  const Instant given = change(assign(ada, number("33")));
  const Instant edited = change(put(ada, "Ada King"));
  const Instant last = change(put(ada, "Ada Byron"));
  change(assign(grace, number("44")));
  change(release(grace));
  if (!GetParam().is_folded) {
    EXPECT_GE(engine.store().statistics().unfolded_changes, 9U);
  }
  restart();

  EXPECT_LT(given, edited);
  EXPECT_EQ(state(number("33")).holder, ada);
  EXPECT_EQ(state(number("33")).since, given);
  EXPECT_EQ(engine.user(ada)->updated_at, last);
  for (const char* free : {"11", "22", "44"}) {
    EXPECT_EQ(state(number(free)).holder, std::nullopt) << free;
    EXPECT_EQ(state(number(free)).since, std::nullopt) << free;
  }
  const Outcome refused = engine.apply({assign(grace, number("33"))});
  ASSERT_TRUE(refused.conflict);
  EXPECT_EQ(refused.conflict->since, given);
}

}  // namespace
}  // namespace ringbook::test
