// Servers that are killed, stopped and started again under instances that append.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "mongo/mongo_world.h"
#include "support/thorough.h"

namespace ringbook::test {
namespace {

class MongoKills : public OnOwnMongoServer {};

// Those that keep their data over a kill.
INSTANTIATE_TEST_SUITE_P(Servers, MongoKills,
                         testing::Values(MongoServer::Kind::ferretdb_sqlite,
                                         MongoServer::Kind::ferretdb_postgresql),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

Result<Appended> append(MongoWorld& world, std::uint64_t number, const std::string& by,
                        Tick deadline) {
  SharedBatch batch;
  batch.number = number;
  batch.by = by;
  return world.ask<Appended>([&](Reply<Appended> reply) {
    world.ports->journal().append(std::make_shared<SharedBatch>(batch), deadline, std::move(reply));
  });
}

// The makers of all batches.
std::vector<std::string> journal_of(MongoWorld& world) {
  std::vector<std::string> out;
  for (;;) {
    const auto page = world.ask<std::vector<SharedBatch>>([&](auto reply) {
      world.ports->journal().confirm(out.size() + 1, world.deadline(), std::move(reply));
    });
    EXPECT_TRUE(page) << page.error().detail;
    if (!page || page->empty()) {
      return out;
    }
    for (const SharedBatch& batch : *page) {
      out.push_back(batch.by);
    }
  }
}

// An instance that appends until it is told to stop, and remembers what it was told is its own.
class Appender {
 public:
  Appender(const mongo::Settings& settings, std::string name)
      : thread_([this, settings, name = std::move(name)](const std::stop_token& stopped) {
          MongoWorld world(settings);
          std::uint64_t number = 1;
          while (!stopped.stop_requested()) {
            const std::string by = name + "/" + std::to_string(number);
            const auto answer =
                append(world, number, by, world.clock.tick() + std::chrono::milliseconds(500));
            if (!answer || *answer == Appended::unknown) {
              continue;  // The very same again.
            }
            if (*answer == Appended::mine) {
              mine_[number] = by;
            }
            note();
            ++number;
          }
        }) {}

  void wait_for_more(std::size_t more) {
    std::unique_lock lock(mutex_);
    const std::size_t enough = answered_ + more;
    changed_.wait_for(lock, std::chrono::minutes(1), [&] { return answered_ >= enough; });
    EXPECT_GE(answered_, enough) << "nothing goes on";
  }
  const std::map<std::uint64_t, std::string>& stop() {
    thread_.request_stop();
    thread_.join();
    return mine_;
  }

 private:
  void note() {
    {
      const std::lock_guard lock(mutex_);
      ++answered_;
    }
    changed_.notify_all();
  }

  std::map<std::uint64_t, std::string> mine_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t answered_ = 0;  // Guarded by the mutex.
  std::jthread thread_;
};

// [MONGO-1] [MONGO-2] [MONGO-7]
TEST_P(MongoKills, LoseNothingThatIsAcknowledgedAndDoubleNothing) {
  std::vector<std::unique_ptr<Appender>> appenders;
  for (const char* name : {"one", "two", "three"}) {
    appenders.push_back(std::make_unique<Appender>(settings_, name));
  }
  for (const auto& appender : appenders) {
    appender->wait_for_more(1);
  }
  for (int round = 0; round < rounds(3, 40); ++round) {
    // Each in turn has to go on after the kill before.
    appenders[static_cast<std::size_t>(round) % appenders.size()]->wait_for_more(1);
    server_->kill();
    server_->restart();
  }
  for (const auto& appender : appenders) {
    appender->wait_for_more(1);
  }
  std::map<std::uint64_t, std::string> acknowledged;
  for (const auto& appender : appenders) {
    for (const auto& [number, by] : appender->stop()) {
      EXPECT_TRUE(acknowledged.emplace(number, by).second) << number << " has two";
    }
  }
  MongoWorld world(settings_);
  const auto journal = journal_of(world);
  ASSERT_FALSE(acknowledged.empty());
  ASSERT_GE(journal.size(), acknowledged.rbegin()->first);
  for (const auto& [number, by] : acknowledged) {
    EXPECT_EQ(journal[number - 1], by);
  }
}

// [MONGO-2] [MONGO-7]
TEST_P(MongoKills, LetASilentServerDelayNoAnswerBeyondItsDeadline) {
  MongoWorld world(settings_);
  ASSERT_EQ(append(world, 1, "one/1", world.deadline()), Appended::mine);
  server_->stop();
  const Tick soon = world.clock.tick() + std::chrono::milliseconds(200);
  EXPECT_EQ(append(world, 2, "one/2", soon), Appended::unknown);
  const auto read = world.ask<std::vector<SharedBatch>>(
      [&](auto reply) { world.ports->journal().confirm(1, soon, std::move(reply)); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::unavailable);
  server_->go_on();
  // The first may have come through meanwhile, or have been given up.
  EXPECT_NE(append(world, 2, "one/2", world.deadline()), Appended::unknown);
  EXPECT_EQ(journal_of(world), (std::vector<std::string>{"one/1", "one/2"}));
}

}  // namespace
}  // namespace ringbook::test
