#include "store/mongo/settings.h"

#include <gtest/gtest.h>

namespace ringbook::mongo {
namespace {

std::string problem_of(const Settings& settings) {
  const auto checked = check_settings(settings);
  EXPECT_TRUE(checked || checked.error().code == Errc::usage);
  return checked ? "" : checked.error().detail;
}

Settings with_url(std::string url) {
  Settings out;
  out.url = std::move(url);
  return out;
}

TEST(MongoSettings, NameADatabase) {
  EXPECT_EQ(database_of(with_url("mongodb://localhost/phones?replicaSet=a")), "phones");
  EXPECT_EQ(database_of(with_url("mongodb://localhost")), "ringbook");
  EXPECT_EQ(problem_of(with_url("mongodb://a,b:27018/phones?tls=true")), "");
}

TEST(MongoSettings, ShowNoPasswordOfAUrlThatIsNone) {
  const std::string problem = problem_of(with_url("mongodb://ada:s3cret@localhost:99999/"));
  EXPECT_NE(problem, "");
  EXPECT_EQ(problem.find("s3cret"), std::string::npos);
}

// [MONGO-3]
TEST(MongoSettings, RefusePathsThatAreNone) {
  for (const char* path : {"", ".", "a.", ".a", "a..b", "$a", "a.$b", "_id", "_id.x"}) {
    Settings settings = with_url("mongodb://localhost/");
    settings.number_path = path;
    EXPECT_NE(problem_of(settings), "") << path;
  }
  Settings settings = with_url("mongodb://localhost/");
  settings.number_path = "a.b.c";
  EXPECT_EQ(problem_of(settings), "");
}

// [MONGO-3]
TEST(MongoSettings, RefusePathsOfWhichOneIsPartOfAnother) {
  Settings settings = with_url("mongodb://localhost/");
  settings.number_path = "phone";
  settings.version_path = "phone.v";
  EXPECT_EQ(problem_of(settings),
            "mongo-version-path: 'phone.v' is, or is part of, the path of mongo-extension-path");
  settings.version_path = "phones.v";
  EXPECT_EQ(problem_of(settings), "");
}

TEST(MongoSettings, RefuseACollectionOfOurOwn) {
  for (const char* users : {"", "ringbook_journal", "system.users", "a$b"}) {
    Settings settings = with_url("mongodb://localhost/");
    settings.users = users;
    EXPECT_NE(problem_of(settings), "") << users;
  }
}

}  // namespace
}  // namespace ringbook::mongo
