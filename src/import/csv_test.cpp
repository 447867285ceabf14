#include "import/csv.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace ringbook {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// The records of `text`, or the one that cannot be read as "error: …".
Rows rows_of(std::string text) {
  ByteSource source = ByteSource::of_text(std::move(text));
  CsvReader reader(source);
  CsvRecord record;
  Rows out;
  for (;;) {
    const auto has_record = reader.next(record);
    if (!has_record) {
      out.push_back({"error: " + has_record.error().detail});
      return out;
    }
    if (!*has_record) {
      return out;
    }
    auto& row = out.emplace_back();
    for (std::size_t i = 0; i < record.size(); ++i) {
      row.emplace_back(record.cell(i));
    }
  }
}

TEST(Csv, ReadsLinesThatEndInLfOrCrlfOrTheFile) {
  const Rows expected{{"a", "b"}, {"c", "d"}};
  EXPECT_EQ(rows_of("a,b\nc,d\n"), expected);
  EXPECT_EQ(rows_of("a,b\r\nc,d\r\n"), expected);
  EXPECT_EQ(rows_of("a,b\r\nc,d"), expected);
  EXPECT_EQ(rows_of("a,\"b\"\nc,\"d\""), expected);
}

TEST(Csv, SkipsLinesWithoutAnything) {
  EXPECT_EQ(rows_of("\n\r\na\n\n\nb\n\n"), (Rows{{"a"}, {"b"}}));
  EXPECT_EQ(rows_of(""), Rows{});
  EXPECT_EQ(rows_of("\r\n\n"), Rows{});
}

TEST(Csv, KeepsEmptyCells) {
  EXPECT_EQ(rows_of(",\n\"\"\na,,b,\n"), (Rows{{"", ""}, {""}, {"a", "", "b", ""}}));
}

TEST(Csv, ReadsSeparatorsQuotesAndLineEndsInQuotes) {
  EXPECT_EQ(rows_of("\"a,b\",\"say \"\"hi\"\"\"\n"), (Rows{{"a,b", "say \"hi\""}}));
  EXPECT_EQ(rows_of("\"one\ntwo\r\nthree\rfour\",x\n"), (Rows{{"one\ntwo\r\nthree\rfour", "x"}}));
}

// [IMP-1]
TEST(Csv, TakesTheFirstSeparatorOutsideQuotesInTheFirstRecordForAll) {
  EXPECT_EQ(rows_of("a;b,c\nd,e;\"f;\"\n"), (Rows{{"a", "b,c"}, {"d,e", "f;"}}));
  EXPECT_EQ(rows_of("\"a,\"\tb\nc,\t\n"), (Rows{{"a,", "b"}, {"c,", ""}}));
  EXPECT_EQ(rows_of("a\nb;c,d\n"), (Rows{{"a"}, {"b;c", "d"}})) << "none shown: commas";
}

TEST(Csv, KeepsSpacesAndBytesAsTheyAre) {
  EXPECT_EQ(rows_of(" a , b\t\n"), (Rows{{" a ", " b\t"}}));
  EXPECT_EQ(rows_of("\xFF\xFE,\xC3\xA9\n"), (Rows{{"\xFF\xFE", "\xC3\xA9"}}));
  EXPECT_EQ(rows_of(std::string("a\0b", 3)), (Rows{{std::string("a\0b", 3)}}));
}

TEST(Csv, TakesOneByteOrderMarkAwayAndNoSecond) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a\n"),
            (Rows{{"a"}}));
  EXPECT_EQ(rows_of("\xEF\xBB\xBF\xEF\xBB\xBF"
                    "a\n"),
            (Rows{{"\xEF\xBB\xBF"
                   "a"}}));
  EXPECT_EQ(rows_of("a\n\xEF\xBB\xBF"
                    "b\n"),
            (Rows{{"a"},
                  {"\xEF\xBB\xBF"
                   "b"}}));
  EXPECT_EQ(rows_of("\xEF\xBB"), (Rows{{"\xEF\xBB"}}));
}

// [IMP-23]
TEST(Csv, FaultsARecordForQuotesOutOfPlaceAndReadsOn) {
  ByteSource source = ByteSource::of_text("b,c\"d,e\n\"a\"b,x\"\nf\n");
  CsvReader reader(source);
  CsvRecord record;
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.fault()->place.text(), "line 1, column 4");
  EXPECT_EQ(record.fault()->what, "a quote in a cell that does not begin with one");
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.fault()->place.text(), "line 2, column 4");
  EXPECT_EQ(record.fault()->what,
            "text after a closing quote; a quote inside quotes is written twice");
  ASSERT_TRUE(*reader.next(record));
  EXPECT_FALSE(record.fault());
  EXPECT_EQ(record.cell(0), "f");
}

// [IMP-23]
TEST(Csv, ReadsATextThatIsWrittenAsAFormula) {
  EXPECT_EQ(rows_of("=\"01,2\",=1+1,=\n"), (Rows{{"=\"01,2\"", "=1+1", "="}}));
}

TEST(Csv, NamesTheQuoteThatIsNeverClosed) {
  EXPECT_EQ(rows_of("a\nb,\"c\nd\n").back(),
            std::vector<std::string>{
                "error: line 2, column 3: the quote that opens this cell is never closed"});
}

TEST(Csv, RefusesACarriageReturnAlone) {
  EXPECT_TRUE(rows_of("a\rb\n").back()[0].contains("a carriage return without a line feed: save"));
  EXPECT_TRUE(rows_of("a\r").back()[0].contains("a carriage return without a line feed: save"));
}

TEST(Csv, BoundsARecord) {
  const std::string most(limits::import_record_bytes, 'x');
  EXPECT_EQ(rows_of(most + "\n"), (Rows{{most}}));
  EXPECT_EQ(rows_of("\"" + most + "\"\n"), (Rows{{most}}));
  for (const std::string& text : {most + "x\n", "\"" + most + "x\"\n", most + "x",
                                  std::string(limits::import_record_bytes + 2, ',')}) {
    EXPECT_NE(rows_of(text).back()[0].find("a record longer than"), std::string::npos);
  }
}

TEST(Csv, TellsWhereACellBeginsInLinesAndCodePoints) {
  ByteSource source = ByteSource::of_text("a\n\"x\ny\",b\n\xC3\xA9\xE2\x82\xAC,c\n");
  CsvReader reader(source);
  CsvRecord record;
  ASSERT_TRUE(*reader.next(record));
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.line(), 2U);
  EXPECT_EQ(record.place(1).line, 3U);
  EXPECT_EQ(record.place(1).column, 4U);
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.line(), 4U);
  EXPECT_EQ(record.place(1).line, 4U);
  EXPECT_EQ(record.place(1).column, 4U);
}

// [IMP-23]
TEST(Csv, EndsARecordWithAFaultWhereItEndsWithoutIt) {
  for (const std::string rest : {"\"a\nb\"", "\"a\n\"\"\nb\"", "y,\"\n\"", "=\"a\nb\"",
                                 "\"a\"b\",\"\nc\"", "y,\"a\r\nb\"\r"}) {
    const Rows rows = rows_of("1,5\" x," + rest + "\n2,y\n");
    ASSERT_EQ(rows.size(), 2U) << rest;
    EXPECT_EQ(rows[1], (std::vector<std::string>{"2", "y"})) << rest;
  }
  EXPECT_EQ(rows_of("1,5\" x,\"a\n2,y\n").back(),
            std::vector<std::string>{
                "error: line 1, column 8: the quote that opens this cell is never closed"});
}

}  // namespace
}  // namespace ringbook
