// Threads that ask the database, so that the loop never waits for it.
//
// Invariants: 1. The loop calls nothing of the driver. 2. Every question is answered once, on the
// loop, at its deadline at the latest: what the database says later is dropped. 3. A thread that
// waits for a silent server keeps only the questions of its own lane waiting. 4. A question that
// waits behind others until its deadline is never sent.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "base/loop.h"
#include "base/metrics.h"
#include "base/reply.h"
#include "store/mongo/driver.h"
#include "store/mongo/thread_timer.h"

namespace ringbook::mongo {

// Who waits for whom: each has threads of its own.
enum class Lane : std::uint8_t { append, follow, others };

class Pool {
 public:
  // Lifetime: what is given outlives this. Cost: a thread and a connection for each lane, and
  // limits::mongo_threads for `others`.
  Pool(const Clients& clients, std::string database, Loop& loop, const Clock& clock,
       Metrics& metrics);
  // Answers `internal` to whoever waits, and waits for the threads: up to
  // limits::mongo_socket_time.
  ~Pool();
  Pool(const Pool&) = delete;

  // Has a thread do `job`, which is given a connection that knows the deadline.
  // Errors: those of the job; overloaded (too much waits), unavailable (the deadline).
  template <class T, class Work>
  void ask(Lane lane, Tick deadline, Work job, Reply<T> reply);

  Timer& timer() { return timer_; }

 private:
  using Task = std::move_only_function<void(Connection&)>;
  struct Queue {
    Queue(Metrics& metrics, std::string_view lane);
    std::deque<Task> tasks;
    std::condition_variable_any arrived;
    Histogram& seconds;
    Counter& failures;
  };

  // Nothing is left of it afterwards; false when the queue is full.
  bool enqueue(Lane lane, Task task);
  void work(Queue& queue, const std::stop_token& stopped);
  Queue& queue_of(Lane lane) { return queues_[static_cast<std::size_t>(lane)]; }

  Loop& loop_;
  const Clock& clock_;
  const std::string database_;
  const Clients& clients_;
  // The replies that are owed, on the loop. What comes back looks for its own, and finds nothing
  // when it was answered already or this is gone.
  std::unordered_map<std::uint64_t, std::shared_ptr<void>> owed_;
  std::uint64_t asked_ = 0;
  std::mutex mutex_;  // Guards the queues.
  std::array<Queue, 3> queues_;
  ThreadTimer timer_;
  std::vector<std::jthread> threads_;  // Last: they use the others.
};

template <class T, class Work>
void Pool::ask(Lane lane, Tick deadline, Work job, Reply<T> reply) {
  const std::uint64_t question = ++asked_;
  const Tick asked_at = clock_.tick();
  auto owed = std::make_shared<Reply<T>>(std::move(reply));
  const std::weak_ptr<Reply<T>> waiting = owed;
  owed_.emplace(question, std::move(owed));
  // On the loop; what it captures is gone when nobody waits any more.
  const auto answer = [this, question, waiting, asked_at,
                       &queue = queue_of(lane)](Result<T> result) {
    if (const auto found = waiting.lock()) {
      owed_.erase(question);
      queue.seconds.observe(std::chrono::duration<double>(clock_.tick() - asked_at).count());
      queue.failures.add(result ? 0 : 1);
      (*found)(std::move(result));
    }
  };
  timer_.at(deadline,
            [answer] { answer(fail(Errc::unavailable, "the database has not answered in time")); });
  const bool has_room =
      enqueue(lane, [this, deadline, answer, job = std::move(job)](Connection& connection) mutable {
        if (clock_.tick() < deadline) {
          connection.set_deadline(deadline);
          loop_.post([answer, result = job(connection)]() mutable { answer(std::move(result)); });
        }
      });
  if (!has_room) {
    loop_.post([answer] { answer(fail(Errc::overloaded, "too much waits for the database")); });
  }
}

}  // namespace ringbook::mongo
