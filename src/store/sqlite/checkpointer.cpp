#include "store/sqlite/checkpointer.h"

#include <sys/resource.h>

#include <utility>

namespace ringbook::sqlite {
namespace {

// Linux keeps niceness for each thread. One that stays as it was is only less considerate.
void give_way_to_others() {
  constexpr int lowest = 19;
  static_cast<void>(setpriority(PRIO_PROCESS, 0, lowest));
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, Loop& loop, Done done)
    : connection_(std::move(connection)),
      worker_({}, take_first<Request>, [this, &loop, done = std::move(done)](Request) {
        give_way_to_others();
        auto moved = connection_->checkpoint();
        // Before the loop can hear of it and begin again.
        moved_.release();
        loop.post([done, moved = std::move(moved)] { done(moved); });
      }) {}

void Checkpointer::begin() {
  while (moved_.try_acquire()) {  // What nobody waited for.
  }
  worker_.with_queue([](std::deque<Request>& waiting) { waiting.push_back({}); });
}

}  // namespace ringbook::sqlite
