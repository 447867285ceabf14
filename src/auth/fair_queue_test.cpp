#include "auth/fair_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringbook {
namespace {

std::string all_of(FairQueue<std::string>& queue) {
  std::string out;
  while (!queue.empty()) {
    out += queue.pop() + " ";
  }
  return out;
}

TEST(FairQueue, ServesOneUserInOrder) {
  FairQueue<std::string> queue(3);
  EXPECT_TRUE(queue.empty());
  for (const char* item : {"1", "2", "3"}) {
    EXPECT_EQ(queue.push("a", item), std::nullopt);
  }
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(all_of(queue), "1 2 3 ");
  EXPECT_EQ(queue.size(), 0U);
}

TEST(FairQueue, LetsUsersTakeTurns) {
  FairQueue<std::string> queue(100);
  for (const char* item : {"b1", "b2", "b3"}) {
    queue.push("b", item);
  }
  queue.push("c", "c1");
  EXPECT_EQ(queue.pop(), "b1");
  queue.push("a", "a1");
  queue.push("a", "a2");
  EXPECT_EQ(all_of(queue), "c1 b2 a1 b3 a2 ");
}

TEST(FairQueue, TurnsAwayWhoeverFilledIt) {
  FairQueue<std::string> queue(2);
  queue.push("a", "1");
  queue.push("a", "2");
  EXPECT_EQ(queue.push("a", "3"), "3");
  EXPECT_EQ(all_of(queue), "1 2 ");
}

TEST(FairQueue, MakesRoomAtTheEndOfTheLongestLine) {
  FairQueue<std::string> queue(4);
  for (const char* item : {"a1", "a2", "a3"}) {
    queue.push("a", item);
  }
  queue.push("b", "b1");
  EXPECT_EQ(queue.push("c", "c1"), "a3");
  EXPECT_EQ(queue.push("b", "b2"), "b2") << "no line is longer than its own would be";
  EXPECT_EQ(queue.size(), 4U);
  EXPECT_EQ(all_of(queue), "a1 b1 c1 a2 ");
}

TEST(FairQueue, TurnsNewUsersAwayWhenNobodyHasMore) {
  FairQueue<std::string> queue(2);
  queue.push("a", "a1");
  queue.push("b", "b1");
  EXPECT_EQ(queue.push("c", "c1"), "c1");
  queue.pop();
  EXPECT_EQ(queue.push("c", "c2"), std::nullopt);
  EXPECT_EQ(all_of(queue), "b1 c2 ");
}

TEST(FairQueue, CarriesWhatCanOnlyBeMoved) {
  FairQueue<std::unique_ptr<int>> queue(1);
  queue.push("a", std::make_unique<int>(1));
  EXPECT_EQ(**queue.push("a", std::make_unique<int>(2)), 2);
  EXPECT_EQ(*queue.pop(), 1);
}

}  // namespace
}  // namespace ringbook
