#include "http/event_loop.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace ringbook {

// One thread runs the loop; the hint spares Asio the work for more.
EventLoop::Impl::Impl()
    : io(1), keep_open(asio::make_work_guard(io)), owner(std::this_thread::get_id()) {}

void EventLoop::Impl::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  asio::post(io, [this] { run_front(); });
}

void EventLoop::Impl::run_front() {
  std::unique_lock lock(mutex_);
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  lock.unlock();
  task();
}

bool EventLoop::Impl::is_current() const {
  return owner.load() == std::this_thread::get_id();
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;
Loop& EventLoop::loop() {
  return *impl_;
}

}  // namespace ringbook
