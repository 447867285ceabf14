#include "import/zeros.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::HasSubstr;

class Zeros : public testing::Test {
 protected:
  static ImportFile file_of(const std::vector<std::string>& numbers) {
    ImportFile file;
    file.is_csv = true;
    for (const auto& number : numbers) {
      file.rows.emplace_back().extension = Extension::parse(number);
    }
    return file;
  }
  static std::optional<LostZeros::Doubt> doubt(const ImportFile& file, const std::string& wanted,
                                               const std::string& present = "") {
    return LostZeros(file).doubt(*Extension::parse(wanted), Extension::parse(present));
  }

  const std::vector<std::string> ten_{"1001", "1002", "1003", "1004", "1005",
                                      "1006", "123",  "124",  "125",  "126"};
};

// [IMP-5]
TEST_F(Zeros, AreMissedWhereMostNumbersOfAFileAreLonger) {
  const auto found = doubt(file_of(ten_), "123");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_refused);
  EXPECT_THAT(found->reason,
              testing::AllOf(HasSubstr("may have been 0123"), HasSubstr("have 4 digits"),
                             HasSubstr("--accept-short-numbers")));
  EXPECT_FALSE(doubt(file_of(ten_), "1001"));
  EXPECT_FALSE(doubt(file_of(ten_), "12345"));
}

// [IMP-5]
TEST_F(Zeros, AreNotMissedWhereNoLengthIsUsual) {
  EXPECT_FALSE(doubt(file_of({"1001", "1002", "123", "12"}), "12"));
  EXPECT_FALSE(doubt(file_of({}), "12"));
}

// [IMP-5]
TEST_F(Zeros, AreNotMissedInAFileThatHasKeptSome) {
  auto numbers = ten_;
  numbers.emplace_back("0127");
  EXPECT_FALSE(doubt(file_of(numbers), "123"));
  EXPECT_TRUE(doubt(file_of(numbers), "123", "0123")) << "but the person's own number tells";
}

// [IMP-5]
TEST_F(Zeros, AreOnlyWarnedOfInShortFilesAndInOnesAsExported) {
  EXPECT_FALSE(doubt(file_of({"1001", "1002", "123"}), "123")->is_refused);
  ImportFile exported = file_of(ten_);
  exported.is_as_exported = true;
  EXPECT_FALSE(doubt(exported, "123")->is_refused);
  EXPECT_TRUE(doubt(exported, "123", "00123")->is_refused);
}

// [IMP-5]
TEST_F(Zeros, AreMissedByNobodyInJsonLines) {
  ImportFile file = file_of(ten_);
  file.is_csv = false;
  EXPECT_FALSE(doubt(file, "123"));
  EXPECT_FALSE(doubt(file, "123", "0123"));
}

// [IMP-5]
TEST_F(Zeros, AreTheOnlyDifferenceThatCounts) {
  EXPECT_FALSE(doubt(file_of({}), "123", "1123"));
  EXPECT_FALSE(doubt(file_of({}), "123", "0124"));
  EXPECT_FALSE(doubt(file_of({}), "0123", "123")) << "more zeros are no loss";
  EXPECT_FALSE(doubt(file_of({}), "0123", "00123")) << "a spreadsheet takes all";
}

}  // namespace
}  // namespace ringbook
