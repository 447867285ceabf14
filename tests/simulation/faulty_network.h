// A network and a clock of which a seed decides everything: what is late, lost, or comes twice.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <vector>

#include "base/clock.h"
#include "simulation/shared_client.h"

namespace ringbook::test {

class FaultyNetwork final : public Network, public Loop {
 public:
  explicit FaultyNetwork(std::mt19937_64& random) : random_(random) {}

  void send(Tick deadline, std::function<void()> execute, std::function<void()> answer,
            std::function<void()> expire) override;
  void at(Tick tick, Loop::Task task) override;
  void post(Task task) override { at(clock.tick(), std::move(task)); }
  bool is_current() const override { return true; }

  // Runs what is next, unless that is later; then it is that late, and false.
  bool run_one(Tick until);
  std::chrono::milliseconds up_to(int ms) {
    return std::chrono::milliseconds(random_() % static_cast<unsigned>(ms));
  }
  bool happens(unsigned per_thousand) { return random_() % 1000 < per_thousand; }

  ManualClock clock{Instant{1'700'000'000'000}};
  bool is_faulty = true;

 private:
  void wait_until(Tick tick) {
    clock.advance(std::chrono::duration_cast<std::chrono::milliseconds>(tick - clock.tick()));
  }

  struct Event {
    Tick tick;
    std::uint64_t order = 0;
    mutable Task task;
    bool operator<(const Event& other) const {
      return tick != other.tick ? tick > other.tick : order > other.order;
    }
  };

  std::mt19937_64& random_;
  std::priority_queue<Event> events_;
  std::uint64_t events_made_ = 0;
};

}  // namespace ringbook::test
