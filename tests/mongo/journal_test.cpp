// The shared journal on servers.
#include <gtest/gtest.h>

#include <algorithm>

#include "directory/turn_record.h"
#include "mongo/mongo_world.h"
#include "store/mongo/codec.h"

namespace ringbook::test {
namespace {

class MongoJournal : public OnMongoPorts {
 protected:
  SharedJournal& journal() { return world_->ports->journal(); }
  Appended append(const SharedBatch& batch) {
    const auto answer = world_->ask<Appended>([&](Reply<Appended> reply) {
      journal().append(std::make_shared<SharedBatch>(batch), world_->deadline(), std::move(reply));
    });
    EXPECT_TRUE(answer);
    return answer.value_or(Appended::unknown);
  }
  std::vector<SharedBatch> confirm(std::uint64_t next) {
    auto answer = world_->ask<std::vector<SharedBatch>>(
        [&](auto reply) { journal().confirm(next, world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer ? std::move(*answer) : std::vector<SharedBatch>{};
  }
  std::vector<std::uint64_t> touching(const Touched& touched, std::uint64_t sequence,
                                      std::size_t limit) {
    const auto answer = world_->ask<std::vector<SharedBatch>>([&](auto reply) {
      journal().touching(touched, sequence, limit, world_->deadline(), std::move(reply));
    });
    return numbers_of(answer);
  }
  std::vector<std::uint64_t> touching_after(const Touched& touched, Instant at, std::size_t limit) {
    const auto answer = world_->ask<std::vector<SharedBatch>>([&](auto reply) {
      journal().touching_after(touched, at, limit, world_->deadline(), std::move(reply));
    });
    return numbers_of(answer);
  }
  Result<void> put_part(const PartName& name, const Part& part) {
    return world_->ask<void>([&](auto reply) {
      journal().put_part(name, std::make_shared<Part>(part), world_->deadline(), std::move(reply));
    });
  }
  Result<Part> read_part(const PartName& name) {
    return world_->ask<Part>(
        [&](auto reply) { journal().read_part(name, world_->deadline(), std::move(reply)); });
  }

  static std::vector<std::uint64_t> numbers_of(const Result<std::vector<SharedBatch>>& batches) {
    EXPECT_TRUE(batches) << batches.error().detail;
    std::vector<std::uint64_t> out;
    for (const SharedBatch& batch : batches.value_or(std::vector<SharedBatch>{})) {
      out.push_back(batch.number);
    }
    return out;
  }
};

INSTANTIATE_TEST_SUITE_P(Servers, MongoJournal, testing::ValuesIn(MongoServer::kinds()),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

UserId user(std::uint8_t n) {
  return UserId(UserId::Bytes{0x64, 0xB7, 0, 0, 0, 0, 0, 0, 0, 0, 0, n});
}

Extension extension(std::string_view digits) {
  return *Extension::parse(digits);
}

// The n-th batch: of one change, by which user n takes the number 1000 + n.
SharedBatch batch(std::uint64_t number, std::string by = "one/1") {
  SharedBatch out;
  out.number = number;
  out.by = std::move(by);
  out.hash.fill(static_cast<std::uint8_t>(number));
  out.first = number;
  out.changes = 1;
  out.at = Instant{1'700'000'000'000 + static_cast<std::int64_t>(number)};
  out.contents.records = {std::string("\0record\xFF", 8)};
  out.contents.users = {user(static_cast<std::uint8_t>(number))};
  out.contents.numbers = {extension(std::to_string(1000 + number))};
  Profile profile;
  profile.name = "Ada Löwe";
  out.contents.profiles = {{.sequence = number, .profile = PackedProfile(profile)}};
  return out;
}

// [MONGO-1]
TEST_P(MongoJournal, TakesOneBatchForANumber) {
  EXPECT_EQ(append(batch(1, "one/1")), Appended::mine);
  EXPECT_EQ(append(batch(1, "two/1")), Appended::taken);
  EXPECT_EQ(append(batch(1, "one/1")), Appended::taken);
  const auto batches = confirm(1);
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0].by, "one/1");
}

TEST_P(MongoJournal, GivesBackWhatItTook) {
  SharedBatch sent = batch(1);
  sent.set = LargeSet{.id = "set-1", .parts = 3, .digest = sent.hash, .base = 17};
  sent.drop = "set-0";
  ASSERT_EQ(append(sent), Appended::mine);
  const auto batches = confirm(1);
  ASSERT_EQ(batches.size(), 1U);
  const SharedBatch& read = batches[0];
  EXPECT_EQ(read.number, sent.number);
  EXPECT_EQ(read.by, sent.by);
  EXPECT_EQ(read.hash, sent.hash);
  EXPECT_EQ(read.first, sent.first);
  EXPECT_EQ(read.changes, sent.changes);
  EXPECT_EQ(read.at, sent.at);
  EXPECT_EQ(read.contents.records, sent.contents.records);
  EXPECT_EQ(read.contents.users, sent.contents.users);
  EXPECT_EQ(read.contents.numbers, sent.contents.numbers);
  ASSERT_EQ(read.contents.profiles.size(), 1U);
  EXPECT_EQ(read.contents.profiles[0].sequence, 1U);
  EXPECT_EQ(read.contents.profiles[0].profile, sent.contents.profiles[0].profile);
  ASSERT_TRUE(read.set);
  EXPECT_EQ(read.set->id, "set-1");
  EXPECT_EQ(read.set->parts, 3U);
  EXPECT_EQ(read.set->digest, sent.set->digest);
  EXPECT_EQ(read.set->base, 17U);
  EXPECT_EQ(read.drop, "set-0");
}

TEST_P(MongoJournal, EndsBeforeAnEmptyNumberAndBeforeAGap) {
  EXPECT_TRUE(confirm(1).empty());
  for (const std::uint64_t number : {1UL, 2UL, 4UL}) {
    ASSERT_EQ(append(batch(number)), Appended::mine);
  }
  EXPECT_EQ(numbers_of(confirm(1)), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(confirm(3).empty());
}

TEST_P(MongoJournal, TellsOfADocumentThatIsNoBatch) {
  ForeignHand hand(world_->settings);
  mongo::Bson document;
  document.text("_id", "0000000000000001").text("by", "somebody");
  hand.insert("ringbook_journal", document);
  const auto answer = world_->ask<std::vector<SharedBatch>>(
      [&](auto reply) { journal().confirm(1, world_->deadline(), std::move(reply)); });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::damaged);
}

TEST_P(MongoJournal, WalksWhatTouchesAUserOrANumber) {
  for (std::uint64_t number = 1; number <= 5; ++number) {
    SharedBatch next = batch(number);
    if (number % 2 == 1) {
      next.contents.users.push_back(user(100));
      next.contents.numbers.push_back(extension("012"));
    }
    ASSERT_EQ(append(next), Appended::mine);
  }
  using Numbers = std::vector<std::uint64_t>;
  EXPECT_EQ(touching(user(100), 5, 10), (Numbers{5, 3, 1}));
  EXPECT_EQ(touching(user(100), 4, 1), (Numbers{3}));
  EXPECT_EQ(touching(extension("012"), ~std::uint64_t{0}, 2), (Numbers{5, 3}));
  EXPECT_EQ(touching(extension("12"), 5, 10), Numbers{});
  EXPECT_EQ(touching(user(2), 5, 10), (Numbers{2}));
  EXPECT_EQ(touching_after(user(100), batch(1).at, 10), (Numbers{3, 5}));
  EXPECT_EQ(touching_after(extension("012"), Instant{0}, 2), (Numbers{1, 3}));
}

TEST_P(MongoJournal, ShowsOfALargeSetWhatTouches) {
  ASSERT_EQ(append(batch(1)), Appended::mine);
  for (std::uint32_t part = 0; part < 12; ++part) {
    BatchContents contents;
    contents.records = {"record " + std::to_string(part)};
    contents.users = {user(static_cast<std::uint8_t>(part))};
    contents.numbers = {extension(std::to_string(2000 + part))};
    ASSERT_TRUE(put_part({PartName::Of::set, "set-1", part}, contents));
  }
  SharedBatch large = batch(2);
  large.contents = {};
  large.set = LargeSet{.id = "set-1", .parts = 12, .digest = {}, .base = 1};
  ASSERT_EQ(append(large), Appended::mine);
  const auto answer = world_->ask<std::vector<SharedBatch>>([&](auto reply) {
    journal().touching(user(1), 100, 10, world_->deadline(), std::move(reply));
  });
  EXPECT_EQ(numbers_of(answer), (std::vector<std::uint64_t>{2, 1}));
  ASSERT_TRUE(answer && !answer->empty());
  EXPECT_EQ((*answer)[0].contents.records, std::vector<std::string>{"record 1"});
  EXPECT_EQ(touching(extension("2011"), 100, 10), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(touching(extension("2012"), 100, 10), (std::vector<std::uint64_t>{}));
}

TEST_P(MongoJournal, KeepsPartsUntilTheyAreDropped) {
  const PartName name{PartName::Of::set, "set-42", 7};
  EXPECT_EQ(read_part(name).error().code, Errc::not_found);
  ASSERT_TRUE(put_part(name, batch(1).contents));
  ASSERT_TRUE(put_part(name, batch(1).contents));
  const auto part = read_part(name);
  ASSERT_TRUE(part) << part.error().detail;
  EXPECT_EQ(std::get<BatchContents>(*part).records, batch(1).contents.records);
  const auto drop = [&](std::string id) {
    return world_->ask<void>(
        [&](auto reply) { journal().drop_set(id, world_->deadline(), std::move(reply)); });
  };
  EXPECT_TRUE(drop("set-4"));
  EXPECT_TRUE(read_part(name));
  EXPECT_TRUE(drop("set-42"));
  EXPECT_TRUE(drop("set-42"));
  EXPECT_EQ(read_part(name).error().code, Errc::not_found);
}

TEST_P(MongoJournal, KnowsTheNewestCheckpoint) {
  const auto newest = [&] {
    const auto answer = world_->ask<std::optional<Checkpoint>>(
        [&](auto reply) { journal().newest_checkpoint(world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer.value_or(std::nullopt);
  };
  EXPECT_FALSE(newest());
  for (const std::uint64_t batch : {9UL, 100UL, 20UL}) {
    Checkpoint checkpoint{.id = mongo::key_of(batch) + ".one",
                          .batch = batch,
                          .last = 1000 + batch,
                          .at = Instant{1'700'000'000'000},
                          .parts = static_cast<std::uint32_t>(batch + 1)};
    checkpoint.digest.fill(0xAB);
    EXPECT_TRUE(put_part({PartName::Of::checkpoint, checkpoint.id, 0}, std::string("\0octets", 7)));
    EXPECT_TRUE(world_->ask<void>([&](auto reply) {
      journal().write_checkpoint(checkpoint, world_->deadline(), std::move(reply));
    }));
  }
  const auto found = newest();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, mongo::key_of(100) + ".one");
  EXPECT_EQ(found->batch, 100U);
  EXPECT_EQ(found->last, 1100U);
  EXPECT_EQ(found->at, Instant{1'700'000'000'000});
  EXPECT_EQ(found->parts, 101U);
  EXPECT_EQ(found->digest[31], 0xAB);
  const auto part_of = [&](std::uint64_t batch) {
    return read_part({PartName::Of::checkpoint, mongo::key_of(batch) + ".one", 0});
  };
  const auto drop_before = [&](std::uint64_t batch) {
    return world_->ask<void>([&](auto reply) {
      journal().drop_checkpoints(mongo::key_of(batch), world_->deadline(), std::move(reply));
    });
  };
  EXPECT_TRUE(drop_before(100));
  EXPECT_EQ(part_of(20).error().code, Errc::not_found);
  const auto part = part_of(100);
  ASSERT_TRUE(part) << part.error().detail;
  EXPECT_EQ(std::get<std::string>(*part), std::string("\0octets", 7));
  EXPECT_EQ(newest()->batch, 100U);
  EXPECT_TRUE(drop_before(101));
  EXPECT_FALSE(newest());
}

TEST_P(MongoJournal, RaisesWhatIsPublished) {
  const auto published = [&] {
    const auto answer = world_->ask<std::uint64_t>(
        [&](auto reply) { journal().published(world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer.value_or(0);
  };
  EXPECT_EQ(published(), 0U);
  for (const std::uint64_t batch : {7UL, 5UL}) {
    EXPECT_TRUE(world_->ask<void>([&](auto reply) {
      journal().raise_published(batch, world_->deadline(), std::move(reply));
    }));
  }
  EXPECT_EQ(published(), 7U);
}

TEST_P(MongoJournal, ErasesProfiles) {
  ASSERT_EQ(append(batch(1)), Appended::mine);
  const auto scrub = [&](std::uint64_t number) {
    const auto answer = world_->ask<void>(
        [&](auto reply) { journal().scrub(number, number, world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
  };
  scrub(1);
  scrub(1);
  const auto batches = confirm(1);
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_TRUE(batches[0].contents.profiles.empty());
  EXPECT_EQ(batches[0].contents.records, batch(1).contents.records);

  ASSERT_TRUE(put_part({PartName::Of::set, "set-1", 0}, batch(2).contents));
  SharedBatch large = batch(2);
  large.contents = {};
  large.set = LargeSet{.id = "set-1", .parts = 1};
  ASSERT_EQ(append(large), Appended::mine);
  scrub(2);
  const auto part = read_part({PartName::Of::set, "set-1", 0});
  ASSERT_TRUE(part);
  EXPECT_TRUE(std::get<BatchContents>(*part).profiles.empty());
}

// [MONGO-1]
TEST_P(MongoJournal, HasOneWinnerForEachNumberAmongManyInstances) {
  constexpr int instances = 4;
  constexpr std::uint64_t numbers = 20;
  std::vector<std::unique_ptr<MongoWorld>> worlds;
  std::vector<std::vector<Appended>> answers(instances);
  for (int instance = 0; instance < instances; ++instance) {
    worlds.push_back(std::make_unique<MongoWorld>(world_->settings));
    for (std::uint64_t number = 1; number <= numbers; ++number) {
      auto sent = std::make_shared<SharedBatch>(batch(number, std::to_string(instance)));
      worlds.back()->ports->journal().append(
          sent, worlds.back()->deadline(), Reply<Appended>([&, instance](Result<Appended> answer) {
            answers[static_cast<std::size_t>(instance)].push_back(
                answer.value_or(Appended::unknown));
          }));
    }
  }
  for (int instance = 0; instance < instances; ++instance) {
    const auto at = static_cast<std::size_t>(instance);
    while (answers[at].size() < numbers && worlds[at]->loop.wait_one(std::chrono::minutes(1))) {
    }
    ASSERT_EQ(answers[at].size(), numbers);
  }
  const auto batches = confirm(1);
  ASSERT_EQ(batches.size(), numbers);
  for (std::size_t i = 0; i < numbers; ++i) {
    for (std::size_t instance = 0; instance < instances; ++instance) {
      const bool has_won = batches[i].by == std::to_string(instance);
      EXPECT_EQ(answers[instance][i], has_won ? Appended::mine : Appended::taken);
    }
  }
}

}  // namespace
}  // namespace ringbook::test
