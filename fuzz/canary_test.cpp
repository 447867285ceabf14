// A property that does not hold ends the process, and so fails the replay of its seed.
#include <gtest/gtest.h>

#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

TEST(Canary, DiesOfItsFaultAlone) {
  const auto run = targets().at("canary");
  run("coa");
  EXPECT_DEATH(run("coal"), "the canary is planted");
}

}  // namespace
}  // namespace ringbook::fuzz
