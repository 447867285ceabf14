// Two instances in networks of their own, of which one is cut off from the database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mongo/recording_client.h"
#include "mongo/served_world.h"
#include "support/own_network.h"
#include "support/wire_proxy.h"

namespace ringbook::test {
namespace {

constexpr auto patience_after_cut = std::chrono::seconds(5);

// An instance in its network, and a client beside it.
class Site {
 public:
  Site(int place, const std::string& database_url, const ServedWorld& world, Recording& recording)
      : network_(place), proxy_(port_in(database_url), network_.outside()) {
    const std::string database = database_url.substr(database_url.rfind('/') + 1);
    const OwnNetwork::Visit inside(network_);
    const std::string name = "site-" + std::to_string(place);
    server_ = world.serve(name, proxy_.url(database));
    client_ = std::make_unique<RecordingClient>(
        name, world.token(), [this] { return server_->port(); }, recording);
  }

  OwnNetwork& network() { return network_; }
  UserId make_person(ServedWorld& world) {
    const OwnNetwork::Visit inside(network_);
    return world.make_person(*server_);
  }
  int give(UserId user, Extension number) {
    const OwnNetwork::Visit inside(network_);
    return client_->give(user, number);
  }
  int read(UserId user) {
    const OwnNetwork::Visit inside(network_);
    return client_->read(user);
  }
  int status_of(const std::string& path, const std::string& token) {
    const OwnNetwork::Visit inside(network_);
    const auto answer = Line(server_->port(), token).ask("GET", path);
    return answer ? answer->status : 0;
  }

 private:
  static std::string port_in(const std::string& url) {
    const auto port = url.rfind(':') + 1;
    return url.substr(port, url.rfind('/') - port);
  }

  OwnNetwork network_;
  WireProxy proxy_;
  std::unique_ptr<Served> server_;
  std::unique_ptr<RecordingClient> client_;
};

Extension number_at(int n) {
  return *Extension::parse(std::to_string(n));
}

// [MONGO-1] [MONGO-7]
TEST(Partition, CutsOffOneInstanceUntilItIsMended) {
  constexpr auto kind = MongoServer::Kind::ferretdb_sqlite;
  if (const auto absent = MongoServer::why_absent(kind)) {
    GTEST_SKIP() << *absent;
  }
  if (const auto absent = OwnNetwork::why_absent()) {
    GTEST_SKIP() << *absent;
  }
  const std::string url = MongoServer::shared(kind).url_of_new_database();
  ServedWorld world(url);
  Recording recording;
  Site lonely(0, url, world, recording);
  Site other(1, url, world, recording);
  const UserId ada = other.make_person(world);
  const UserId bob = other.make_person(world);
  ASSERT_EQ(lonely.give(ada, number_at(100)), 200);

  lonely.network().cut();
  // Each waits until its deadline, so together they outlast every connection.
  for (int n = 1; n <= 3; ++n) {
    EXPECT_EQ(lonely.give(bob, number_at(100 + n)), 500);
    EXPECT_EQ(lonely.status_of("/healthz", world.token()), 200);
    EXPECT_EQ(lonely.status_of("/v1/users", "none"), 401);
    EXPECT_EQ(lonely.status_of("/nothing", world.token()), 404);
    EXPECT_EQ(other.give(bob, number_at(200 + n)), 200);
  }
  EXPECT_GE(lonely.read(ada), 500) << "what was so before the cut is not said to be so now";

  lonely.network().mend();
  const SystemClock clock;
  const Tick deadline = clock.tick() + patience_after_cut;
  int status = lonely.give(ada, number_at(203));
  while (status == 500 && clock.tick() < deadline) {
    status = lonely.give(ada, number_at(203));
  }
  EXPECT_EQ(status, 400) << "the other has given it meanwhile";
  EXPECT_EQ(lonely.read(bob), 200);
  EXPECT_EQ(lonely.give(ada, number_at(300)), 200);
  EXPECT_THAT(contradictions(world.journal(), recording.exchanges()), testing::IsEmpty());
  EXPECT_THAT(world.differences(), testing::IsEmpty());
}

}  // namespace
}  // namespace ringbook::test
