#include "import/file_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringbook {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Optional;

// [IMP-13]
TEST(FileKind, IsToldByContent) {
  struct Case {
    std::string beginning;
    std::string says;
  };
  const std::vector<Case> cases{
      {"PK\x03\x04\x14\0\x06\0[Content_Types].xml"s, "a workbook"},
      {"PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet"s, "a workbook"},
      {"PK\x03\x04\x14\0people.csv"s, "a compressed file: unpack it"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s, "a workbook"},
      {"<?xml version=\"1.0\"?>\n<Workbook "
       "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
       "a workbook"},
      {"\r\n<!DOCTYPE html><html>", "a web page (HTML)"},
      {"<TABLE><tr>", "a web page (HTML)"},
      {"<?xml version=\"1.0\"?><users>", "XML"},
      {"%PDF-1.7\n", "a PDF document"},
      {"{\\rtf1\\ansi", "RTF"},
      {"\x1F\x8B\x08\0"s, "gunzip -c FILE"},
      {"BZh91AY", "a compressed file"},
      {"SQLite format 3\0\x10"s, "`ringbook restore`"},
      {"\xFF\xFEu\0s\0"s, "UTF-16: save it as \"CSV UTF-8\", or run `iconv"},
      {"\xFE\xFF\0u\0s"s, "UTF-16"},
      {"u\0s\0e\0r\0"s, "UTF-16 or no text"},
      {"\x16\0\0\0\x07_id\0"s, "mongoexport"},
      {"BEGIN:VCARD\r\n", "vCards"},
  };
  for (const auto& [beginning, says] : cases) {
    EXPECT_THAT(other_kind_of_file(beginning), Optional(HasSubstr(says))) << beginning;
  }
}

TEST(FileKind, IsNoOtherForLists) {
  for (const std::string list :
       {"userId,name\n", "{\"userId\":", "[\n", "", "P", "sep=;\r\n", "<"}) {
    EXPECT_EQ(other_kind_of_file(list).has_value(), list == "<") << list;
  }
}

}  // namespace
}  // namespace ringbook
