#include "directory/ordered_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <random>
#include <set>

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

// More than a few blocks hold.
constexpr int many = 3000;

class OrderedSetTest : public ::testing::Test {
 protected:
  std::vector<int> all() const { return from(0); }
  std::vector<int> from(int first) const {
    std::vector<int> found;
    set.visit_after([&](int value) { return value >= first; },
                    [&](int value) {
                      found.push_back(value);
                      return true;
                    });
    return found;
  }
  static std::vector<int> ascending(int first, int last) {
    std::vector<int> values(static_cast<std::size_t>(last - first + 1));
    std::iota(values.begin(), values.end(), first);
    return values;
  }

  void append(int first, int last) {
    for (int value = first; value <= last; ++value) {
      set.append(value);
    }
  }

  OrderedSet<int, std::less<>> set;
};

TEST_F(OrderedSetTest, IsEmptyAtFirstAndAgain) {
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_EQ(set.count(0, many), 0U);
  set.insert(5);
  set.erase(5);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_EQ(set.count(0, many), 0U);
  set.insert(7);
  EXPECT_THAT(all(), ElementsAre(7));
}

TEST_F(OrderedSetTest, PutsValuesInOrderHoweverTheyArrive) {
  std::vector<int> values = ascending(1, many);
  for (const int value : values) {
    set.insert(value);
  }
  EXPECT_THAT(all(), ElementsAreArray(values));
  for (const int value : values) {
    set.erase(value);
  }
  for (auto value = values.rbegin(); value != values.rend(); ++value) {
    set.insert(*value);
  }
  EXPECT_THAT(all(), ElementsAreArray(values));
}

TEST_F(OrderedSetTest, ErasesWholeBlocksAndTheLastOfABlock) {
  append(1, many);
  for (int value = 500; value <= 1600; ++value) {
    set.erase(value);
  }
  std::vector<int> rest = ascending(1, 499);
  const std::vector<int> above = ascending(1601, many);
  rest.insert(rest.end(), above.begin(), above.end());
  EXPECT_THAT(all(), ElementsAreArray(rest));
  EXPECT_THAT(from(700), ElementsAreArray(above));
  EXPECT_EQ(set.count(1, many), rest.size());
  // Into the hole, behind a block that lost its last.
  set.insert(1000);
  EXPECT_EQ(from(500).front(), 1000);
}

TEST_F(OrderedSetTest, VisitsFromAValueOnUntilItIsToldToStop) {
  append(1, many);
  std::vector<int> found;
  set.visit_after([](int value) { return value > 510; },
                  [&](int value) {
                    found.push_back(value);
                    return value < 514;
                  });
  EXPECT_THAT(found, ElementsAre(511, 512, 513, 514));
  EXPECT_THAT(from(many + 1), IsEmpty());
}

TEST_F(OrderedSetTest, AppendsBehindWhatWasInserted) {
  for (int value = 600; value >= 1; --value) {
    set.insert(value);
  }
  append(601, many);
  set.erase(many);
  set.append(many + 5);
  EXPECT_EQ(all().size(), static_cast<std::size_t>(many));
  EXPECT_EQ(from(many - 1), (std::vector{many - 1, many + 5}));
  set.insert(many + 2);
  EXPECT_THAT(from(many), ElementsAre(many + 2, many + 5));
  EXPECT_TRUE(std::ranges::is_sorted(all()));
}

// What a value is compared by may be gone as soon as the value is.
TEST(OrderedSet, ComparesNothingWithAValueThatIsErased) {
  struct OfTheLiving {
    const std::set<int>* erased;
    bool* looks_at_erased;
    bool operator()(int a, int b) const {
      *looks_at_erased = *looks_at_erased || erased->contains(a) || erased->contains(b);
      return a < b;
    }
  };
  constexpr int last = 1200;
  std::set<int> erased;
  bool looks_at_erased = false;
  OrderedSet<int, OfTheLiving> set(OfTheLiving{&erased, &looks_at_erased});
  for (int value = 1; value <= last; ++value) {
    set.insert(value);
  }
  for (int value = 1; value <= last; ++value) {
    if (value % 16 != 1) {
      set.erase(value);
      erased.insert(value);
    }
  }
  set.insert(last + 1);
  EXPECT_EQ(set.count(1, last + 1), static_cast<std::size_t>((last + 15) / 16 + 1));
  EXPECT_FALSE(looks_at_erased);
}

TEST_F(OrderedSetTest, AgreesWithAStandardSetWhateverComesAndGoes) {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable.
  const auto any = [&] { return static_cast<int>(random() % many); };
  std::set<int> kept;
  for (int round = 0; round < 8000; ++round) {
    const int value = any();
    // It grows for a while, and shrinks to almost nothing.
    const bool grows = round / 2000 % 2 == 0;
    if (grows || random() % 8 == 0) {
      if (kept.insert(value).second) {
        set.insert(value);
      }
    } else if (const auto next = kept.lower_bound(value); next != kept.end()) {
      set.erase(*next);
      kept.erase(next);
    }
    if (round % 100 == 0) {
      const auto [first, last] = std::minmax({value, any()});
      ASSERT_THAT(all(), ElementsAreArray(kept)) << round;
      ASSERT_EQ(set.count(first, last), static_cast<std::size_t>(std::distance(
                                            kept.lower_bound(first), kept.upper_bound(last))))
          << round;
    }
  }
}

}  // namespace
}  // namespace ringbook
