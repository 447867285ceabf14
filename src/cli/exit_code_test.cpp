#include "cli/exit_code.h"

#include <gtest/gtest.h>

#include <utility>

namespace ringbook {
namespace {

TEST(ExitCode, SaysToTheShellWhatHappened) {
  const auto code = [](Errc error) { return std::to_underlying(exit_code_of(error)); };
  for (const Errc refused :
       {Errc::invalid, Errc::not_found, Errc::unauthenticated, Errc::not_permitted}) {
    EXPECT_EQ(code(refused), 1);
  }
  EXPECT_EQ(code(Errc::usage), 2);
  for (const Errc away :
       {Errc::overloaded, Errc::unavailable, Errc::no_space, Errc::locked, Errc::newer}) {
    EXPECT_EQ(code(away), 3);
  }
  EXPECT_EQ(code(Errc::damaged), 4);
  EXPECT_EQ(code(Errc::internal), 70);
}

}  // namespace
}  // namespace ringbook
