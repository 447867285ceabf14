#include "directory/gathered_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

class GatheredSetTest : public ::testing::Test {
 protected:
  std::vector<int> all() const {
    std::vector<int> found;
    set.settled().visit_after([](int) { return true; },
                              [&](int value) {
                                found.push_back(value);
                                return true;
                              });
    return found;
  }
  bool settle(std::size_t most) { return set.settle(most); }

  GatheredSet<int, std::less<>> set;
};

TEST_F(GatheredSetTest, IsAnOrderedSetAtFirst) {
  set.insert(2);
  set.insert(1);
  set.insert(3);
  set.erase(2);
  EXPECT_TRUE(settle(0));
  EXPECT_THAT(all(), ElementsAre(1, 3));
}

TEST_F(GatheredSetTest, IsSettledAfterAStepWhenNothingWasGathered) {
  set.begin();
  EXPECT_TRUE(settle(0));
  set.insert(1);
  EXPECT_THAT(all(), ElementsAre(1));
}

// So that whoever waits meanwhile waits for no more than that.
TEST_F(GatheredSetTest, DoesNoMoreInAStepThanItIsTold) {
  set.begin();
  for (const int value : {5, 3, 9, 1, 7}) {
    set.gather(value);
  }
  EXPECT_FALSE(settle(2));
  EXPECT_THAT(all(), ElementsAre(1, 3));
  EXPECT_FALSE(settle(2));
  set.insert(4);
  set.erase(5);
  EXPECT_FALSE(settle(2));
  EXPECT_THAT(all(), ElementsAre(1, 3, 4, 5, 7, 9));
  std::size_t most = 5;
  EXPECT_TRUE(set.settle(most));
  EXPECT_EQ(most, 4U) << "what is left serves the next";
  EXPECT_THAT(all(), ElementsAre(1, 3, 4, 7, 9));
}

TEST_F(GatheredSetTest, HoldsWhatCameAndWentMeanwhileAndInItsOrder) {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable.
  std::set<int> kept;
  set.begin();
  const auto come_and_go = [&] {
    const int value = static_cast<int>(random() % 100'000);
    if (kept.erase(value) != 0) {
      set.erase(value);
      if (random() % 2 == 0) {
        set.insert(value);
        kept.insert(value);
      }
    } else {
      set.insert(value);
      kept.insert(value);
    }
  };
  // Several runs' worth.
  for (int i = 0; i < 50'000; ++i) {
    const int value = static_cast<int>(random() % 1'000'000'000) + 100'000;
    if (kept.insert(value).second) {
      set.gather(value);
    }
    if (i % 3 == 0) {
      come_and_go();
    }
  }
  for (int steps = 0; !settle(1000); ++steps) {
    ASSERT_LT(steps, 1000);
    for (int i = 0; i < 100; ++i) {
      come_and_go();
    }
  }
  EXPECT_THAT(all(), ElementsAreArray(kept));
  come_and_go();
  EXPECT_THAT(all(), ElementsAreArray(kept));
}

}  // namespace
}  // namespace ringbook
