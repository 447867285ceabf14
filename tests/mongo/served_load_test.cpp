// Real servers under load: what every client was told can be true of the one journal, whatever is
// killed and stopped meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "mongo/load.h"
#include "mongo/served_world.h"
#include "support/seed.h"
#include "support/thorough.h"
#include "support/wire_proxy.h"

namespace ringbook::test {
namespace {

using testing::IsEmpty;
using Kind = MongoServer::Kind;

// How long every client may take to be answered again when all is there again.
constexpr auto recovery_under_load = std::chrono::seconds(5);

class ServedLoad : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (const auto absent = MongoServer::why_absent(GetParam())) {
      GTEST_SKIP() << *absent;
    }
    database_ = MongoServer::start(GetParam());
    url_ = database_->url_of_new_database();
    world_ = std::make_unique<ServedWorld>(url_);
  }

  void serve(std::size_t instance) {
    servers_[instance] = world_->serve(
        "instance-" + std::to_string(instance) + "-" + std::to_string(++started_), url_);
    // Nobody waits for one that does not come up.
    ports_[instance] = std::max<std::uint16_t>(1, servers_[instance]->port());
    ports_[instance].notify_all();
  }
  void kill(std::size_t instance) {
    ports_[instance] = 0;
    servers_[instance]->kill();
  }

  // Clients on so many instances, two on each.
  std::unique_ptr<Load> load(std::size_t instances) {
    Load::Plan plan;
    plan.token = world_->token();
    plan.numbers = 6;
    plan.seed = seed();
    for (std::size_t i = 0; i < instances; ++i) {
      serve(i);
      for (int client = 0; client < 2; ++client) {
        plan.ports.emplace_back([this, i] {
          ports_[i].wait(0);
          return ports_[i].load();
        });
      }
    }
    for (int i = 0; i < 8; ++i) {
      plan.people.push_back(world_->make_person(*servers_[0]));
    }
    return std::make_unique<Load>(std::move(plan), recording_);
  }

  void expect_a_true_history() {
    const auto exchanges = recording_.exchanges();
    EXPECT_THAT(contradictions(world_->journal(), exchanges), IsEmpty());
    const auto has = [&](Exchange::Answer answer) {
      return std::ranges::any_of(exchanges, [&](const Exchange& e) { return e.answer == answer; });
    };
    EXPECT_TRUE(has(Exchange::Answer::done) && has(Exchange::Answer::refused))
        << "the clients were never in each other's way";
  }

  std::unique_ptr<MongoServer> database_;
  std::string url_;
  std::unique_ptr<ServedWorld> world_;
  std::array<std::unique_ptr<Served>, 3> servers_;
  std::array<std::atomic<std::uint16_t>, 3> ports_{};
  Recording recording_;
  int started_ = 0;
};

class ServedInstances : public ServedLoad {};
INSTANTIATE_TEST_SUITE_P(Servers, ServedInstances,
                         testing::Values(Kind::ferretdb_sqlite, Kind::java),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-1] [MONGO-2] [MONGO-7] [PUT-3] [PUT-4]
TEST_P(ServedInstances, AreOneDirectoryWhileTheyAreKilledAndStopped) {
  const auto load = this->load(servers_.size());
  for (int round = 0; round < rounds(3, 20) && !HasFailure(); ++round) {
    load->wait_for_more(static_cast<std::size_t>(rounds(5, 10)));
    const std::size_t instance = static_cast<std::size_t>(round) % servers_.size();
    kill(instance);
    serve(instance);
    // What this one was about to do comes late.
    servers_[instance]->stop();
    load->wait_for_more_of_others(static_cast<std::size_t>(rounds(5, 20)),
                                  {2 * instance, 2 * instance + 1});
    servers_[instance]->go_on();
  }
  load->wait_for_more(3);
  load->stop();
  expect_a_true_history();
}

class ServedDatabase : public ServedLoad {};
INSTANTIATE_TEST_SUITE_P(Servers, ServedDatabase,
                         testing::Values(Kind::ferretdb_sqlite, Kind::ferretdb_postgresql),
                         [](const auto& test) { return MongoServer::name_of(test.param); });

// [MONGO-2] [MONGO-7]
TEST_P(ServedDatabase, MayBeKilledAndStoppedUnderThem) {
  const auto load = this->load(2);
  for (int round = 0; round < rounds(1, 8) && !HasFailure(); ++round) {
    load->wait_for_more(2);
    database_->kill();
    database_->restart();
    load->wait_for_more(1, recovery_under_load);
    database_->stop();
    Line line(servers_[0]->port(), world_->token());
    const auto answer = line.ask("GET", "/healthz");
    EXPECT_TRUE(answer && answer->status == 200);
    load->wait_for_unknown(1);
    database_->go_on();
    load->wait_for_more(1, recovery_under_load);
    if (GetParam() == Kind::ferretdb_postgresql) {
      database_->crash_storage();
      load->wait_for_more(1, recovery_under_load);
    }
  }
  load->stop();
  expect_a_true_history();
}

}  // namespace
}  // namespace ringbook::test
