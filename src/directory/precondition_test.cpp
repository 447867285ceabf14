#include "directory/precondition.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

using Match = Precondition::Match;

TEST(Precondition, HoldsForEverybodyWhenItAsksNothing) {
  const Precondition nothing;
  EXPECT_TRUE(nothing.holds(8));
  EXPECT_TRUE(nothing.holds(std::nullopt));
}

// [COND-1]
TEST(Precondition, IfMatchInsistsThatTheUserExists) {
  const Precondition any{.if_match = Match::any};
  EXPECT_TRUE(any.holds(8));
  EXPECT_FALSE(any.holds(std::nullopt));
}

// [COND-1]
TEST(Precondition, IfMatchInsistsOnOneOfItsVersions) {
  const Precondition listed{.if_match = Match::one_of, .if_match_versions = {7, 8}};
  EXPECT_TRUE(listed.holds(8));
  EXPECT_FALSE(listed.holds(9));
  EXPECT_FALSE(listed.holds(std::nullopt));
  EXPECT_FALSE(Precondition{.if_match = Match::one_of}.holds(8)) << "a list of tags of nobody's";
}

// [COND-1]
TEST(Precondition, IfNoneMatchInsistsThatThereIsNoUser) {
  const Precondition any{.if_none_match = Match::any};
  EXPECT_FALSE(any.holds(8));
  EXPECT_TRUE(any.holds(std::nullopt));
}

// [COND-1]
TEST(Precondition, IfNoneMatchInsistsOnAnotherVersion) {
  const Precondition listed{.if_none_match = Match::one_of, .if_none_match_versions = {7, 8}};
  EXPECT_FALSE(listed.holds(8));
  EXPECT_TRUE(listed.holds(9));
  EXPECT_TRUE(listed.holds(std::nullopt));
}

TEST(Precondition, InsistsOnBothHalves) {
  const Precondition both{.if_match = Match::one_of,
                          .if_match_versions = {7, 8},
                          .if_none_match = Match::one_of,
                          .if_none_match_versions = {8}};
  EXPECT_TRUE(both.holds(7));
  EXPECT_FALSE(both.holds(8));
  EXPECT_TRUE(both.if_match_holds(8));
  EXPECT_FALSE(both.if_none_match_holds(8));
}

}  // namespace
}  // namespace ringbook
