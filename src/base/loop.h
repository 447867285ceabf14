// The hand-over point: the only way from another thread to the event loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace ringbook {

class Loop {
 public:
  using Task = std::move_only_function<void()>;
  virtual ~Loop() = default;
  // Runs `task` on the loop, after what was posted before it.
  // Threads: any. Tasks still waiting when the loop is destroyed are dropped there.
  virtual void post(Task task) = 0;
  // Whether the calling thread is the loop's.
  virtual bool is_current() const = 0;
};

// A loop without sockets, for commands on a local data folder and for tests. It belongs to the
// thread that made it.
class QueueLoop final : public Loop {
 public:
  void post(Task task) override {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    ready_.notify_one();
  }

  bool is_current() const override { return std::this_thread::get_id() == owner_; }

  // Runs one task if one is waiting; says whether it did.
  bool run_one() {
    std::unique_lock lock(mutex_);
    return run_front(lock);
  }

  // Waits up to `timeout` for a task and runs it; says whether it did.
  template <class Duration>
  bool wait_one(Duration timeout) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, timeout, [this] { return !tasks_.empty(); });
    return run_front(lock);
  }

 private:
  bool run_front(std::unique_lock<std::mutex>& lock) {
    if (tasks_.empty()) {
      return false;
    }
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    return true;
  }

  std::thread::id owner_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
};

}  // namespace ringbook
