#include "base/json_fault.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using namespace std::string_literals;

std::string fault_of(std::string_view text) {
  JsonDocument document;
  const auto parsed = document.parse(text);
  EXPECT_FALSE(parsed) << text;
  return parsed ? "" : parsed.error().detail;
}

// [PUT-9]
TEST(JsonFault, NamesTheEncodingThatIsNotUtf8) {
  EXPECT_EQ(fault_of("\xEF\xBB\xBF{}"), "a byte order mark at offset 0");
  EXPECT_EQ(fault_of("\xFF\xFE{\0}\0"s), "UTF-16 at offset 0");
  EXPECT_EQ(fault_of("\xFE\xFF\0{\0}"s), "UTF-16 at offset 0");
  EXPECT_EQ(fault_of("{\0}\0"s), "UTF-16 at offset 0");
  EXPECT_EQ(fault_of("\0{\0}"s), "UTF-16 at offset 0");
  for (const char* latin :
       {"{\"a\":\"\xE9\"}", "{\"a\":\"\xE9t\xE9\"}", "{\"a\":\"\xFC", "{\"a\":\"\xC3\"}"}) {
    EXPECT_EQ(fault_of(latin), "an octet that is not UTF-8 (is it Latin-1?) at offset 6") << latin;
  }
}

// [PUT-9]
TEST(JsonFault, NamesWhatStandsThere) {
  EXPECT_EQ(fault_of(R"({"a":1,})"), "a comma before } at offset 7");
  EXPECT_EQ(fault_of("[1,\n ]"), "a comma before ] at offset 5");
  EXPECT_EQ(fault_of("{'a':1}"), "a single quote, where only double quotes are at offset 1");
  EXPECT_EQ(fault_of("{/* */}"), "a comment at offset 1");
  EXPECT_EQ(fault_of("{}// x"), "something after the end of the document at offset 2");
  EXPECT_EQ(fault_of("{} {}"), "something after the end of the document at offset 3");
  EXPECT_EQ(fault_of("{\"a\":\"b\nc\"}"), "a control character that is not escaped at offset 7");
  EXPECT_EQ(fault_of("{a:1}"), "a word that is no value, or a name without quotes at offset 1");
  EXPECT_EQ(fault_of(R"({"a":NaN})"),
            "a word that is no value, or a name without quotes at offset 5");
  EXPECT_EQ(fault_of(R"({"a":+1})"), "a character that cannot stand there at offset 5");
}

// [PUT-9]
TEST(JsonFault, NamesAnEndThatComesTooEarlyAndNothingAtAll) {
  for (const char* text : {"{", R"({"a":)", R"({"a":"b)", R"({"a":tr)", "[1"}) {
    EXPECT_EQ(fault_of(text), "the end, before that of the document at offset " +
                                  std::to_string(std::string_view(text).size()))
        << text;
  }
  for (const char* text : {"", " ", "\r\n"}) {
    EXPECT_EQ(fault_of(text), "nothing but white space, or nothing at all");
  }
}

// [PUT-9]
TEST(JsonFault, NamesDepthAndEscapes) {
  EXPECT_EQ(fault_of(std::string(limits::json_depth + 1, '[')),
            "one object or array too many within another at offset " +
                std::to_string(limits::json_depth));
  for (const char* text : {R"(["\ud800"])", R"(["\udc00"])", R"(["\u12g4"])", R"(["\ud800\n"])"}) {
    EXPECT_TRUE(fault_of(text).starts_with("an escape that is no character at offset "))
        << fault_of(text);
  }
}

// [PUT-9]
TEST(JsonFault, TellsWhereAnEscapeOrANumberBegins) {
  EXPECT_EQ(fault_of(R"({"a":"\x41"})"), "an escape that does not exist at offset 6");
  EXPECT_EQ(fault_of(R"({"a":"x\udc00"})"), "an escape that is no character at offset 7");
  EXPECT_EQ(fault_of(R"({"a":"\ud800"})"), "an escape that is no character at offset 6");
  for (const char* number : {"1.", "-", "1e", "1.5e+"}) {
    EXPECT_EQ(fault_of("{\"a\":" + std::string(number) + "}"),
              "a number that ends too early at offset " +
                  std::to_string(5 + std::string_view(number).size()));
  }
}

// [PUT-9]
TEST(JsonFault, NamesWhatIsNoText) {
  EXPECT_EQ(fault_of("\xFF\xFE\0\0{\0\0\0}\0\0\0"s), "UTF-32 at offset 0");
  EXPECT_EQ(fault_of("\0\0\xFE\xFF\0\0\0{"s), "UTF-32 at offset 0");
  EXPECT_EQ(fault_of("\x1F\x8B\x08\0"s), "compressed data at offset 0");
}

// [LOG-1]
TEST(JsonFault, ShowsNothingOfTheText) {
  for (const char* text :
       {R"({"k":"hunter2)", R"({"k":hunter2})", "{'hunter2'}", R"({"k":"hunter2"} x)"}) {
    EXPECT_EQ(fault_of(text).find("hunter"), std::string::npos);
  }
}

}  // namespace
}  // namespace ringbook
