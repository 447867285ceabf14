#include "directory/slot_table.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

constexpr auto any_slot = [](SlotTable::Slot) { return true; };

TEST(SlotTable, AsksOnlyAboutSlotsWithTheVeryHash) {
  SlotTable table;
  // The same place of the same shard.
  table.insert(0x100, 1);
  table.insert(0x200, 2);
  int asked = 0;
  EXPECT_EQ(table.find(0x200,
                       [&](SlotTable::Slot slot) {
                         ++asked;
                         return slot == 2;
                       }),
            2U);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(table.find(0x300, any_slot), SlotTable::nobody);
}

TEST(SlotTable, TellsApartSlotsWithOneHash) {
  SlotTable table;
  table.insert(7, 1);
  table.insert(7, 2);
  EXPECT_EQ(table.find(7, [](SlotTable::Slot slot) { return slot == 2; }), 2U);
  EXPECT_EQ(table.find(7, [](SlotTable::Slot) { return false; }), SlotTable::nobody);
  table.erase(7, 1);
  EXPECT_EQ(table.find(7, any_slot), 2U);
  EXPECT_EQ(table.size(), 1U);
  table.erase(7, 2);
  EXPECT_EQ(table.find(7, any_slot), SlotTable::nobody);
}

}  // namespace
}  // namespace ringbook
