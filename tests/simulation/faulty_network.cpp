#include "simulation/faulty_network.h"

#include <utility>

namespace ringbook::test {

using namespace std::chrono_literals;

void FaultyNetwork::send(Tick deadline, std::function<void()> execute, std::function<void()> answer,
                         std::function<void()> expire) {
  at(deadline, std::move(expire));
  if (!is_faulty) {
    const Tick there = clock.tick() + 1ms;
    at(there, std::move(execute));
    return at(there + 1ms, std::move(answer));
  }
  if (happens(40)) {
    return;  // Lost on its way.
  }
  const bool is_late = happens(40);
  const Tick there = clock.tick() + (is_late ? up_to(6000) : up_to(40));
  if (happens(30)) {
    at(there + up_to(3000), execute);
  }
  at(there, std::move(execute));
  if (!happens(40)) {
    at(there + (happens(20) ? up_to(3000) : up_to(40)), std::move(answer));
  }
}

void FaultyNetwork::at(Tick tick, Loop::Task task) {
  events_.push({std::max(tick, clock.tick()), ++events_made_, std::move(task)});
}

bool FaultyNetwork::run_one(Tick until) {
  if (events_.empty() || events_.top().tick > until) {
    wait_until(until);
    return false;
  }
  Task task = std::move(events_.top().task);
  wait_until(events_.top().tick);
  events_.pop();
  task();
  return true;
}

}  // namespace ringbook::test
