// A server whose process has no descriptors left.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <set>

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

  // Whether the condition, which asks the server, holds before the time is up.
  static bool comes_true(const std::function<bool()>& condition) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > patience) {
        return false;
      }
    }
    return true;
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
  constexpr int room = 5;
  leave_room_for(room);
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(connect());
    crowd.back()->send(healthz);
  }
  ASSERT_TRUE(comes_true([&] { return metric(*witness, accept_errors) > 0; }));

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
  ASSERT_TRUE(comes_true([&] { return metric(*witness, "ringbook_unfolded_changes") == 0; }));

  EXPECT_LE(std::ranges::count_if(crowd, [](const auto& client) { return client->has_news(); }),
            room)
      << "the others wait";
  // Whoever waits is served as soon as others leave.
  for (auto& client : crowd) {
    EXPECT_EQ(client->read().value_or(Answer{}).status, 200);
    client.reset();
  }
  EXPECT_EQ(connect()->ask(healthz).status, 200);
  EXPECT_EQ(server_.stop(), 0);
  EXPECT_THAT(server_.process().err(), HasSubstr("accept_failed"));
  EXPECT_THAT(server_.process().err(), HasSubstr("accepting_again"));
}

}  // namespace
}  // namespace ringbook::test
