// Whether a test may do what only root may. Others skip it; where RINGBOOK_REQUIRE names `root`,
// that is a failure.
//
//   if (!test::is_root()) {
//     GTEST_SKIP() << test::not_root;
//   }
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string_view>

#include "support/vectors.h"

namespace ringbook::test {

inline constexpr std::string_view not_root =
    "NOT TESTED: only root can give files away, become others and look into servers";

inline bool is_root() {
  EXPECT_TRUE(geteuid() == 0 || !is_required("root")) << not_root;
  return geteuid() == 0;
}

}  // namespace ringbook::test
