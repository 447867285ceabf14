#include "store/mongo/codec.h"

#include <gtest/gtest.h>

namespace ringbook::mongo {
namespace {

SharedBatch small_batch() {
  SharedBatch out;
  out.number = 42;
  out.by = "one/7";
  out.first = 1017;
  out.changes = 1;
  out.at = Instant{1'700'000'000'000};
  out.contents.records = {"record"};
  out.contents.users = {*UserId::parse("64b7f1a2e4b0a5d3f9c12345")};
  out.contents.numbers = {*Extension::parse("012")};
  return out;
}

TEST(MongoCodec, OrdersBatchesAsTheirNumbers) {
  EXPECT_EQ(key_of(42), "0000000000000042");
  EXPECT_LT(key_of(9), key_of(10));
  EXPECT_EQ(batch_of("0000000000000042"), 42U);
  for (const char* none : {"", "42", "00000000000000042", "+000000000000042", "000000000000004x"}) {
    EXPECT_EQ(batch_of(none), std::nullopt) << none;
  }
}

TEST(MongoCodec, GivesBackASmallBatch) {
  const SharedBatch sent = small_batch();
  const auto read = to_batch(to_document(sent));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->number, 42U);
  EXPECT_EQ(read->by, "one/7");
  EXPECT_EQ(read->first, 1017U);
  EXPECT_EQ(read->at, sent.at);
  EXPECT_EQ(read->contents.records, sent.contents.records);
  EXPECT_EQ(read->contents.users, sent.contents.users);
  EXPECT_EQ(read->contents.numbers, sent.contents.numbers);
  EXPECT_TRUE(read->contents.profiles.empty());
  EXPECT_FALSE(read->set);
  EXPECT_FALSE(read->drop);
}

TEST(MongoCodec, FindsDamage) {
  const auto detail_of = [](const Bson& document) {
    const auto read = to_batch(document);
    return read ? "" : read.error().detail;
  };
  const Bson whole = to_document(small_batch());
  for (const char* field : {"by", "h", "s", "n", "at", "r", "u", "x"}) {
    Bson without;
    bson_copy_to_excluding_noinit(whole.get(), without.out(), field, nullptr);
    EXPECT_EQ(detail_of(without),
              "the document 0000000000000042 of the journal has no right " + std::string(field));
  }
  Bson renamed;
  renamed.text("_id", "42");
  EXPECT_EQ(detail_of(renamed), "the document 42 of the journal has no right _id");
  EXPECT_EQ(detail_of(Bson()), "the document without a name of the journal has no right _id");
}

TEST(MongoCodec, GivesBackPartsAndCheckpoints) {
  const BatchContents contents = small_batch().contents;
  const auto part = from_part(PartName::Of::set, to_part("set/0", contents));
  ASSERT_TRUE(part);
  EXPECT_EQ(std::get<BatchContents>(*part).users, contents.users);
  const auto octets = from_part(PartName::Of::checkpoint, to_part("42/0", std::string("\0x", 2)));
  ASSERT_TRUE(octets);
  EXPECT_EQ(std::get<std::string>(*octets), std::string("\0x", 2));
  EXPECT_FALSE(from_part(PartName::Of::set, to_part("42/0", std::string("x"))));

  const Checkpoint sent{.id = "checkpoint/42",
                        .batch = 42,
                        .hash = {1},
                        .last = 77,
                        .at = Instant{1'700'000'000'000},
                        .parts = 3,
                        .digest = {2}};
  const auto read = to_checkpoint(to_document(sent.id, sent));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, sent.id);
  EXPECT_EQ(read->batch, 42U);
  EXPECT_EQ(read->last, 77U);
  EXPECT_EQ(read->at, sent.at);
  EXPECT_EQ(read->hash, sent.hash);
  EXPECT_EQ(read->parts, 3U);
  EXPECT_EQ(read->digest, sent.digest);
}

}  // namespace
}  // namespace ringbook::mongo
