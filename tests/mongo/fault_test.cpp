// What networks, servers and elections do to a write: the answer is never more certain than the
// write, and the same write may be sent again.
#include <gtest/gtest.h>

#include "mongo/mongo_world.h"
#include "support/wire_proxy.h"

namespace ringbook::test {
namespace {

using Fault = WireFault::Kind;

// What a fault does to an append, and to the same append afterwards.
struct Case {
  const char* name;
  WireFault fault;
  Appended answer;
  bool is_in_journal;
  bool is_held = false;  // The deadline passes first.
};

void PrintTo(const Case& planned, std::ostream* out) {
  *out << planned.name;
}

constexpr std::array cases{
    Case{"CutBefore", {Fault::cut_before}, Appended::unknown, false},
    Case{"CutInRequest", {Fault::cut_in_request}, Appended::unknown, false},
    Case{"CutBeforeReply", {Fault::cut_before_reply}, Appended::unknown, true},
    Case{"CutInReply", {Fault::cut_in_reply}, Appended::unknown, true},
    Case{"CutAfter", {Fault::cut_after}, Appended::mine, true},
    Case{"HeldRequest", {Fault::hold_request}, Appended::unknown, true, true},
    Case{"HeldReply", {Fault::hold_reply}, Appended::unknown, true, true},
    Case{"Garbage", {Fault::garbage}, Appended::unknown, true},
    Case{"NotPrimary", {Fault::answer, 10107}, Appended::unknown, false},
    Case{"NotPrimaryDone", {Fault::answer_done, 10107}, Appended::unknown, true},
    Case{"NotPrimaryNoSecondary", {Fault::answer, 13435}, Appended::unknown, false},
    Case{"SteppedDown", {Fault::answer, 189}, Appended::unknown, false},
    Case{"SteppedDownDone", {Fault::answer_done, 189}, Appended::unknown, true},
    Case{"ShutsDown", {Fault::answer, 91}, Appended::unknown, false},
    Case{"InterruptedAtShutdown", {Fault::answer, 11600}, Appended::unknown, false},
    Case{"InterruptedByStepDown", {Fault::answer_done, 11602}, Appended::unknown, true},
    Case{"RateTooLarge", {Fault::answer, 16500}, Appended::unknown, false},
    Case{"NoMajority", {Fault::concern, 64}, Appended::unknown, true},
    Case{"NoMajorityAndUndone", {Fault::concern_undone, 64}, Appended::unknown, false},
    Case{"TakenBySomethingUndone", {Fault::answer, 11000}, Appended::taken, false},
    Case{"ItsOwnDuplicate", {Fault::answer_done, 11000}, Appended::taken, true},
    Case{"NotAuthorized", {Fault::answer, 13}, Appended::unknown, false},
};

class WireFaults : public testing::TestWithParam<std::tuple<Case, bool>> {
 protected:
  void SetUp() override {
    constexpr auto kind = MongoServer::Kind::ferretdb_sqlite;
    if (const auto absent = MongoServer::why_absent(kind)) {
      GTEST_SKIP() << *absent;
    }
    mongo::Settings settings;
    auto [proxy, url] = through_a_proxy(MongoServer::shared(kind).url_of_new_database(),
                                        std::get<bool>(GetParam()));
    proxy_ = std::move(proxy);
    settings.url = std::move(url);
    world_ = std::make_unique<MongoWorld>(settings);
  }

