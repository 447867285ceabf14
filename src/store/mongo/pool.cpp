#include "store/mongo/pool.h"

namespace ringbook::mongo {

Pool::Pool(const Clients& clients, std::string database, Loop& loop, const Clock& clock)
    : loop_(loop),
      clock_(clock),
      database_(std::move(database)),
      clients_(clients),
      timer_(loop, clock) {
  const auto start = [this](Lane lane) {
    threads_.emplace_back(
        [this, &queue = queue_of(lane)](const std::stop_token& stopped) { work(queue, stopped); });
  };
  start(Lane::append);
  start(Lane::follow);
  for (std::size_t i = 0; i < limits::mongo_threads; ++i) {
    start(Lane::others);
  }
}

Pool::~Pool() {
  for (std::jthread& thread : threads_) {
    thread.request_stop();
  }
  threads_.clear();
  owed_.clear();
}

bool Pool::enqueue(Lane lane, Task task) {
  Queue& queue = queue_of(lane);
  {
    const std::lock_guard lock(mutex_);
    if (queue.tasks.size() >= limits::mongo_questions) {
      return false;
    }
    queue.tasks.push_back(std::move(task));
  }
  queue.arrived.notify_one();
  return true;
}

void Pool::work(Queue& queue, const std::stop_token& stopped) {
  Connection connection(clients_, database_, clock_);
  std::unique_lock lock(mutex_);
  while (queue.arrived.wait(lock, stopped, [&] { return !queue.tasks.empty(); }) &&
         !stopped.stop_requested()) {
    {
      Task task = std::move(queue.tasks.front());
      queue.tasks.pop_front();
      lock.unlock();
      task(connection);
    }
    lock.lock();
  }
}

}  // namespace ringbook::mongo
