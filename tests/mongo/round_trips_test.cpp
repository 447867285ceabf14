// How often a turn asks the database, counted on the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mongo/served_behind_a_proxy.h"

namespace ringbook::test {
namespace {

class RoundTrips : public ServedBehindAProxy {
 protected:
  // What turns asked; tidying asks now and then what stands elsewhere.
  int asked() {
    int out = 0;
    for (const auto& [command, collection] : {std::pair("find", "users"),
                                              {"update", "users"},
                                              {"insert", "ringbook_journal"},
                                              {"find", "ringbook_journal"},
                                              {"find", "ringbook_parts"},
                                              {"insert", "ringbook_parts"}}) {
      out += proxy_->count(command, collection);
    }
    return out;
  }
  int turns() { return proxy_->count("insert", "ringbook_journal"); }
};

INSTANTIATE_TEST_SUITE_P(Servers, RoundTrips, testing::Bool(),
                         [](const auto& test) { return test.param ? "OfAReplicaSet" : "Alone"; });

// [MONGO-10]
TEST_P(RoundTrips, AreThreeForAPutThatIsAlone) {
  const UserId user = make_person();
  const int before = asked();
  const int turns_before = turns();
  constexpr int puts = 10;
  for (int i = 0; i < puts; ++i) {
    ASSERT_EQ(client_->give(user, fresh_number()), 200);
  }
  EXPECT_EQ(turns() - turns_before, puts);
  EXPECT_EQ(asked() - before, 3 * puts);
}

// [MONGO-10] [MONGO-12]
TEST_P(RoundTrips, AreFourWhereAnIndexTellsWhoShowsTheNumber) {
  const UserId user = make_person();
  world_->make_index_on_numbers();
  kill_and_start();
  ASSERT_EQ(client_->give(user, fresh_number()), 200);
  const int before = asked();
  ASSERT_EQ(client_->give(user, fresh_number()), 200);
  EXPECT_EQ(asked() - before, 4);
}

// [MONGO-10]
TEST_P(RoundTrips, AreThreeForATurnHoweverManyShareIt) {
  constexpr int clients = 8;
  constexpr int puts = 10;
  std::vector<UserId> people;
  for (int i = 0; i < clients; ++i) {
    people.push_back(make_person());
  }
  const int before = asked();
  const int turns_before = turns();
  std::vector<std::jthread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([this, i, &people] {
      const auto client = make_client("client-" + std::to_string(i));
      for (int n = 0; n < puts; ++n) {
        EXPECT_EQ(client->give(people[static_cast<std::size_t>(i)],
                               *Extension::parse(std::to_string(2000 + clients * n + i))),
                  200);
      }
    });
  }
  threads.clear();
  const int made = turns() - turns_before;
  EXPECT_LE(asked() - before, 3 * made);
  EXPECT_LT(made, clients * puts) << "no turn was shared";
}

}  // namespace
}  // namespace ringbook::test
