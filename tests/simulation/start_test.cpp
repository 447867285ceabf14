// What a start of an instance reads, and what it does not take: on a database that does not fail.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "directory/shared_store.h"
#include "simulation/faulty_network.h"
#include "simulation/shared_client.h"
#include "simulation/shared_database.h"

namespace ringbook::test {
namespace {

using namespace std::chrono_literals;

UserId user(std::uint8_t n) {
  return UserId(UserId::Bytes{2, n});
}

// Remembers from where on the journal was read.
class WatchedClient final : public SharedClient {
 public:
  using SharedClient::SharedClient;
  void confirm(std::uint64_t next, Tick deadline, Reply<std::vector<SharedBatch>> reply) override {
    read_from.push_back(next);
    SharedClient::confirm(next, deadline, std::move(reply));
  }
  std::vector<std::uint64_t> read_from;
};

class SharedStart : public testing::Test {
 protected:
  SharedStart() { network_.is_faulty = false; }

  // Starts another one in place of the one that runs.
  Result<void> start() {
    store_ =
        std::make_unique<SharedStore>(SharedSettings{.instance = "i" + std::to_string(++started_),
                                                     .fold_changes = 4,
                                                     .checkpoint_changes = 8,
                                                     .checkpoint_part_bytes = 100},
                                      SharedPorts{client_, client_, client_, simulated_digest},
                                      network_, network_.clock, [](const Error&) {});
    std::optional<Result<void>> answer;
    store_->start(Reply<void>([&](Result<void> given) { answer = std::move(given); }));
    run(1s);
    return answer.value_or(fail(Errc::internal, "no answer"));
  }
  bool finds_damage() {
    const auto started = start();
    return !started && started.error().code == Errc::damaged;
  }
  void run(std::chrono::milliseconds time) {
    const Tick end = network_.clock.tick() + time;
    network_.post([] {});
    for (std::uint64_t before = last_change(); network_.run_one(end); before = last_change()) {
      most_folded_ = std::max(most_folded_, last_change() - before);
      store_->end_turn();
    }
  }
  // Makes somebody and gives a number, in a batch.
  void add(std::uint8_t n) {
    ChangeSet set;
    set.issuer = "issuer";
    set.subject = "subject";
    set.request_id = "request";
    Edit& edit = set.edits.emplace_back();
    edit.user = user(n);
    edit.person = Edit::Person::put;
    edit.profile.name = "Ada " + std::to_string(n);
    edit.number = Edit::Number::assign;
    edit.extension = *Extension::parse(std::to_string(1000 + n));
    store_->apply(std::move(set), Reply<Outcome>([](const auto& outcome) {
                    ASSERT_TRUE(outcome);
                    EXPECT_EQ(outcome->kind, Outcome::Kind::applied);
                  }));
    run(100ms);
  }
  std::optional<User> find(std::uint8_t n) {
    std::optional<User> found;
    store_->user(user(n), Reply<std::optional<User>>(
                              [&](auto answer) { found = answer.value_or(std::nullopt); }));
    run(100ms);
    return found;
  }
  // So many are made, and all is tidied.
  void fill(std::uint8_t people) {
    ASSERT_TRUE(start());
    for (std::uint8_t n = 1; n <= people; ++n) {
      add(n);
    }
    run(40s);
  }
  std::uint64_t last_change() const { return store_->statistics().last_change; }
  Part& first_part() {
    return database_.parts.at({"checkpoint/" + database_.checkpoints.rbegin()->first, 0});
  }

  std::mt19937_64 random_{1};
  FaultyNetwork network_{random_};
  SharedDatabase database_;
  WatchedClient client_{database_, network_};
  std::unique_ptr<SharedStore> store_;
  int started_ = 0;
  std::uint64_t most_folded_ = 0;  // In a task of the loop.
};

// [MONGO-14] [MONGO-13]
TEST_F(SharedStart, ReadsTheCheckpointAndWhatCameAfter) {
  fill(10);
  ASSERT_EQ(database_.checkpoints.size(), 1U);
  const Checkpoint& checkpoint = database_.checkpoints.begin()->second;
  EXPECT_EQ(checkpoint.batch, 10U);
  EXPECT_GT(checkpoint.parts, 2U);
  add(11);
  client_.read_from.clear();
  ASSERT_TRUE(start());
  ASSERT_FALSE(client_.read_from.empty());
  EXPECT_EQ(client_.read_from.front(), 10U);
  for (std::uint8_t n = 1; n <= 11; ++n) {
    const auto found = find(n);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->profile.name, "Ada " + std::to_string(n));
    EXPECT_EQ(found->extension->text(), std::to_string(1000 + n));
    EXPECT_EQ(found->version, n);
  }
}

// [MONGO-9]
TEST_F(SharedStart, FoldsASliceInATurnOfTheLoop) {
  ASSERT_TRUE(start());
  for (std::uint8_t n = 1; n <= 7; ++n) {
    add(n);
  }
  most_folded_ = 0;
  ASSERT_TRUE(start());
  EXPECT_EQ(last_change(), 7U);
  EXPECT_EQ(most_folded_, 4U);
}

// [MONGO-14]
TEST_F(SharedStart, HasOneCheckpointAfterManyChanges) {
  fill(10);
  for (std::uint8_t n = 11; n <= 30; ++n) {
    add(n);
  }
  run(40s);
  ASSERT_EQ(database_.checkpoints.size(), 1U);
  const std::string& id = database_.checkpoints.begin()->first;
  EXPECT_EQ(database_.checkpoints.begin()->second.batch, 30U);
  for (const auto& [name, part] : database_.parts) {
    EXPECT_EQ(name.first, "checkpoint/" + id);
  }
}

// [MONGO-14]
TEST_F(SharedStart, TellsOfACheckpointThatWasChanged) {
  fill(10);
  std::get<std::string>(first_part()).pop_back();
  const auto started = start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::damaged);
  EXPECT_NE(started.error().detail.find("was changed"), std::string::npos);
}

// [MONGO-14]
TEST_F(SharedStart, TellsOfACheckpointThatLacksAPart) {
  fill(10);
  database_.parts.erase({"checkpoint/" + database_.checkpoints.begin()->first, 1});
  EXPECT_TRUE(finds_damage());
  database_.checkpoints.clear();
  EXPECT_TRUE(start());
  EXPECT_EQ(find(7)->profile.name, "Ada 7");
}

// [MONGO-14]
TEST_F(SharedStart, TellsOfACheckpointOfAnotherJournal) {
  fill(10);
  Checkpoint& checkpoint = database_.checkpoints.begin()->second;
  const Digest hash = std::exchange(checkpoint.hash, Digest{});
  EXPECT_TRUE(finds_damage());
  checkpoint.hash = hash;
  checkpoint.batch = 11;
  EXPECT_TRUE(finds_damage());
  checkpoint.batch = 10;
  EXPECT_TRUE(start());
}

// [MONGO-14]
TEST_F(SharedStart, TakesNoPartsForACheckpointThatWasNeverWhole) {
  fill(10);
  database_.checkpoints.clear();
  database_.parts.erase({"checkpoint/" + database_.parts.begin()->first.first, 1});
  client_.read_from.clear();
  ASSERT_TRUE(start());
  EXPECT_EQ(client_.read_from.front(), 1U);
  EXPECT_EQ(find(7)->profile.name, "Ada 7");
}

}  // namespace
}  // namespace ringbook::test
