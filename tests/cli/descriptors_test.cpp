// A server whose process has no descriptors left.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <set>

#include "base/limits.h"
#include "cli/cli_world.h"
#include "http/client.h"

namespace ringbook::test {
namespace {

using testing::HasSubstr;

class Descriptors : public ::testing::Test {
 protected:
  std::unique_ptr<Client> connect() const {
    return std::make_unique<Client>(static_cast<std::uint16_t>(std::stoi(server_.port())));
  }

  std::string request(std::string_view method, std::string_view path,
                      std::string_view body = {}) const {
    return fmt::format(
        "{} {} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        method, path, token_, body.size(), body);
  }
  std::string put(int extension) const {
    return request(
        "PUT", "/user/update-rcextension",
        fmt::format(R"({{"payload":{{"userId":"{}","rcExtension":"{}"}}}})", ada, extension));
  }

  // Leaves the server room for `more` descriptors beside those that it has open.
  void leave_room_for(rlim_t more) {
    const auto folder = fmt::format("/proc/{}/fd", server_.process().pid());
    std::set<rlim_t> taken;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      taken.insert(std::stoul(entry.path().filename().string()));
    }
    // A new descriptor is the lowest one that is free.
    rlim_t next = 0;
    for (rlim_t free = 0; free < more; ++next) {
      free += taken.contains(next) ? 0 : 1;
    }
    const rlimit limit{.rlim_cur = next, .rlim_max = next};
    ASSERT_EQ(::prlimit(server_.process().pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  }

  static long metric(Client& client, const std::string& name) {
    const std::string text = "\n" + client.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stol(text.substr(at + name.size() + 2));
  }

  const CliWorld& with_people() {
    world_.add_people();
    return world_;
  }

  CliWorld world_;
  Serving server_{with_people(), {"--log-format", "json"}};
  std::string token_ = token_of(world_);
};

constexpr const char* accept_errors = "ringbook_http_accept_errors_total";
constexpr std::string_view healthz = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(Descriptors, ExhaustedMakeNewcomersWaitAndHoldUpNobodyElse) {  // [HTTP-15]
  const auto witness = connect();
  EXPECT_EQ(witness->ask(healthz).status, 200);
  leave_room_for(5);
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(connect());
    crowd.back()->send(healthz);
  }
  while (metric(*witness, accept_errors) == 0) {
  }

  // Reads, also those of histories, and writes down to their folding need no further descriptor.
  const std::string user = "/v1/users/" + std::string(ada);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(witness->ask(put(2000 + i)).status, 200);
    EXPECT_EQ(witness->ask(request("GET", user)).status, 200);
    const Answer history = witness->ask(request("GET", user + "/history"));
    EXPECT_EQ(history.status, 200);
    EXPECT_THAT(history.body, HasSubstr(fmt::format(R"("to":"{}")", 2000 + i)));
    EXPECT_EQ(witness->ask(request("GET", "/v1/extensions/2000/history")).status, 200);
  }
  while (metric(*witness, "ringbook_unfolded_changes") != 0) {
  }

  // An attempt now and then; a server that spins makes thousands of them.
  const long before = metric(*witness, accept_errors);
  const auto begin = std::chrono::steady_clock::now();
  long attempts = 0;
  while (attempts < 5) {
    attempts = metric(*witness, accept_errors) - before;
  }
  const auto allowed = (std::chrono::steady_clock::now() - begin) / limits::deadline_resolution + 1;
  EXPECT_LE(attempts, allowed);

  // Whoever waits is served as soon as others leave.
  std::size_t waiting = 0;
  for (auto& client : crowd) {
    if (client->has_news()) {
      client.reset();
    } else {
      ++waiting;
    }
  }
  EXPECT_GE(waiting, crowd.size() - 6);
  for (auto& client : crowd) {
    if (client) {
      EXPECT_EQ(client->read().value_or(Answer{}).status, 200);
      client.reset();
    }
  }
  EXPECT_EQ(connect()->ask(healthz).status, 200);
  EXPECT_EQ(server_.stop(), 0);
  EXPECT_THAT(server_.process().err(), HasSubstr("accept_failed"));
  EXPECT_THAT(server_.process().err(), HasSubstr("accepting_again"));
}

}  // namespace
}  // namespace ringbook::test
