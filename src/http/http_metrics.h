// The numbers this room keeps, with their handles at hand: counting a request looks up no text.
//
// Threads: the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "api/message.h"
#include "base/metrics.h"
#include "http/gate.h"

namespace ringbook {

// How many connections are open, and how many were ever opened.
class ConnectionCount {
 public:
  explicit ConnectionCount(Metrics& metrics);
  void add(int by);

 private:
  Gauge& open_;
  Counter& opened_;
};

class HttpMetrics {
 public:
  // Lifetime: `metrics` outlives this.
  explicit HttpMetrics(Metrics& metrics);

  // `route` is a literal.
  void count_answer(std::string_view route, Method method, std::uint16_t status,
                    std::chrono::steady_clock::duration took);
  void count_refusal(Fault fault) { refusals(fault).add(); }

  ConnectionCount connections;
  Counter& disagreements;
  Counter& accept_errors;
  Counter& tls_failures;

 private:
  // An answer's route by the address of its literal: equal routes at two addresses are two entries
  // for one counter.
  struct Key {
    const char* route;
    Method method;
    std::uint16_t status;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };

  Counter& refusals(Fault fault);

  Metrics& metrics_;
  Histogram& durations_;
  std::unordered_map<Key, Counter*, Hash> answers_;
};

}  // namespace ringbook
