// A one-shot answer to an asynchronous question.
//
// Invariants: 1. It is answered exactly once: a second answer is a bug and aborts. 2. Dropped
// unanswered it answers `Errc::internal` itself, so that no asker waits for ever.
// Threads: made, answered and dropped on the loop of the one who asked.
#pragma once

#include <functional>
#include <utility>

#include "base/check.h"
#include "base/error.h"

namespace ringbook {

template <class T>
class Reply {
 public:
  using Handler = std::move_only_function<void(Result<T>)>;

  Reply() = default;
  Reply(Handler handler) : handler_(std::move(handler)) {}  // NOLINT(google-explicit-constructor)
  Reply(Reply&& other) noexcept : handler_(std::exchange(other.handler_, nullptr)) {}
  Reply& operator=(Reply&& other) noexcept {
    if (this != &other) {
      abandon();
      handler_ = std::exchange(other.handler_, nullptr);
    }
    return *this;
  }
  ~Reply() { abandon(); }

  // Whether an answer is still owed.
  explicit operator bool() const { return static_cast<bool>(handler_); }

  void operator()(Result<T> answer) {
    check(static_cast<bool>(handler_), "a reply is answered once");
    auto handler = std::exchange(handler_, nullptr);
    handler(std::move(answer));
  }

 private:
  void abandon() {
    if (handler_) {
      (*this)(fail(Errc::internal, "a reply was dropped unanswered"));
    }
  }

  Handler handler_;
};

}  // namespace ringbook
