// A database of its own on a server that the tests of this process share, and what asks it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "store/mongo/ports.h"
#include "support/mongo_server.h"

namespace ringbook::test {

// What another program does with the database: one command, its answer.
class ForeignHand {
 public:
  explicit ForeignHand(const mongo::Settings& settings)
      : clients_(*mongo::parse_url(settings.url)),
        connection_(clients_, mongo::database_of(settings), clock_) {}

  mongo::Bson run(const mongo::Bson& command) {
    connection_.set_deadline(clock_.tick() + std::chrono::minutes(1));
    auto answer = connection_.run(command);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? std::move(*answer) : mongo::Bson();
  }
  void insert(std::string_view collection, const mongo::Bson& document) {
    mongo::Bson command;
    command.text("insert", collection)
        .list("documents", std::vector{document},
              [](mongo::Bson& list, const std::string& at, const mongo::Bson& one) {
                list.document(at, one);
              });
    run(command);
  }
  void make_unique_index(std::string_view collection, std::string_view path) {
    mongo::Bson key;
    key.small(path, 1);
    // Not partial: no server of the tests but a real one has such an index.
    mongo::Bson index;
    index.document("key", key).text("name", "number").flag("unique", true).flag("sparse", true);
    mongo::Bson command;
    command.text("createIndexes", collection)
        .list("indexes", std::vector{index},
              [](mongo::Bson& list, const std::string& at, const mongo::Bson& one) {
                list.document(at, one);
              });
    run(command);
  }
  std::optional<mongo::Bson> find(std::string_view collection, const mongo::Bson& filter) {
    connection_.set_deadline(clock_.tick() + std::chrono::minutes(1));
    const auto found = connection_.find({.collection = collection, .filter = filter, .limit = 1});
    EXPECT_TRUE(found) << found.error().message;
    return found && !found->empty() ? std::optional(found->front()) : std::nullopt;
  }

 private:
  const SystemClock clock_;
  mongo::Clients clients_;
  mongo::Connection connection_;
};

// The ports on it, asked one question after the other.
class MongoWorld {
 public:
  explicit MongoWorld(mongo::Settings settings) : settings(std::move(settings)) { open(); }

  void open() {
    auto opened = mongo::Ports::open(settings, loop, clock, metrics, log);
    ASSERT_TRUE(opened) << opened.error().detail;
    ports = std::move(*opened);
  }
  Tick deadline() const { return clock.tick() + std::chrono::minutes(1); }

  template <class T>
  Result<T> ask(const std::function<void(Reply<T>)>& question) {
    std::optional<Result<T>> answer;
    question(Reply<T>([&](Result<T> given) { answer = std::move(given); }));
    while (!answer && loop.wait_one(std::chrono::minutes(2))) {
    }
    return answer ? std::move(*answer) : Result<T>(fail(Errc::internal, "no answer"));
  }

  const mongo::Settings settings;
  const SystemClock clock;
  Log log{clock, LogLevel::error, LogFormat::json};
  Metrics metrics;
  QueueLoop loop;
  std::unique_ptr<mongo::Ports> ports;
};

// Tests on a server of each kind, in a database of their own.
class OnMongoServer : public testing::TestWithParam<MongoServer::Kind> {
 protected:
  void SetUp() override {
    if (const auto absent = MongoServer::why_absent(GetParam())) {
      GTEST_SKIP() << *absent;
    }
    settings_.url = MongoServer::shared(GetParam()).url_of_new_database();
    hand_ = std::make_unique<ForeignHand>(settings_);
  }

  mongo::Settings settings_;
  std::unique_ptr<ForeignHand> hand_;
};

// And the ports on it.
class OnMongoPorts : public OnMongoServer {
 protected:
  // Before they are opened.
  virtual void prepare() {}
  void SetUp() override {
    OnMongoServer::SetUp();
    if (!IsSkipped()) {
      prepare();
      world_ = std::make_unique<MongoWorld>(settings_);
    }
  }

  std::unique_ptr<MongoWorld> world_;
};

// Tests that kill and stop a server of their own.
class OnOwnMongoServer : public testing::TestWithParam<MongoServer::Kind> {
 protected:
  void SetUp() override {
    if (const auto absent = MongoServer::why_absent(GetParam())) {
      GTEST_SKIP() << *absent;
    }
    server_ = MongoServer::start(GetParam());
    settings_.url = server_->url_of_new_database();
  }

  std::unique_ptr<MongoServer> server_;
  mongo::Settings settings_;
};

}  // namespace ringbook::test
