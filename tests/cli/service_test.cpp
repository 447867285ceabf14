// What a service manager is told, by the protocol of sd_notify(3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>

#include "cli/cli_world.h"

namespace ringbook::test {
namespace {

using testing::MatchesRegex;

constexpr int patience_ms = 120'000;

class Manager {
 public:
  // `name` as NOTIFY_SOCKET has it: a path, or '@' and a name.
  explicit Manager(const std::string& name)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, address.sun_path);
    if (name[0] == '@') {
      address.sun_path[0] = '\0';
    }
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address),
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())),
              0);
  }
  ~Manager() { close(socket_); }
  Manager(const Manager&) = delete;

  std::string hear() const {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, patience_ms) != 1) {
      return "nothing";
    }
    std::array<char, 256> word{};
    return {word.data(),
            static_cast<std::size_t>(std::max(recv(socket_, word.data(), word.size(), 0), 0L))};
  }

 private:
  int socket_;
};

// [SERV-1]
TEST(ServiceManager, IsToldOfReadinessReloadsAndTheEnd) {
  const CliWorld world;
  for (const std::string& name :
       {world.path("notify"), "@ringbook-test-" + std::to_string(getpid())}) {
    const Manager manager(name);
    Command command = world.command({"serve", "--listen", "127.0.0.1:0"});
    command.environment = {"NOTIFY_SOCKET=" + name};
    Process server(std::move(command));
    EXPECT_EQ(manager.hear(), "READY=1");
    EXPECT_TRUE(server.wait_for_err(R"("event":"listening")")) << "it listens when it says so";
    server.signal(SIGHUP);
    EXPECT_THAT(manager.hear(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
    EXPECT_EQ(manager.hear(), "READY=1");
    server.signal(SIGTERM);
    EXPECT_EQ(manager.hear(), "STOPPING=1");
    EXPECT_EQ(server.wait(), 0);
  }
}

// [SERV-1]
TEST(ServiceManager, ThatIsNotThereStopsNothing) {
  const CliWorld world;
  for (const std::string name : {"/nowhere/at/all", "@nobody-listens-here", "", "relative"}) {
    Command command = world.command({"serve", "--listen", "127.0.0.1:0"});
    command.environment = {"NOTIFY_SOCKET=" + name};
    Process server(std::move(command));
    EXPECT_TRUE(server.wait_for_err(R"("event":"listening")"));
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), 0);
  }
}

}  // namespace
}  // namespace ringbook::test
