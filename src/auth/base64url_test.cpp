#include "auth/base64url.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

bool decodes(std::string_view text) {
  std::string out;
  return decode_base64url(text, out);
}

std::string decoded(std::string_view text) {
  std::string out = "left over from before";
  EXPECT_TRUE(decode_base64url(text, out)) << text;
  return out;
}

std::string encoded(std::string_view bytes) {
  std::string out;
  append_base64url(out, bytes);
  return out;
}

TEST(Base64url, AgreesWithTheExamplesOfRfc4648) {
  const std::pair<std::string, std::string> examples[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(encoded(bytes), text);
    EXPECT_EQ(decoded(text), bytes);
  }
}

TEST(Base64url, UsesTheAlphabetThatIsSafeInUrls) {
  EXPECT_EQ(encoded("\xFB\xFF"), "-_8");
  EXPECT_EQ(decoded("-_8"), "\xFB\xFF");
  EXPECT_FALSE(decodes("+/8"));
}

TEST(Base64url, GivesBackWhateverBytesItWasGiven) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    EXPECT_EQ(decoded(encoded(bytes)), bytes);
  }
}

// [JWS-1]
TEST(Base64url, RefusesPadding) {
  for (const char* text : {"Zg==", "Zg=", "Zm8=", "Zm9v=", "=", "Zg==Zg"}) {
    EXPECT_FALSE(decodes(text)) << text;
  }
}

// [JWS-1]
TEST(Base64url, RefusesWhiteSpaceAnywhere) {
  for (const char* text : {" Zm9v", "Zm9v ", "Zm 9v", "Zm9v\n", "Zm\r\n9v", "\tZm9v"}) {
    EXPECT_FALSE(decodes(text)) << text;
  }
}

// [JWS-1]
TEST(Base64url, RefusesEveryForeignCharacter) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (int i = 0; i < 256; ++i) {
    const char character = static_cast<char>(i);
    const std::string text = std::string("AAA") + character;
    EXPECT_EQ(decodes(text), alphabet.find(character) != std::string::npos) << i;
  }
}

// [JWS-1]
TEST(Base64url, RefusesSpareBitsThatAreNotZero) {
  EXPECT_TRUE(decodes("Zg"));  // g ends in 0000
  for (const char* text : {"Zh", "Zi", "Zk", "Zo", "Zv"}) {
    EXPECT_FALSE(decodes(text)) << text;
  }
  EXPECT_TRUE(decodes("Zm8"));  // 8 ends in 00
  for (const char* text : {"Zm9", "Zm-", "Zm_"}) {
    EXPECT_FALSE(decodes(text)) << text;
  }
}

// [JWS-1]
TEST(Base64url, RefusesALengthThatNoBytesHave) {
  for (const char* text : {"A", "AAAAA", "Zm9vZ"}) {
    EXPECT_FALSE(decodes(text)) << text;
  }
}

}  // namespace
}  // namespace ringbook
