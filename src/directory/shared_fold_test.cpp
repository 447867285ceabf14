#include "directory/shared_fold.h"

#include <gtest/gtest.h>

#include <utility>

#include "directory/registry_test_support.h"

namespace ringbook::test {
namespace {

Digest length_of(std::string_view octets) {
  Digest digest{};
  digest[0] = static_cast<std::uint8_t>(octets.size());
  return digest;
}

class SharedFoldTest : public testing::Test {
 protected:
  // Decides it on what is folded, and gives the batch that comes next.
  SharedBatch decide(std::vector<Edit> edits) {
    ChangeSet set;
    set.issuer = "issuer";
    set.subject = "subject";
    set.request_id = "request";
    set.edits = std::move(edits);
    Batch made;
    EXPECT_TRUE(registry_.decide(set, Instant{1'700'000'000'000}, made.changes));
    registry_.roll_back();
    made.sets.push_back({set.issuer, set.subject, set.request_id, 0, made.changes.size(), {}});
    SharedBatch batch;
    batch.by = "one/1";
    batch.at = made.changes.front().at;
    batch.changes = static_cast<std::uint32_t>(made.changes.size());
    batch.contents = to_contents(made, 0, made.changes.size());
    fold_.seal(batch);
    return batch;
  }
  void fold(const SharedBatch& batch) { ASSERT_TRUE(fold_.fold(batch)); }
  static SharedBatch scrubbed(SharedBatch batch) {
    batch.contents.profiles.clear();
    return batch;
  }
  std::optional<std::string> name_of(UserId user) { return registry_.name_of(user); }
  static SeenUser seen(UserId user, std::uint64_t version, std::string name) {
    Profile profile;
    profile.name = std::move(name);
    SeenUser out{.id = user, .exists = true, .version = version};
    out.profile = PackedProfile(profile);
    return out;
  }

  Registry registry_;
  SharedFold fold_{registry_, length_of, People::own};
};

std::optional<std::string> name_in(const Publication& publication) {
  return publication.profile ? publication.profile.unpack().name : std::nullopt;
}

// Whoever else publishes an earlier change finds the version that a take-off wrote, and takes it
// for a sign that the earlier change is there, with its name. [MONGO-13]
TEST_F(SharedFoldTest, BringsNamesAlongWithWhateverIsWritten) {
  Edit with_number = put(id(1), "Ada");
  with_number.number = Edit::Number::assign;
  with_number.extension = number("1000");
  fold(decide({with_number, put(id(2))}));
  fold_.settled(id(1), 3);
  fold(decide({put(id(1), "Ada Löwe")}));
  Edit without = assign(id(1), "1001");
  fold(decide({without, assign(id(2), "1000")}));
  const auto plan = fold_.plan(std::vector{id(2)});
  ASSERT_EQ(plan.first.size(), 1U);
  EXPECT_EQ(plan.first[0].kind, Publication::Kind::take_off);
  EXPECT_EQ(name_in(plan.first[0]), "Ada Löwe");
  EXPECT_EQ(name_in(fold_.plan(std::vector{id(1)}).then.at(0)), "Ada Löwe");
  fold_.settled(id(1), plan.first[0].version + 1);
  EXPECT_FALSE(fold_.plan(std::vector{id(1)}).then.at(0).profile);
}

// [MONGO-13]
TEST_F(SharedFoldTest, WritesNoOlderNameWhereTheLastOneIsInTheDocument) {
  fold(decide({put(id(1), "Ada")}));
  fold(scrubbed(decide({put(id(1), "Ada Löwe")})));
  fold(decide({assign(id(1), "1000")}));
  EXPECT_FALSE(fold_.plan(std::vector{id(1)}).then.at(0).profile);
}

// The document has the name, although its number is not published yet. [MONGO-13]
TEST_F(SharedFoldTest, ReadsANameFromADocumentThatIsNotNewerThanTheFold) {
  fold(scrubbed(decide({put(id(1), "Ada")})));
  fold(decide({assign(id(1), "1000")}));
  EXPECT_EQ(fold_.strangers(9), std::vector{id(1)});
  fold_.observe(seen(id(1), 3, "Ada"));
  EXPECT_FALSE(fold_.has_strangers());
  EXPECT_EQ(name_of(id(1)), "Ada");
}

// [MONGO-13]
TEST_F(SharedFoldTest, BelievesANewerDocumentOnceTheJournalHasNoMore) {
  fold(scrubbed(decide({put(id(1), "Ada")})));
  fold_.observe(seen(id(1), 9, "Ada Löwe"));
  EXPECT_TRUE(fold_.has_strangers());
  fold(scrubbed(decide({put(id(2), "Bo")})));
  fold_.observe(seen(id(1), 9, "Ada Löwe"));
  EXPECT_EQ(fold_.strangers(9), (std::vector{id(1), id(2)}));
  fold_.observe(seen(id(1), 9, "Ada Löwe"));
  fold_.observe({.id = id(2)});
  EXPECT_EQ(fold_.strangers(9), std::vector{id(2)});
  EXPECT_EQ(name_of(id(1)), "Ada Löwe");
  fold_.observe({.id = id(2)});
  EXPECT_FALSE(fold_.has_strangers());
}

// [MONGO-13]
TEST_F(SharedFoldTest, KnowsWhichNamesMayGo) {
  fold(decide({put(id(1), "Ada")}));
  EXPECT_FALSE(fold_.first_with_profiles());
  fold_.settled(id(1), 3);
  fold(decide({put(id(1), "Ada Löwe")}));
  EXPECT_EQ(fold_.first_with_profiles(), 1U);
  fold_.scrubbed(1);
  EXPECT_FALSE(fold_.first_with_profiles());
}

}  // namespace
}  // namespace ringbook::test
