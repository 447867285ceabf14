// Moments in histories, on a journal that counts how often it is read.
#include "directory/history.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/limits.h"
#include "directory/registry.h"
#include "directory/registry_test_support.h"

namespace ringbook {
namespace {

using test::assign;
using test::number;
using test::put;

UserId user(char last) {
  return *UserId::parse(std::string("64b7f1a2e4b0a5d3f9c1234") + last);
}

const UserId ada = user('1');
const UserId grace = user('2');

class Journal final : public JournalView {
 public:
  void apply(Instant now, std::vector<Edit> edits) {
    ChangeSet set;
    set.edits = std::move(edits);
    ASSERT_EQ(registry.decide(set, now, changes)->kind, Outcome::Kind::applied);
    registry.commit();
  }
  Result<RecordedChange> read(std::uint64_t sequence) override {
    ++reads;
    if (sequence == 0 || sequence > changes.size()) {
      return fail(Errc::damaged);
    }
    RecordedChange record;
    const Change& change = changes[sequence - 1];
    record.change.sequence = change.sequence;
    record.change.set = change.set;
    record.change.at = change.at;
    record.change.user = change.user;
    record.change.kind = change.kind;
    record.change.from = change.from;
    record.change.to = change.to;
    record.change.previous_of_user = change.previous_of_user;
    record.change.previous_of_number = change.previous_of_number;
    return record;
  }
  Result<std::uint64_t> find_after(UserId, Instant) override { return begin; }
  Result<std::uint64_t> find_after(Extension, Instant) override { return begin; }

  std::optional<Extension> held_by(UserId id, std::int64_t at) {
    const auto found = find_user_holding(id, *registry.newest_of(id), Instant{at}, *this);
    EXPECT_TRUE(found) << found.error().detail;
    return found && *found ? (*found)->given.to : std::nullopt;
  }
  std::optional<UserId> holder_of(Extension extension, std::int64_t at) {
    const auto found =
        find_extension_holding(extension, registry.newest_of(extension), Instant{at}, *this);
    EXPECT_TRUE(found) << found.error().detail;
    return found && *found ? std::optional((*found)->user) : std::nullopt;
  }

  Registry registry;
  std::vector<Change> changes;
  std::uint64_t begin = 0;
  std::size_t reads = 0;
};

// [HIST-1]
TEST(History, KnowsOfAMillisecondWhatWasSoAtItsEnd) {
  Journal journal;
  journal.apply(Instant{10}, {put(ada), put(grace)});
  journal.apply(Instant{20}, {assign(ada, "11")});
  journal.apply(Instant{20}, {assign(ada, "22")});
  journal.apply(Instant{20}, {assign(grace, "11")});
  journal.apply(Instant{30}, {assign(ada, "11"), assign(grace, "22")});
  EXPECT_EQ(journal.held_by(ada, 19), std::nullopt);
  EXPECT_EQ(journal.held_by(ada, 20), number("22"));
  EXPECT_EQ(journal.held_by(ada, 29), number("22"));
  EXPECT_EQ(journal.held_by(ada, 30), number("11"));
  EXPECT_EQ(journal.holder_of(number("11"), 19), std::nullopt);
  EXPECT_EQ(journal.holder_of(number("11"), 20), grace);
  EXPECT_EQ(journal.holder_of(number("11"), 29), grace);
  EXPECT_EQ(journal.holder_of(number("11"), 30), ada);
  EXPECT_EQ(journal.holder_of(number("22"), 30), grace);
  EXPECT_EQ(journal.holder_of(number("33"), 30), std::nullopt);
}

// [HIST-2]
TEST(History, WalksFromWhereTheIndexLeads) {
  Journal journal;
  journal.apply(Instant{0}, {put(ada)});
  for (std::int64_t at = 1; at <= 1000; ++at) {
    journal.apply(Instant{at}, {assign(ada, at % 2 == 1 ? "11" : "22")});
  }
  journal.begin = 503;  // The change at 502.
  EXPECT_EQ(journal.held_by(ada, 500), number("22"));
  EXPECT_LE(journal.reads, 3U);
  journal.begin = 504;
  journal.reads = 0;
  EXPECT_EQ(journal.holder_of(number("11"), 500), std::nullopt);
  EXPECT_EQ(journal.holder_of(number("11"), 501), ada);
  EXPECT_LE(journal.reads, 8U);
}

// [STORE-9]
TEST(History, IsDamagedWhenItDoesNotGoBackwards) {
  Journal journal;
  journal.apply(Instant{1}, {put(ada)});
  for (std::int64_t at = 2; at < 8; ++at) {
    journal.apply(Instant{at}, {assign(ada, at % 2 == 1 ? "11" : "22")});
  }
  journal.changes[3].previous_of_user = 6;
  const auto held = find_user_holding(ada, 7, Instant{0}, journal);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, Errc::damaged);
  journal.changes[3].previous_of_user = 3;
  journal.changes[2].previous_of_number = 4;
  journal.changes[4].previous_of_number = 4;
  const auto holder = find_extension_holding(number("11"), 7, Instant{0}, journal);
  ASSERT_FALSE(holder);
  EXPECT_EQ(holder.error().code, Errc::damaged);
}

}  // namespace
}  // namespace ringbook
