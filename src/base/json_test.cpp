#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "base/limits.h"
#include "support/vectors.h"

namespace ringbook {
namespace {

bool accepts(std::string_view text) {
  JsonDocument document;
  return document.parse(text).has_value();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// [PUT-9]
TEST(Json, DecidesTheParsingSuiteAsItsNamesSay) {
  const auto folder = test::vectors("jsontestsuite/test_parsing");
  if (!folder) {
    GTEST_SKIP() << test::no_vectors;
  }
  std::size_t to_accept = 0;
  std::size_t to_refuse = 0;
  JsonDocument document;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    const std::string name = entry.path().filename().string();
    const bool accepted = document.parse(read_file(entry.path())).has_value();
    if (name.starts_with("y_")) {
      ++to_accept;
      EXPECT_TRUE(accepted) << name;
    } else if (name.starts_with("n_")) {
      ++to_refuse;
      EXPECT_FALSE(accepted) << name;
    }
  }
  EXPECT_EQ(to_accept, 95U);
  EXPECT_EQ(to_refuse, 188U);
}

// [PUT-9]
TEST(Json, RefusesWhatIsNoSingleDocumentInUtf8) {
  for (const std::string_view text : {"",
                                      " \n",
                                      "\xEF\xBB\xBF{}",
                                      "{} {}",
                                      "{}x",
                                      "// c\n{}",
                                      "/**/{}",
                                      "{}//",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "\"\xFF\"",
                                      "\"\xC0\x80\"",
                                      "\"\xED\xA0\x80\"",
                                      R"("\ud800")",
                                      R"("\udc00")",
                                      R"("\ud800\u0041")",
                                      R"({"\udfff":1})",
                                      "NaN",
                                      "Infinity",
                                      "01",
                                      "+1",
                                      "'a'",
                                      "\"a\tb\""}) {
    EXPECT_FALSE(accepts(text)) << text;
  }
  EXPECT_FALSE(accepts(std::string_view("{}\0", 3)));
}

TEST(Json, AcceptsWhiteSpaceAroundTheDocument) {
  EXPECT_TRUE(accepts(" \t\r\n{ \"a\" : [ ] } \t\r\n"));
}

// [PUT-9]
TEST(Json, AcceptsThirtyTwoOpenContainersAndNoMore) {
  EXPECT_TRUE(accepts(nested(limits::json_depth)));
  EXPECT_FALSE(accepts(nested(limits::json_depth + 1)));
  std::string objects = "1";
  for (std::size_t i = 0; i < limits::json_depth; ++i) {
    objects = "{\"a\":" + objects + "}";
  }
  EXPECT_TRUE(accepts(objects));
  EXPECT_FALSE(accepts("[" + objects + "]"));
}

TEST(Json, GivesEachTypeItsValue) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"s":"a\u0000\u00e9\ud83d\ude00b","n":-12.5e1,"t":true,"f":false,
                                 "z":null,"a":[1,[2],{}],"o":{}})"));
  const auto root = document.root();
  EXPECT_EQ(root.size(), 7U);
  EXPECT_EQ(root.find("s")->string(), std::string_view("a\0\u00e9\U0001F600b", 9));
  EXPECT_EQ(root.find("n")->number(), -125);
  EXPECT_TRUE(root.find("t")->boolean());
  EXPECT_FALSE(root.find("f")->boolean());
  EXPECT_TRUE(root.find("z")->is(JsonType::null));
  EXPECT_EQ(root.find("a")->size(), 3U);
  EXPECT_TRUE(root.find("o")->is(JsonType::object));
  EXPECT_FALSE(root.find("o")->first());
  EXPECT_FALSE(root.find("missing"));
  EXPECT_FALSE(root.find("a")->find("0"));
}

TEST(Json, WalksChildrenInDocumentOrder) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"a":[[1],[2]],"b":{"c":3},"":4})"));
  std::string names;
  for (auto member = document.root().first(); member; member = member->next()) {
    names += "<" + std::string(member->name()) + ">";
  }
  EXPECT_EQ(names, "<a><b><>");
  EXPECT_FALSE(document.root().next());
  const auto second = document.root().find("a")->first()->next();
  EXPECT_EQ(second->first()->number(), 2);
  EXPECT_EQ(second->name(), "");
  EXPECT_FALSE(second->next());
}

TEST(Json, ReadsNumbersToTheLastBit) {
  JsonDocument document;
  ASSERT_TRUE(
      document.parse("[9007199254740992, 0.1, 1.7976931348623157e308, 18446744073709551615, "
                     "123456789.123456789, 2.2250738585072014e-308]"));
  std::vector<double> numbers;
  for (auto value = document.root().first(); value; value = value->next()) {
    numbers.push_back(value->number());
  }
  EXPECT_EQ(numbers, (std::vector<double>{9007199254740992.0, 0.1, 1.7976931348623157e308,
                                          18446744073709551615.0, 123456789.123456789,
                                          2.2250738585072014e-308}));
}

