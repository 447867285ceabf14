#include "import/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<ImportHeader> header_of(std::string text) {
  ByteSource source = ByteSource::of_text(std::move(text));
  CsvReader reader(source);
  CsvRecord record;
  EXPECT_TRUE(*reader.next(record));
  return read_import_header(record);
}

// [IMP-2]
TEST(ImportHeader, NamesWhatRingbooksOwnFormatDoesNotHave) {
  EXPECT_THAT(header_of("userId,phone\n").error().detail,
              HasSubstr("line 1, column 8: unknown column \"phone\""));
  // Other programs' columns beside userId are no other program's file.
  EXPECT_THAT(header_of("userId,extension,name,tech\n").error().detail,
              HasSubstr("unknown column \"extension\""));
  EXPECT_THAT(header_of("name,number\n").error().detail, HasSubstr("unknown column \"number\""));
}

// [IMP-3]
TEST(ImportHeader, KnowsFreePbxByThreeOfItsColumnsInEitherCase) {
  const auto header = header_of("EXTENSION,NAME,TECH,SECRET\n");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->format, ImportFormat::freepbx);
  EXPECT_THAT(header->ignored, ElementsAre("TECH", "SECRET"));
  EXPECT_FALSE(header_of("extension,name\n"));
}

// [IMP-3]
TEST(ImportHeader, KnowsRingCentralByNamesAndANumber) {
  for (const std::string number : {"Extension", "Extension Number", "Ext", "Ext."}) {
    for (const std::string email : {"Email", "email address"}) {
      const auto header = header_of("First Name,Last Name," + number + "," + email + "\n");
      ASSERT_TRUE(header);
      EXPECT_EQ(header->format, ImportFormat::ringcentral);
      EXPECT_THAT(header->ignored, IsEmpty());
    }
  }
  EXPECT_FALSE(header_of("First Name,Last Name,Email\n"));
}

// [IMP-3]
TEST(ImportHeader, RefusesTwoColumnsOfOneMeaning) {
  EXPECT_THAT(header_of("First Name,Last Name,Extension,Ext\n").error().detail,
              HasSubstr("line 1, column 32: column \"Ext\" stands here a second time"));
  EXPECT_TRUE(header_of("extension,name,tech,dial,dial\n")) << "what is left out may repeat";
}

}  // namespace
}  // namespace ringbook
