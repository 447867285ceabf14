// What an instance says of its database while that falls silent and comes again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "mongo/mongo_world.h"
#include "store/open.h"
#include "support/pattern.h"

namespace ringbook::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class MongoReadiness : public OnOwnMongoServer {
 protected:
  void SetUp() override {
    OnOwnMongoServer::SetUp();
    if (IsSkipped()) {
      return;
    }
    StoreSettings settings;
    settings.url = settings_.url;
    auto opened = open_store(settings, loop_, clock_, metrics_, log_,
                             [](const Error& error) { ADD_FAILURE() << error.detail; });
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
  }

  // Runs the loop until the store says this, or for as long as no recovery may take.
  bool comes_to_say(const std::vector<std::string>& reasons) {
    const Tick late = clock_.tick() + std::chrono::seconds(30);
    while (store_->not_ready() != reasons && clock_.tick() < late) {
      loop_.wait_one(std::chrono::seconds(1));
    }
    return store_->not_ready() == reasons;
  }

  const SystemClock clock_;
  Log log_{clock_, LogLevel::error, LogFormat::json};
  Metrics metrics_;
  QueueLoop loop_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoReadiness,
                         testing::Values(MongoServer::Kind::ferretdb_sqlite),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-7]
TEST_P(MongoReadiness, BeginsWhenTheJournalIsRead) {
  EXPECT_THAT(store_->not_ready(), ElementsAre("journal_not_read"));
  EXPECT_TRUE(comes_to_say({}));
}

// [MONGO-7]
TEST_P(MongoReadiness, EndsWhileTheDatabaseIsSilentAndComesBackByItself) {
  ASSERT_TRUE(comes_to_say({}));
  EXPECT_THAT(metrics_.render(), HasSubstr("ringbook_database_up 1\n"));
  server_->stop();
  EXPECT_TRUE(comes_to_say({"database_silent"}));
  EXPECT_THAT(metrics_.render(), HasSubstr("ringbook_database_up 0\n"));
  server_->go_on();
  EXPECT_TRUE(comes_to_say({}));
  EXPECT_THAT(metrics_.render(), HasSubstr("ringbook_database_up 1\n"));
}

// [MONGO-7]
TEST_P(MongoReadiness, EndsWhileTheDatabaseIsGoneAndComesBackByItself) {
  ASSERT_TRUE(comes_to_say({}));
  server_->kill();
  EXPECT_TRUE(comes_to_say({"database_silent"}));
  server_->restart();
  EXPECT_TRUE(comes_to_say({}));
}

// [MONGO-6]
TEST_P(MongoReadiness, WarnsOfAServerThatNobodyTakesOverFrom) {
  EXPECT_THAT(store_->warnings(), ElementsAre("database_standalone"));
}

// [OBS-2]
TEST_P(MongoReadiness, ShowsFromTheStartWhatTheOperationsPageExplains) {
  std::ifstream file(RINGBOOK_SOURCE_DIR "/docs/operations.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::set<std::string> explained;
  for (const Match& row : matches_in(page, R"(\n\| `(\w+)` \| with a database: )")) {
    explained.insert(row[1]);
  }
  std::set<std::string> shown;
  for (const Match& help : matches_in(metrics_.render(), R"(# HELP (\w+) )")) {
    shown.insert(help[1]);
  }
  EXPECT_EQ(shown, explained);
}

// [MONGO-7]
TEST_P(MongoReadiness, CountsWhatWasAskedAndWhatFailed) {
  ASSERT_TRUE(comes_to_say({}));
  const Labels labels{{"for", "journal"}};
  const Counter& failures = metrics_.counter(
      "ringbook_database_failures_total",
      "Questions that the database did not answer, or answered with an error.", labels);
  EXPECT_THAT(metrics_.render(),
              HasSubstr("ringbook_database_request_duration_seconds_count{for=\"journal\"}"));
  EXPECT_EQ(failures.value(), 0U);
  server_->kill();
  ASSERT_TRUE(comes_to_say({"database_silent"}));
  EXPECT_GT(failures.value(), 0U);
}

}  // namespace
}  // namespace ringbook::test
