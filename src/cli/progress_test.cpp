#include "cli/progress.h"

#include <gtest/gtest.h>

namespace ringbook {
namespace {

// [IMP-11]
TEST(ProgressLine, TellsCountRateAndTimeLeft) {
  EXPECT_EQ(progress_line({"comparing", "rows", 90'000, 30'000, {}}, 3),
            "comparing: 30,000 of 90,000 rows, 10,000 a second, 6 s left");
  EXPECT_EQ(progress_line({"reading", "rows", {}, 30'000, 0.25}, 60),
            "reading: 30,000 rows, 500 a second, 3 min left");
  EXPECT_EQ(progress_line({"folding", "changes", 90'000, 60'000, {}, 30'000}, 3),
            "folding: 60,000 of 90,000 changes, 10,000 a second, 3 s left");
  EXPECT_EQ(progress_line({"folding", "changes", 90'000, 30'000, {}, 30'000}, 3),
            "folding: 30,000 of 90,000 changes, 3 s");
  EXPECT_EQ(progress_line({"folding", "changes", 90'000, 90'000, {}, 30'000}, 3),
            "folding: 90,000 of 90,000 changes, 3 s");
}

// [IMP-11]
TEST(ProgressLine, TellsTheTimeThatPassesWhereNothingIsCounted) {
  EXPECT_EQ(progress_line({"writing", "edits", 5000, 0, {}}, 0), "writing: 0 of 5,000 edits, 0 s");
  EXPECT_EQ(progress_line({"writing", "edits", 5000, 0, {}}, 2.5),
            "writing: 0 of 5,000 edits, 3 s");
  EXPECT_EQ(progress_line({"reading", "rows", {}, 500, {}}, 1), "reading: 500 rows, 500 a second");
}

}  // namespace
}  // namespace ringbook
