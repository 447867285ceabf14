// kill -9 under load, again and again: nothing acknowledged is lost, nothing is invented, and no
// number has two holders. RINGBOOK_SEED repeats a run.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "contract/engine.h"
#include "fault/served.h"
#include "support/seed.h"
#include "support/temporary_folder.h"
#include "support/thorough.h"

namespace ringbook::test {
namespace {

constexpr std::size_t clients = 4;
constexpr std::size_t users_of_client = 5;
constexpr std::uint32_t numbers = 40;  // Few enough that clients are in each other's way.
constexpr std::size_t most_answers = 300;

// What one client knows of one of its users; nobody else changes that user.
struct Known {
  explicit Known(std::string user, std::string holds = "")
      : id(std::move(user)), number(std::move(holds)) {}
  std::string id;
  std::string number;                     // The last acknowledged; "" for none.
  std::vector<std::string> acknowledged;  // Request ids of this round.
  std::optional<std::string> unanswered;  // The number asked for when the server was killed.
  std::string unanswered_id;
};

// The string below `path` in an answer; "" for null.
std::string text_at(const JsonDocument::Value& value, std::initializer_list<const char*> path) {
  std::optional<JsonDocument::Value> at = value;
  for (const char* name : path) {
    at = at ? at->find(name) : std::nullopt;
  }
  return at && at->is(JsonType::string) ? std::string(at->string()) : "";
}

class Kill : public testing::Test {
 protected:
  Kill() {
    for (std::uint32_t i = 0; i < clients * users_of_client; ++i) {
      known[i % clients].emplace_back(user_id(i).text());
    }
  }

  void create_users() {
    Served server(data());
    token = printed_by("token --data " + data().string() + " 2>/dev/null");
    token.resize(token.find('\n'));
    Line line(server.port(), token);
    for (const auto& users : known) {
      for (const Known& user : users) {
        const auto made = line.ask("PUT", "/v1/users/" + user.id, R"({"name":"Ada"})");
        ASSERT_TRUE(made);
        ASSERT_EQ(made->status, 201) << made->body;
      }
    }
    // Killed too: the creations were acknowledged.
  }

  // One client until the server is gone; the one that gets the last answer kills it.
  void ask_until_the_end(std::size_t client, const Served& server, std::uint64_t client_seed) {
    std::mt19937_64 choices(client_seed);
    Line line(server.port(), token);
    for (std::size_t i = 0;; ++i) {
      Known& user = known[client][choices() % users_of_client];
      const std::string wanted = std::to_string(100 + choices() % numbers);
      if (wanted == user.number) {
        continue;  // Would leave no record.
      }
      const std::string id =
          std::to_string(round) + "-" + std::to_string(client) + "-" + std::to_string(i);
      const auto answer = line.ask(
          "PUT", "/user/update-rcextension",
          R"({"payload":{"userId":")" + user.id + R"(","rcExtension":")" + wanted + R"("}})", id);
      if (!answer) {
        user.unanswered = wanted;
        user.unanswered_id = id;
        return;
      }
      if (answer->status == 200) {
        user.number = wanted;
        user.acknowledged.push_back(id);
        ++changes;
      } else {
        EXPECT_NE(answer->body.find("EXTENSION_IN_USE"), std::string::npos) << answer->body;
        ++conflicts;
      }
      if (++answers == kill_after) {
        server.kill();
      }
    }
  }

  void load_and_kill(Served& server) {
    answers = 0;
    kill_after = 1 + random() % most_answers;
    std::vector<std::jthread> threads;
    for (std::size_t client = 0; client < clients; ++client) {
      threads.emplace_back([this, client, &server, client_seed = random()] {
        ask_until_the_end(client, server, client_seed);
      });
    }
    threads.clear();
    const std::string log = server.log();
    EXPECT_EQ(log.find("Sanitizer"), std::string::npos) << log;
    EXPECT_EQ(log.find(R"("level":"error")"), std::string::npos) << log;
  }

  // What the server says after its restart against what the clients know.
  void verify(const Served& server) {
    Line line(server.port(), token);
    std::set<std::string> held;
    for (auto& users : known) {
      for (Known& user : users) {
        const std::string number = number_of(line, user.id);
        EXPECT_TRUE(number.empty() || held.insert(number).second) << number << " is held twice";
        const bool took_the_unanswered = user.unanswered && number == *user.unanswered;
        EXPECT_TRUE(number == user.number || took_the_unanswered)
            << user.id << " holds " << number << ", acknowledged was " << user.number;
        verify_history(line, user, took_the_unanswered);
        user = Known(user.id, number);
      }
    }
  }

  std::string number_of(Line& line, const std::string& id) {
    const auto answer = line.ask("GET", "/v1/users/" + id);
    EXPECT_TRUE(answer && answer->status == 200) << id;
    JsonDocument json;
    EXPECT_TRUE(answer && json.parse(answer->body));
    return text_at(json.root(), {"personalInformation", "rcExtension"});
  }

  // This round's records are exactly its acknowledged changes, newest first, before them at most
  // the one whose answer was lost.
  void verify_history(Line& line, const Known& user, bool took_the_unanswered) {
    const auto answer = line.ask("GET", "/v1/users/" + user.id + "/history?limit=500");
    ASSERT_TRUE(answer && answer->status == 200) << user.id;
    JsonDocument json;
    ASSERT_TRUE(json.parse(answer->body));
    std::vector<std::string> expected(user.acknowledged.rbegin(), user.acknowledged.rend());
    if (took_the_unanswered) {
      expected.insert(expected.begin(), user.unanswered_id);
    }
    std::vector<std::string> recorded;
    const std::string this_round = std::to_string(round) + "-";
    for (auto row = json.root().find("data")->first(); row; row = row->next()) {
      if (std::string id = text_at(*row, {"requestId"}); id.starts_with(this_round)) {
        recorded.push_back(std::move(id));
      }
    }
    EXPECT_EQ(recorded, expected) << user.id;
  }

  std::filesystem::path data() const { return folder.path() / "data"; }

  TemporaryFolder folder;
  std::string token;
  std::mt19937_64 random{seed()};
  std::size_t round = 0;
  std::vector<Known> known[clients];
  std::atomic<std::size_t> answers = 0;
  std::atomic<std::size_t> changes = 0;
  std::atomic<std::size_t> conflicts = 0;
  std::size_t kill_after = 0;
};

// [STORE-1] [STORE-3] [STORE-8] [STORE-13] [PUT-3] [PUT-15]
TEST_F(Kill, LosesNothingAcknowledgedAndInventsNothing) {
  ASSERT_NO_FATAL_FAILURE(create_users());
  const std::size_t kills = static_cast<std::size_t>(rounds(20, 200));
  while (round < kills && !HasFailure()) {
    Served server(data());
    verify(server);
    ++round;
    load_and_kill(server);
    EXPECT_TRUE(printed_by("doctor --data " + data().string()).starts_with("all is well"));
  }
  verify(Served(data()));
  EXPECT_GT(changes, kills);
  EXPECT_GT(conflicts, 0U) << "the clients were never in each other's way";
}

}  // namespace
}  // namespace ringbook::test