TEST(Json, NeverTakesAnOverflowForAFiniteNumber) {
  JsonDocument document;
  for (const std::string& text : {std::string("1e400"), std::string("1e99999999999999999999"),
                                  std::string(400, '9'), "1" + std::string(400, '0') + ".5"}) {
    if (document.parse(text)) {
      EXPECT_TRUE(std::isinf(document.root().number())) << text;
    }
  }
}

// [PUT-9] [JWS-2] [JWT-1]
TEST(Json, FindsRepeatedNamesAfterDecodingEscapes) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"payload":{"a":1,"b":2,"\u0061":3},"other":[{"a":1}]})"));
  const auto payload = *document.root().find("payload");
  EXPECT_TRUE(payload.is_repeated("a"));
  EXPECT_FALSE(payload.is_repeated("b"));
  EXPECT_FALSE(payload.is_repeated("c"));
  EXPECT_TRUE(payload.has_repeated_names());
  EXPECT_EQ(payload.find("a")->number(), 1);
  EXPECT_FALSE(payload.first()->repeats_a_name());
  EXPECT_TRUE(payload.first()->next()->next()->repeats_a_name());
  EXPECT_TRUE(document.root().has_repeated_names());
  EXPECT_FALSE(document.root().is_repeated("payload"));
  EXPECT_FALSE(document.root().find("other")->has_repeated_names());
}

// [PUT-9]
TEST(Json, FindsRepeatedNamesHoweverDeepTheyStand) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"([[{"x":[{"y":1,"y":2}]}],1])"));
  EXPECT_TRUE(document.root().has_repeated_names());
  EXPECT_FALSE(document.root().first()->next()->has_repeated_names());
}

TEST(Json, ComparesNamesByEveryByte) {
  JsonDocument document;
  ASSERT_TRUE(document.parse("{\"a\":1,\"a\\u0000\":2,\"A\":3,\"\":4,\"\u00e9\":5,\"e\u0301\":6}"));
  EXPECT_FALSE(document.root().has_repeated_names());
}

// [PUT-9]
TEST(Json, FindsARepeatedNameAmongAnyNumberOfMembers) {
  JsonDocument document;
  for (const int members : {2, 15, 16, 17, 18, 1000}) {
    std::string text = "{";
    for (int i = 0; i < members - 1; ++i) {
      text += "\"m" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    }
    ASSERT_TRUE(document.parse(text + "\"last\":0}"));
    EXPECT_FALSE(document.root().has_repeated_names()) << members;
    ASSERT_TRUE(document.parse(text + "\"\\u006d0\":-1}"));
    EXPECT_TRUE(document.root().is_repeated("m0")) << members;
    EXPECT_EQ(document.root().find("m0")->number(), 0) << members;
    EXPECT_FALSE(document.root().first()->repeats_a_name()) << members;
  }
}

TEST(Json, HoldsNothingOfAnEarlierParse) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"a":1,"a":[2]})"));
  ASSERT_FALSE(document.parse(R"({"b":[[1,)"));
  EXPECT_TRUE(document.root().is(JsonType::null));
  ASSERT_TRUE(document.parse(R"({"c":"d"})"));
  EXPECT_FALSE(document.root().has_repeated_names());
  EXPECT_FALSE(document.root().find("a"));
  EXPECT_EQ(document.root().find("c")->string(), "d");
}

TEST(Json, SaysWhereItStopped) {
  JsonDocument document;
  const auto result = document.parse("[1] x");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::invalid);
  EXPECT_NE(result.error().detail.find("at offset 4"), std::string::npos) << result.error().detail;
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatCouldBreakALine) {
  EXPECT_EQ(json_string("a\"\\/\b\f\n\r\t\x01\x1B\x7F"), R"("a\"\\/\b\f\n\r\t\u0001\u001b\u007f")");
  EXPECT_EQ(json_string("\u0085\u009B\u2028\u2029"), R"("\u0085\u009b\u2028\u2029")");
  EXPECT_EQ(json_string(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(json_string("\u00e9\U0001F600\u00a0"), "\"\u00e9\U0001F600\u00a0\"");
}

TEST(JsonString, ReplacesInvalidBytes) {
  EXPECT_EQ(json_string("a\xFF"
                        "b\xC3"),
            "\"a\uFFFDb\uFFFD\"");
}

TEST(JsonString, ReadsBackAsItWas) {
  std::string text;
  for (char32_t point = 0; point < 0x80; ++point) {
    text += static_cast<char>(point);
  }
  text += "\u0080\u2028\U0010FFFF";
  JsonDocument document;
  ASSERT_TRUE(document.parse(json_string(text)));
  EXPECT_EQ(document.root().string(), text);
}

TEST(JsonString, StandsInArraysOfThem) {
  const auto array_of = [](const std::vector<std::string>& texts) {
    std::string out;
    append_json_strings(out, texts);
    return out;
  };
  EXPECT_EQ(array_of({}), "[]");
  EXPECT_EQ(array_of({"a\n", "b"}), R"(["a\n","b"])");
}

TEST(JsonString, WritesNullForNothing) {
  std::string out;
  append_json_or_null(out, std::optional<std::string>());
  append_json_or_null(out, std::optional<std::string>("a"));
  EXPECT_EQ(out, "null\"a\"");
}

}  // namespace
}  // namespace ringbook
