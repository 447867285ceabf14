// Checkpoints of the shared journal on real servers: written by one instance, read by another.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "directory/shared_checkpoints.h"
#include "directory/shared_fold.h"
#include "mongo/mongo_world.h"
#include "store/mongo/commands.h"
#include "store/mongo/digest.h"

namespace ringbook::test {
namespace {

// What an instance has of the journal.
struct Instance {
  Instance(std::string name, MongoWorld& world)
      : checkpoints({.instance = std::move(name), .changes = 10, .part_bytes = 400}, fold,
                    world.ports->journal(), world.loop, world.clock, mongo::sha256) {}

  Registry registry;
  SharedFold fold{registry, mongo::sha256, People::own};
  SharedCheckpoints checkpoints;
};

class MongoCheckpoint : public OnMongoPorts {
 protected:
  SharedJournal& journal() { return world_->ports->journal(); }

  // Makes somebody with a number, in a batch of its own, and folds it.
  void add(Instance& instance, std::uint8_t n) {
    ChangeSet set;
    set.issuer = "issuer";
    set.subject = "subject";
    set.request_id = "request";
    Edit& edit = set.edits.emplace_back();
    edit.user = UserId(UserId::Bytes{3, n});
    edit.person = Edit::Person::put;
    edit.number = Edit::Number::assign;
    edit.extension = Extension::parse(std::to_string(1000 + n));
    Batch made;
    ASSERT_TRUE(instance.registry.decide(set, Instant{1'700'000'000'000}, made.changes));
    instance.registry.roll_back();
    made.sets.push_back({set.issuer, set.subject, set.request_id, 0, made.changes.size(), {}});
    SharedBatch batch;
    batch.by = "one/" + std::to_string(n);
    batch.at = made.changes.front().at;
    batch.changes = 1;
    batch.contents = to_contents(made, 0, 1);
    instance.fold.seal(batch);
    const auto appended = world_->ask<Appended>([&](auto reply) {
      journal().append(std::make_shared<SharedBatch>(batch), world_->deadline(), std::move(reply));
    });
    ASSERT_EQ(appended.value_or(Appended::unknown), Appended::mine);
    ASSERT_TRUE(instance.fold.fold(batch));
  }
  // Publishing is not what this is about.
  static void take_for_published(Instance& instance) {
    instance.fold.raise_published(instance.fold.number());
    instance.fold.scrubbed(instance.fold.number());
  }
  Result<void> write(Instance& instance) {
    return world_->ask<void>([&](auto reply) { instance.checkpoints.write(std::move(reply)); });
  }
  Result<void> read(Instance& instance) {
    return world_->ask<void>([&](auto reply) { instance.checkpoints.read(std::move(reply)); });
  }
  std::optional<Checkpoint> newest() {
    return world_
        ->ask<std::optional<Checkpoint>>(
            [&](auto reply) { journal().newest_checkpoint(world_->deadline(), std::move(reply)); })
        .value_or(std::nullopt);
  }
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoCheckpoint, testing::ValuesIn(MongoServer::kinds()),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-14]
TEST_P(MongoCheckpoint, IsWrittenByOneAndReadByAnother) {
  Instance one("one", *world_);
  for (std::uint8_t n = 1; n <= 20; ++n) {
    add(one, n);
  }
  ASSERT_TRUE(write(one));
  EXPECT_FALSE(newest()) << "before all is published";
  take_for_published(one);
  add(one, 21);
  ASSERT_TRUE(write(one));
  const auto written = newest();
  ASSERT_TRUE(written);
  EXPECT_EQ(written->batch, 20U);
  EXPECT_GT(written->parts, 1U);

  Instance two("two", *world_);
  ASSERT_TRUE(read(two));
  const auto rest = world_->ask<std::vector<SharedBatch>>([&](auto reply) {
    journal().confirm(two.fold.number() + 1, world_->deadline(), std::move(reply));
  });
  ASSERT_TRUE(rest) << rest.error().detail;
  EXPECT_EQ(rest->size(), 2U);
  for (const SharedBatch& batch : *rest) {
    const auto folded = two.fold.fold(batch);
    ASSERT_TRUE(folded) << folded.error().detail;
  }
  EXPECT_EQ(two.fold.number(), one.fold.number());
  EXPECT_EQ(two.fold.hash(), one.fold.hash());
  for (std::uint8_t n = 1; n <= 21; ++n) {
    const auto here = one.registry.user(UserId(UserId::Bytes{3, n}));
    const auto there = two.registry.user(UserId(UserId::Bytes{3, n}));
    ASSERT_TRUE(here && there);
    EXPECT_EQ(there->extension, here->extension);
    EXPECT_EQ(there->version, here->version);
  }
}

// [MONGO-14]
TEST_P(MongoCheckpoint, ReplacesTheOneBeforeAndTellsOfAPartThatIsGone) {
  Instance one("one", *world_);
  for (std::uint8_t n = 1; n <= 40; ++n) {
    add(one, n);
    if (n % 20 == 0) {
      take_for_published(one);
      ASSERT_TRUE(write(one));
      EXPECT_EQ(newest()->batch, n);
    }
  }
  const std::string id = newest()->id;
  ForeignHand hand(world_->settings);
  hand.run(mongo::delete_command("ringbook_checkpoint", mongo::by_range("", id)));
  Instance two("two", *world_);
  ASSERT_TRUE(read(two)) << "nothing of the older one was there";
  EXPECT_EQ(two.fold.number(), 39U);
  hand.run(mongo::delete_command("ringbook_checkpoint", mongo::by_range(id, id + "/0000000001")));
  Instance three("three", *world_);
  const auto damaged = read(three);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Errc::damaged);
}

}  // namespace
}  // namespace ringbook::test
