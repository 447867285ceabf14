// A client of real servers that remembers what it asked and what it was told.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fault/served.h"
#include "mongo/history_checker.h"

namespace ringbook::test {

// Threads: any.
class Recording {
 public:
  void add(Exchange exchange) {
    const std::lock_guard lock(mutex_);
    exchanges_.push_back(std::move(exchange));
  }
  std::vector<Exchange> exchanges() const {
    const std::lock_guard lock(mutex_);
    return exchanges_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Exchange> exchanges_;
};

// Threads: one at a time.
class RecordingClient {
 public:
  // `port` says where the server is now; it may be started again elsewhere. Names are unique.
  // Lifetime: the recording outlives it.
  RecordingClient(std::string name, std::string token, std::function<std::uint16_t()> port,
                  Recording& recording)
      : name_(std::move(name)),
        token_(std::move(token)),
        port_(std::move(port)),
        recording_(recording) {}

  // Each gives the status; 0 when the connection broke. A status that is not documented for it is a
  // failure of the test.
  int give(UserId user, Extension number);  // By the documented request.
  int release(UserId user);
  int read(UserId user);

 private:
  std::optional<Exchanged> ask(const std::string& method, const std::string& target,
                               const std::string& body, Exchange& exchange);

  const std::string name_;
  const std::string token_;
  const std::function<std::uint16_t()> port_;
  Recording& recording_;
  std::unique_ptr<Line> line_;
  std::uint16_t line_port_ = 0;
  std::size_t asked_ = 0;
};

}  // namespace ringbook::test
