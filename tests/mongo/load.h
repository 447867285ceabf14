// Clients that ask real servers for the same few numbers until they are told to stop, and remember
// what they were told.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "mongo/recording_client.h"

namespace ringbook::test {

class Load {
 public:
  struct Plan {
    std::string token;
    // Where each client asks; it may change, and say so only when a server is there again.
    std::vector<std::function<std::uint16_t()>> ports;
    std::vector<UserId> people;
    std::uint32_t numbers = 0;  // Fewer than people, so that clients are in each other's way.
    std::uint64_t seed = 0;
  };

  // Lifetime: the recording outlives it.
  Load(Plan plan, Recording& recording)
      : plan_(std::move(plan)), answered_(plan_.ports.size()), unknown_(plan_.ports.size()) {
    std::mt19937_64 random(plan_.seed);
    for (std::size_t i = 0; i < plan_.ports.size(); ++i) {
      clients_.emplace_back([this, i, &recording, seed = random()](const std::stop_token& stopped) {
        RecordingClient client("client-" + std::to_string(i), plan_.token, plan_.ports[i],
                               recording);
        std::mt19937_64 choices(seed);
        while (!stopped.stop_requested()) {
          count(ask(client, choices) ? answered_ : unknown_, i);
        }
      });
    }
  }

  // Waits until every client had so many further answers that say what came of the request, or so
  // many that say that nothing is known.
  void wait_for_more(std::size_t more, std::chrono::seconds patience = std::chrono::minutes(1)) {
    wait_for(answered_, more, patience, {});
  }
  void wait_for_unknown(std::size_t more) { wait_for(unknown_, more, std::chrono::minutes(1), {}); }
  // The same for all but these clients.
  void wait_for_more_of_others(std::size_t more, const std::vector<std::size_t>& left_out) {
    wait_for(answered_, more, std::chrono::minutes(1), left_out);
  }

  void stop() {
    for (std::jthread& client : clients_) {
      client.request_stop();
    }
    clients_.clear();
  }

 private:
  using Counts = std::vector<std::size_t>;  // Of each client.

  // Whether it is said what came of it.
  bool ask(RecordingClient& client, std::mt19937_64& choices) {
    const UserId user = plan_.people[choices() % plan_.people.size()];
    const Extension number = *Extension::parse(std::to_string(100 + choices() % plan_.numbers));
    switch (choices() % 10) {
      case 0: return client.release(user) == 204;
      case 1: return client.read(user) == 200;
      default: {
        const int status = client.give(user, number);
        return status == 200 || status == 400;
      }
    }
  }
  void count(Counts& counts, std::size_t client) {
    {
      const std::lock_guard lock(mutex_);
      ++counts[client];
    }
    changed_.notify_all();
  }
  void wait_for(const Counts& counts, std::size_t more, std::chrono::seconds patience,
                const std::vector<std::size_t>& left_out) {
    std::unique_lock lock(mutex_);
    Counts enough = counts;
    for (std::size_t& count : enough) {
      count += more;
    }
    for (const std::size_t client : left_out) {
      enough[client] = 0;
    }
    const auto is_enough = [&] {
      return std::ranges::equal(counts, enough, std::greater_equal<std::size_t>());
    };
    EXPECT_TRUE(changed_.wait_for(lock, patience, is_enough)) << "a client gets no further";
  }

  const Plan plan_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Counts answered_;  // Guarded by the mutex, as what follows.
  Counts unknown_;
  std::vector<std::jthread> clients_;
};

}  // namespace ringbook::test
