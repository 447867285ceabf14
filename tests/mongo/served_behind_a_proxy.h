// A real server that reaches its database, FerretDB, through a proxy that does what networks do.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "mongo/recording_client.h"
#include "mongo/served_world.h"
#include "support/wire_proxy.h"

namespace ringbook::test {

// How long it may take to go on when the database is there again.
inline constexpr auto recovery = std::chrono::seconds(5);

// The parameter: whether the database seems to be a replica set.
class ServedBehindAProxy : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    constexpr auto kind = MongoServer::Kind::ferretdb_sqlite;
    if (const auto absent = MongoServer::why_absent(kind)) {
      GTEST_SKIP() << *absent;
    }
    const std::string url = MongoServer::shared(kind).url_of_new_database();
    auto [proxy, through] = through_a_proxy(url, GetParam());
    proxy_ = std::move(proxy);
    url_ = std::move(through);
    world_ = std::make_unique<ServedWorld>(url);
    start();
    client_ = make_client("client");
  }

  void start() {
    server_ = world_->serve("instance-" + std::to_string(++instances_), url_);
    port_ = server_->port();
  }
  void kill_and_start() {
    server_->kill();
    start();
  }
  std::unique_ptr<RecordingClient> make_client(const std::string& name) {
    return std::make_unique<RecordingClient>(
        name, world_->token(), [this] { return port_.load(); }, recording_);
  }
  UserId make_person() { return world_->make_person(*server_); }
  Extension fresh_number() { return *Extension::parse(std::to_string(++numbers_)); }

  // Asks again until the answer is this one.
  void ask_until(int status, UserId user, Extension number) {
    const SystemClock clock;
    const Tick deadline = clock.tick() + recovery;
    int answered = client_->give(user, number);
    while (answered != status && clock.tick() < deadline) {
      EXPECT_TRUE(answered == 500 || answered == 0) << answered;
      answered = client_->give(user, number);
    }
    EXPECT_EQ(answered, status);
  }

  void expect_a_true_history() {
    EXPECT_THAT(contradictions(world_->journal(), recording_.exchanges()), testing::IsEmpty());
  }

  std::unique_ptr<WireProxy> proxy_;
  std::string url_;
  std::unique_ptr<ServedWorld> world_;
  std::unique_ptr<Served> server_;
  std::atomic<std::uint16_t> port_ = 0;
  Recording recording_;
  std::unique_ptr<RecordingClient> client_;
  int instances_ = 0;
  int numbers_ = 1000;
  int met_ = 0;
};

}  // namespace ringbook::test
