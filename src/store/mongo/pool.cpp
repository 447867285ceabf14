#include "store/mongo/pool.h"

namespace ringbook::mongo {

namespace {

// From what a server beside this one needs to the deadline of a turn and its documents.
constexpr double question_bounds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                      0.05,   0.1,   0.25,   0.5,   1,    2.5};

}  // namespace

Pool::Queue::Queue(Metrics& metrics, std::string_view lane)
    : seconds(metrics.histogram("ringbook_database_request_duration_seconds",
                                "Time until the database answered, or was given up.",
                                question_bounds, {{"for", std::string(lane)}})),
      failures(metrics.counter("ringbook_database_failures_total",
                               "Questions that the database did not answer, or answered with an "
                               "error.",
                               {{"for", std::string(lane)}})) {}

Pool::Pool(const Clients& clients, std::string database, Loop& loop, const Clock& clock,
           Metrics& metrics)
    : loop_(loop),
      clock_(clock),
      database_(std::move(database)),
      clients_(clients),
      queues_{Queue(metrics, "append"), Queue(metrics, "journal"), Queue(metrics, "documents")},
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
