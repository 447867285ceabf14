#include "import/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<ImportHeader> header_of(std::string text) {
  ByteSource source = ByteSource::of_text(std::move(text));
  CsvReader reader(source);
  CsvRecord record;
  EXPECT_TRUE(*reader.next(record));
  return read_import_header(record);
}

// Nothing for a column that is left out.
std::vector<std::optional<Field>> fields_of(const ImportHeader& header) {
  std::vector<std::optional<Field>> fields;
  for (const KnownColumn* column : header.columns) {
    fields.push_back(column == nullptr ? std::nullopt : std::optional(column->field));
  }
  return fields;
}

// [IMP-2]
TEST(ImportHeader, NamesWhatRingbooksOwnFormatDoesNotHave) {
  // Other programs' columns beside userId are no other program's file.
  EXPECT_THAT(header_of("userId,extension,name,tech\n").error().detail,
              HasSubstr("unknown columns \"extension\" (did you mean rcExtension?), \"tech\""));
}

// [IMP-2]
TEST(ImportHeader, TakesRingbooksOwnNamesHoweverTheyAreWritten) {
  for (const std::string line :
       {"UserID,Name,RCExtension\n", " userId , name,rcExtension \n", "user_id,NAME,rc_extension\n",
        "\uFEFF\uFEFFuserId,name,rcExtension\n", "User Id,Name,RC Extension\n",
        "userId,name,rcExtension\u00A0\n"}) {
    const auto header = header_of(line);
    ASSERT_TRUE(header) << line << header.error().detail;
    EXPECT_THAT(fields_of(*header), ElementsAre(Field::user_id, Field::name, Field::extension))
        << line;
  }
}

// [IMP-3]
TEST(ImportHeader, KnowsFreePbxByThreeOfItsColumnsInEitherCase) {
  const auto header = header_of("EXTENSION,NAME,TECH,SECRET\n");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->list->name, "FreePBX");
  EXPECT_THAT(fields_of(*header),
              ElementsAre(Field::extension, Field::name, std::nullopt, std::nullopt));
  EXPECT_FALSE(header_of("extension,name\n"));
}

// [IMP-25]
TEST(ImportHeader, RefusesAColumnThatStandsThereTwice) {
  EXPECT_THAT(header_of("First Name,Last Name,Ext,ext.\n").error().detail,
              HasSubstr("line 1, column 26: column \"ext.\" stands here a second time"));
  EXPECT_TRUE(header_of("First Name,Last Name,Extension,Ext\n")) << "rows may agree";
  EXPECT_TRUE(header_of("extension,name,tech,dial,dial\n")) << "what is left out may repeat";
}

}  // namespace
}  // namespace ringbook
