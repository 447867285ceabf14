// A thread that does, one after the other, what is put into its queue.
//
// Invariants: 1. The queue is touched under the lock alone. 2. The end waits for the work under
// way; what still waits in the queue is dropped there.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace ringbook {

// `Queue` has empty().
template <class Queue>
class Worker {
 public:
  // On the thread: `take`, given a queue that is not empty, takes from it what is to be done next,
  // and `work` does it, while the queue is free for others. Lifetime: what they refer to outlives
  // this.
  template <class Take, class Work>
  Worker(Queue queue, Take take, Work work)
      : queue_(std::move(queue)),
        thread_([this, take = std::move(take),
                 work = std::move(work)](const std::stop_token& stopped) mutable {
          std::unique_lock lock(mutex_);
          while (arrived_.wait(lock, stopped, [this] { return !queue_.empty(); }) &&
                 !stopped.stop_requested()) {
            {
              auto taken = take(queue_);
              lock.unlock();
              work(std::move(taken));
            }
            lock.lock();
          }
        }) {}

  // Gives what `use` gives when it is called with the queue. Threads: any but the worker's.
  template <class Use>
  auto with_queue(Use use) {
    const Notice after_the_lock{arrived_};
    const std::lock_guard lock(mutex_);
    return use(queue_);
  }

  // Begins nothing further, but what it is taking at this moment. Threads: any.
  void stop() { thread_.request_stop(); }

 private:
  struct Notice {
    std::condition_variable_any& arrived;
    ~Notice() { arrived.notify_one(); }
  };

  std::mutex mutex_;  // Guards the queue.
  std::condition_variable_any arrived_;
  Queue queue_;
  std::jthread thread_;
};

// The usual thing to take.
template <class T>
T take_first(std::deque<T>& queue) {
  T first = std::move(queue.front());
  queue.pop_front();
  return first;
}

}  // namespace ringbook
