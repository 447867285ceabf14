// The power is cut at every sync: whatever was acknowledged is there afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "model/player.h"
#include "support/seed.h"
#include "support/thorough.h"

namespace ringbook::test {
namespace {

using Answered = Player::Answered;
using Unsynced = FaultVfs::Unsynced;

// The engine's marker, which it writes and syncs without SQLite.
constexpr const char* marker_name = "ringbook-data";

// What a cut left, and how many turns had been answered before it.
struct Cut {
  FaultVfs::Image image;
  std::optional<std::string> marker;  // Its content.
  std::size_t answered = 0;
};

void restore(const Cut& cut, const std::filesystem::path& folder) {
  test::restore(cut.image, folder);
  if (cut.marker) {
    std::ofstream(folder / marker_name) << *cut.marker;
  }
}

class PowerCut : public testing::Test {
 protected:
  PowerCut() { models.push_back(player.model()); }

  // From now on every sync is preceded by cuts of every kind.
  void cut_at_every_sync() {
    vfs.on_sync([this] {
      for (const Unsynced unsynced : {Unsynced::lost, Unsynced::kept, Unsynced::any}) {
        const std::lock_guard lock(mutex);
        cuts.push_back(cut(unsynced));
      }
    });
  }

  // Counts the answers before it looks at the disk: what is answered in between is no claim.
  Cut cut(Unsynced unsynced) {
    const std::size_t so_far = answered;
    Cut cut{vfs.cut(unsynced, random), std::nullopt, so_far};
    if (std::ifstream file(engine.folder() / marker_name); file) {
      cut.marker.emplace(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return cut;
  }

  void play(const std::vector<Turn>& turns) {
    for (const Turn& turn : turns) {
      ASSERT_EQ(player.turn(turn), Answered::as_modelled);
      models.push_back(player.model());
      ++answered;
    }
  }

  // What is wrong with what a cut left; "" when nothing is.
  std::string finding(const Cut& cut) {
    const TemporaryFolder folder;
    restore(cut, folder.path());
    FaultVfs untroubled;
    Engine after({folder.path(), untroubled.name()});
    if (const auto opened = after.try_open(); !opened) {
      return "cannot be opened: " + opened.error().detail;
    }
    const State state = state_of(after, player.universe());
    std::string least = difference(state, models[cut.answered].state(player.universe()));
    const std::size_t next = cut.answered + 1;
    const bool may_be_next = next < models.size();
    if (least.empty() || (may_be_next && state == models[next].state(player.universe()))) {
      return "";
    }
    return least;
  }

  // Of the cuts' first ones, `step` in number, chance takes one, and every `step`th from there.
  std::size_t findings(std::size_t step = 1) {
    std::size_t count = 0;
    for (std::size_t i = random() % step; i < cuts.size(); i += step) {
      const std::string found = finding(cuts[i]);
      count += found.empty() ? 0 : 1;
      if (first_finding.empty() && !found.empty()) {
        first_finding = "cut " + std::to_string(i) + " after " + std::to_string(cuts[i].answered) +
                        " turns: " + found;
      }
    }
    return count;
  }

  FaultVfs vfs;
  Engine engine{SqliteSettings{{}, vfs.name()}};
  Player player{engine, small_universe()};
  std::vector<Model> models;  // After so many turns.
  std::atomic<std::size_t> answered = 0;
  std::mutex mutex;  // Guards `cuts` and `random`: the fold syncs too.
  std::vector<Cut> cuts;
  std::mt19937_64 random{seed()};
  std::string first_finding;
};

// [STORE-1] [STORE-3] [STORE-10]
TEST_F(PowerCut, LosesNothingAcknowledged) {
  cut_at_every_sync();
  engine.open();
  play(script());
  engine.reopen();
  play({{change_set({put(user_id(4), "Mary, after a restart")})}});
  engine.close();
  EXPECT_GT(cuts.size(), 60U);
  EXPECT_EQ(findings(), 0U) << first_finding;
}

// [STORE-1]
TEST_F(PowerCut, LosesNothingWhileTheLogIsCheckpointed) {
  engine.open();
  play({script().front()});
  cut_at_every_sync();
  play({{large_import(limits::checkpoint_pages + 100)}});
  play({script()[1], script()[2]});
  const Counter& checkpoints =
      engine.metrics.counter("ringbook_checkpoints_total",
                             "Times that the log of the change journal was moved into its file.");
  engine.wait_for([&] { return checkpoints.value() == 1; });
  play({script()[3]});
  vfs.on_sync({});
  EXPECT_EQ(findings(is_thorough() ? 1 : 10), 0U) << first_finding;
}

// The check can fail: where syncs are lies, it finds the loss.
TEST_F(PowerCut, FindsWhatASyncThatWasNotDoneLoses) {
  cut_at_every_sync();
  engine.open();
  const auto turns = script();
  play({turns.begin(), turns.begin() + 3});
  vfs.drop_syncs(true);
  play({turns.begin() + 3, turns.end()});
  engine.close();
  EXPECT_GT(findings(), 0U);
}

// What is read at once, before the turn of its time is safe, is what a cut of the power leaves.
class ReadDuringATurn : public PowerCut {
 protected:
  using Answers = std::map<std::string, std::string>;

  // Asks for everybody and every number; what is answered before the turn ends.
  static Answers read_at_once(Engine& engine, const Universe& universe) {
    auto answers = std::make_shared<Answers>();
    for (const UserId& id : universe.users) {
      engine.store().user(
          id, Reply<std::optional<User>>([answers, id](Result<std::optional<User>> user) {
            (*answers)[id.text()] =
                !user || !*user
                    ? "nobody"
                    : std::to_string((*user)->version) + ' ' + (*user)->profile.name.value_or("") +
                          ' ' + ((*user)->extension ? (*user)->extension->text() : "none");
          }));
    }
    for (const Extension& extension : universe.numbers) {
      engine.store().extension(
          extension, Reply<ExtensionState>([answers, extension](Result<ExtensionState> state) {
            (*answers)[extension.text()] = !state || !state->holder
                                               ? "free"
                                               : state->holder->text() + ' ' +
                                                     state->holder_name.value_or("") + ' ' +
                                                     std::to_string(state->since->ms);
          }));
    }
    return *answers;
  }
};

// [STORE-2] [STORE-11]
TEST_F(ReadDuringATurn, ShowsWhatACutOfThePowerLeaves) {
  engine.open();
  const Universe universe = small_universe();
  const std::size_t all = universe.users.size() + universe.numbers.size();
  for (const Turn& turn : script()) {
    for (const ChangeSet& set : turn) {
      engine.store().apply(ChangeSet(set), Reply<Outcome>([](auto) {}));
    }
    const Answers at_once = read_at_once(engine, universe);
    EXPECT_EQ(at_once.size(), all);

    const TemporaryFolder folder;
    restore(cut(Unsynced::lost), folder.path());
    FaultVfs untroubled;
    Engine after({folder.path(), untroubled.name()});
    after.open();
    EXPECT_EQ(read_at_once(after, universe), at_once);
    engine.store().end_turn();
  }
}

class UnsyncedCommit : public PowerCut {
 protected:
  // A commit whose sync fails, a kill, and a start that finds it in the log. Whether what the
  // start then shows is also what a cut of the power would leave.
  bool shows_what_is_safe(bool drops_syncs) {
    engine.open();
    play({script()[0]});
    vfs.plan({.operations = disk_sync, .code = SQLITE_IOERR_FSYNC, .file = "journal.db-wal"});
    EXPECT_EQ(player.turn(script()[1]), Answered::unavailable);
    vfs.freeze();
    engine.close();
    vfs.heal();
    vfs.drop_syncs(drops_syncs);
    engine.open();
    const State shown = state_of(engine, player.universe());
    EXPECT_NE(difference(shown, models.back().state(player.universe())), "")
        << "the commit did not come back, so this test shows nothing";

    const TemporaryFolder folder;
    restore(cut(Unsynced::lost), folder.path());
    FaultVfs untroubled;
    Engine after({folder.path(), untroubled.name()});
    after.open();
    return state_of(after, player.universe()) == shown;
  }
};

// [STORE-2]
TEST_F(UnsyncedCommit, IsSyncedBeforeAStartShowsIt) {
  EXPECT_TRUE(shows_what_is_safe(false));
}

TEST_F(UnsyncedCommit, IsFoundWhenItIsShownUnsynced) {
  EXPECT_FALSE(shows_what_is_safe(true));
}

}  // namespace
}  // namespace ringbook::test
