#include "base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringbook {
namespace {

const std::vector<std::string> names{"serve", "server", "user", "set", "release", "log-level"};

std::string found(std::string_view word) {
  return nearest(word, names).value_or("");
}

TEST(Nearest, UnderstandsEveryKindOfMistake) {
  EXPECT_EQ(found("relaese"), "release") << "turned";
  EXPECT_EQ(found("releas"), "release") << "missing";
  EXPECT_EQ(found("relleasee"), "release") << "too many";
  EXPECT_EQ(found("relfasf"), "release") << "wrong";
  EXPECT_EQ(found("log_level"), "log-level");
  EXPECT_EQ(found("loglevle"), "log-level") << "two of different kinds";
  EXPECT_EQ(found("USER"), "user") << "case is no mistake";
  EXPECT_EQ(found("st"), "set");
}

TEST(Nearest, TakesTheFirstOfThoseWithTheFewestMistakes) {
  EXPECT_EQ(found("server"), "server");
  EXPECT_EQ(found("serv"), "serve");
  EXPECT_EQ(found("serves"), "serve") << "one mistake from both";
}

TEST(Nearest, FindsNothingForWhatMayBeMeantForSomethingElse) {
  for (const char* word : {"", "s", "frobnicate", "list", "rls", "xser-x", "uusserr", "log"}) {
    EXPECT_EQ(found(word), "") << word;
  }
  EXPECT_EQ(found(std::string(1'000'000, 's')), "");
  EXPECT_EQ(nearest("user", {}), std::nullopt);
}

// Up to three mistakes, and at most one in three letters.
TEST(Nearest, ForgivesMoreInLongWords) {
  const std::vector<std::string> one{"accept-short-numbers"};
  EXPECT_TRUE(nearest("acept-shrt-numbrs", one));
  EXPECT_FALSE(nearest("acept-shrt-nmbrs", one));
  EXPECT_TRUE(nearest("usr", std::vector<std::string>{"user"}));
  EXPECT_FALSE(nearest("sr", std::vector<std::string>{"user"}));
  EXPECT_FALSE(nearest("uesre", std::vector<std::string>{"user"}));
}

}  // namespace
}  // namespace ringbook