  const Case& planned() const { return std::get<Case>(GetParam()); }
  SharedJournal& journal() { return world_->ports->journal(); }
  // A held command is let go of when the answer is there.
  Tick deadline() const {
    return planned().is_held ? world_->clock.tick() + std::chrono::milliseconds(300)
                             : world_->deadline();
  }
  Appended append(const std::string& by, Tick until) {
    SharedBatch batch;
    batch.number = 1;
    batch.by = by;
    batch.first = 1;
    batch.changes = 1;
    ++appends_;
    const auto answer = world_->ask<Appended>([&](Reply<Appended> reply) {
      journal().append(std::make_shared<SharedBatch>(batch), until, std::move(reply));
    });
    EXPECT_TRUE(answer);
    return answer.value_or(Appended::unknown);
  }
  // A connection that was closed behind an answer is noticed by whoever uses it next.
  Appended append_until_known(const std::string& by) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (const auto answer = append(by, world_->deadline()); answer != Appended::unknown) {
        return answer;
      }
    }
    return Appended::unknown;
  }
  std::vector<std::string> makers() {
    const auto answer = world_->ask<std::vector<SharedBatch>>(
        [&](auto reply) { journal().confirm(1, world_->deadline(), std::move(reply)); });
    EXPECT_TRUE(answer) << answer.error().detail;
    std::vector<std::string> out;
    for (const SharedBatch& batch : answer.value_or(std::vector<SharedBatch>{})) {
      out.push_back(batch.by);
    }
    return out;
  }
  std::vector<Published> publish(std::uint64_t version, Tick until) {
    Publication publication;
    publication.user = user_;
    publication.version = version;
    publication.number = Extension::parse("1234");
    const auto answer = world_->ask<std::vector<Published>>([&](auto reply) {
      world_->ports->documents().publish({}, {publication}, until, std::move(reply));
    });
    EXPECT_TRUE(answer);
    return answer.value_or(std::vector<Published>{});
  }

  Published publish_until_known(std::uint64_t version) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto outcomes = publish(version, world_->deadline());
      if (outcomes.size() == 1 && outcomes.front() != Published::unknown) {
        return outcomes.front();
      }
    }
    return Published::unknown;
  }

  const UserId user_ = *UserId::parse("64b7f1a2e4b0a5d3f9c12345");
  std::unique_ptr<WireProxy> proxy_;
  std::unique_ptr<MongoWorld> world_;
  int appends_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Faults, WireFaults,
                         testing::Combine(testing::ValuesIn(cases), testing::Bool()),
                         [](const auto& test) {
                           return std::get<Case>(test.param).name +
                                  std::string(std::get<bool>(test.param) ? "OfAReplicaSet" : "");
                         });

// [MONGO-2] [MONGO-7]
TEST_P(WireFaults, MakeNoAppendMoreCertainThanItIs) {
  proxy_->plan("insert", "ringbook_journal", planned().fault);
  EXPECT_EQ(append("one/1", deadline()), planned().answer);
  proxy_->wait_for_fault();
  proxy_->release();
  // The very same again, behind what was held.
  const bool is_there = planned().is_in_journal;
  EXPECT_EQ(append_until_known("one/1"), is_there ? Appended::taken : Appended::mine);
  EXPECT_EQ(append_until_known("two/1"), Appended::taken);
  EXPECT_EQ(makers(), std::vector<std::string>{"one/1"});
  // The driver has repeated nothing by itself.
  EXPECT_LE(proxy_->count("insert", "ringbook_journal"), appends_);
}

// [MONGO-2] [MONGO-7]
TEST_P(WireFaults, LoseNoPublicationThatIsAcknowledged) {
  mongo::Bson person;
  person.id("_id", user_);
  ForeignHand hand(world_->settings);
  hand.insert("users", person);
  proxy_->plan("update", "users", planned().fault);
  const auto outcomes = publish(3, deadline());
  proxy_->wait_for_fault();
  proxy_->release();
  mongo::Bson filter;
  filter.id("_id", user_).text("personalInformation.rcExtension", "1234");
  ASSERT_EQ(outcomes.size(), 1U);
  if (outcomes.front() == Published::done) {
    EXPECT_TRUE(hand.find("users", filter));
  }
  EXPECT_EQ(publish_until_known(3), Published::done);
  EXPECT_TRUE(hand.find("users", filter));
  EXPECT_EQ(publish_until_known(1), Published::newer);
}

// [MONGO-7]
TEST_P(WireFaults, LeaveReadsUnavailable) {
  if (planned().fault.kind == Fault::concern || planned().fault.kind == Fault::concern_undone) {
    return;  // Reads have none.
  }
  ASSERT_EQ(append("one/1", world_->deadline()), Appended::mine);
  proxy_->plan("find", "ringbook_journal", planned().fault);
  const auto answer = world_->ask<std::vector<SharedBatch>>(
      [&](auto reply) { journal().confirm(1, deadline(), std::move(reply)); });
  proxy_->wait_for_fault();
  proxy_->release();
  // Two reads: what is cut behind the first cuts the second.
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::unavailable);
  EXPECT_EQ(makers(), std::vector<std::string>{"one/1"});
}

}  // namespace
}  // namespace ringbook::test
