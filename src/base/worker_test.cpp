#include "base/worker.h"

#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <optional>
#include <vector>

namespace ringbook {
namespace {

using Queue = std::deque<int>;

std::size_t put(Worker<Queue>& worker, std::initializer_list<int> numbers) {
  return worker.with_queue([&](Queue& queue) {
    queue.insert(queue.end(), numbers);
    return queue.size();
  });
}

TEST(Worker, DoesWhatItIsGivenInItsOrder) {
  std::vector<int> done;
  std::promise<void> all;
  Worker<Queue> worker({}, take_first<int>, [&](int number) {
    done.push_back(number);
    if (number == 0) {
      all.set_value();
    }
  });
  EXPECT_EQ(put(worker, {3, 2, 1, 0}), 4U);
  all.get_future().wait();
  EXPECT_EQ(done, (std::vector<int>{3, 2, 1, 0}));
}

TEST(Worker, LeavesTheQueueFreeWhileItWorks) {
  std::promise<void> begun;
  std::promise<void> may_end;
  Worker<Queue> worker({}, take_first<int>, [&](int) {
    begun.set_value();
    may_end.get_future().wait();
  });
  put(worker, {1});
  begun.get_future().wait();
  EXPECT_TRUE(worker.with_queue([](const Queue& queue) { return queue.empty(); }));
  may_end.set_value();
}

TEST(Worker, FinishesWhatItHasBegunAndDropsTheRest) {
  std::vector<int> done;
  std::promise<void> begun;
  std::promise<void> may_end;
  {
    Worker<Queue> worker({}, take_first<int>, [&](int number) {
      begun.set_value();
      may_end.get_future().wait();
      done.push_back(number);
    });
    put(worker, {1, 2, 3});
    begun.get_future().wait();
    worker.stop();
    may_end.set_value();
  }
  EXPECT_EQ(done, std::vector<int>{1});
}

}  // namespace
}  // namespace ringbook
