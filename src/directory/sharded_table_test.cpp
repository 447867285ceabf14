#include "directory/sharded_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace ringbook {
namespace {

// A cell that says itself where its shard wants it.
struct Cell {
  unsigned id = 0;  // 0: an empty cell.
  unsigned home = 0;
  bool operator==(const Cell&) const = default;
};

// All cells in one shard, which chooses their place by their upper bits: `home` in 64ths of it.
std::uint32_t hash_for(unsigned home) {
  return std::uint32_t{home} << 26U;
}

// The home that is this place of a shard of the smallest size.
constexpr unsigned at(unsigned place) {
  return 8 * place;
}

struct Traits {
  static bool is_empty(const Cell& cell) { return cell.id == 0; }
  static Cell empty() { return {}; }
  static std::uint32_t hash(const Cell& cell) { return hash_for(cell.home); }
};

class ShardedTableTest : public ::testing::Test {
 protected:
  void insert(std::initializer_list<Cell> cells) {
    std::ranges::for_each(cells, [&](const Cell& cell) { table.insert(cell); });
  }
  Cell* find(const Cell& cell) {
    return table.find(hash_for(cell.home), [&](const Cell& c) { return c == cell; });
  }
  void expect_just(std::initializer_list<Cell> cells) {
    EXPECT_EQ(table.size(), cells.size());
    for (const Cell& cell : cells) {
      ASSERT_NE(find(cell), nullptr) << cell.id;
      EXPECT_EQ(*find(cell), cell);
    }
  }

  ShardedTable<Cell, Traits> table;
};

TEST_F(ShardedTableTest, IsEmptyAtFirst) {
  EXPECT_EQ(find({1, at(1)}), nullptr);
  EXPECT_EQ(table.size(), 0U);
}

TEST_F(ShardedTableTest, FindsWhatStoodBehindAnErasedCell) {
  insert({{1, at(2)}, {2, at(2)}, {3, at(2)}});
  table.erase(find({1, at(2)}));
  EXPECT_EQ(find({1, at(2)}), nullptr);
  expect_just({{2, at(2)}, {3, at(2)}});
  table.erase(find({3, at(2)}));
  expect_just({{2, at(2)}});
}

TEST_F(ShardedTableTest, MovesNoCellBeforeItsHome) {
  insert({{1, at(2)}, {2, at(3)}, {3, at(2)}});
  table.erase(find({1, at(2)}));
  expect_just({{2, at(3)}, {3, at(2)}});
}

TEST_F(ShardedTableTest, ClosesGapsAcrossTheEndOfAShard) {
  insert({{1, at(6)}, {2, at(7)}, {3, at(7)}, {4, at(0)}});
  table.erase(find({2, at(7)}));
  expect_just({{1, at(6)}, {3, at(7)}, {4, at(0)}});
  table.erase(find({1, at(6)}));
  expect_just({{3, at(7)}, {4, at(0)}});
}

TEST_F(ShardedTableTest, ErasesOneOfEqualCells) {
  insert({{1, at(4)}, {1, at(4)}});
  table.erase(find({1, at(4)}));
  expect_just({{1, at(4)}});
  table.erase(find({1, at(4)}));
  EXPECT_EQ(find({1, at(4)}), nullptr);
  EXPECT_EQ(table.size(), 0U);
}

TEST_F(ShardedTableTest, KeepsWhatItHasWhenItMakesRoom) {
  insert({{1, at(2)}, {2, at(2)}, {3, at(7)}});
  table.reserve(100'000);
  expect_just({{1, at(2)}, {2, at(2)}, {3, at(7)}});
  table.reserve(0);
  table.erase(find({1, at(2)}));
  expect_just({{2, at(2)}, {3, at(7)}});
}

TEST_F(ShardedTableTest, AgreesWithAListWhateverComesAndGoes) {
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable.
  std::vector<Cell> kept;
  for (unsigned id = 1; id <= 1200; ++id) {
    // It grows for a while, and shrinks to almost nothing.
    const bool grows = id / 200 % 2 == 0;
    if (kept.empty() || (random() % 4 != 0) == grows) {
      kept.push_back({id, static_cast<unsigned>(random() % 64)});
      table.insert(kept.back());
    } else {
      const auto gone = kept.begin() + static_cast<std::ptrdiff_t>(random() % kept.size());
      const Cell cell = *gone;
      table.erase(find(cell));
      kept.erase(gone);
      ASSERT_EQ(find(cell), nullptr) << id;
    }
    ASSERT_EQ(table.size(), kept.size());
    ASSERT_TRUE(std::ranges::all_of(kept, [&](const Cell& cell) { return find(cell) != nullptr; }))
        << id;
  }
}

}  // namespace
}  // namespace ringbook
