// The power of a real file system is cut: what no pretended disk can prove, and what a kill cannot.
#include <gtest/gtest.h>

#include "fault/fault_vfs.h"
#include "fault/script.h"
#include "fault/volume.h"
#include "model/player.h"
#include "support/vectors.h"

namespace ringbook::test {
namespace {

class RealPowerCut : public testing::Test {
 protected:
  void SetUp() override {
    volume = Volume::make();
    if (volume) {
      return;
    }
    if (is_required("powercut")) {
      FAIL() << no_volume << ", but RINGBOOK_REQUIRE names it";
    }
    GTEST_SKIP() << no_volume;
  }

  // Cuts the power after so many turns of the script. What differs afterwards from what was
  // acknowledged; "" when nothing does.
  std::string lost_after(std::size_t turns, const std::string& vfs) {
    const std::filesystem::path folder = volume->path() / std::to_string(turns);
    std::filesystem::create_directory(folder);
    Engine engine({folder, vfs});
    Player player(engine, small_universe());
    engine.open();
    for (std::size_t i = 0; i < turns; ++i) {
      EXPECT_EQ(player.turn(script()[i]), Player::Answered::as_modelled);
    }
    EXPECT_TRUE(volume->cut_power());
    engine.close();
    EXPECT_TRUE(volume->restart());
    if (const auto opened = engine.try_open(); !opened) {
      return opened.error().detail;
    }
    return difference(state_of(engine, player.universe()), player.model().state(player.universe()));
  }

  std::unique_ptr<Volume> volume;
};

// [STORE-1]
TEST_F(RealPowerCut, LosesNothingAcknowledged) {
  for (std::size_t turns = 1; turns <= script().size(); ++turns) {
    EXPECT_EQ(lost_after(turns, ""), "") << "after " << turns << " turns";
  }
}

// The check can fail: without syncs there is a loss, and it is found.
TEST_F(RealPowerCut, FindsWhatIsLostWithoutSyncs) {
  const FaultVfs without_syncs;
  EXPECT_NE(lost_after(script().size(), without_syncs.name()), "");
}

}  // namespace
}  // namespace ringbook::test
