// Tells the operator who was turned away and why: a metric for each, a log line for some.
//
// Threads: the loop.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/line_limit.h"
#include "base/log.h"
#include "base/metrics.h"

namespace ringbook {

class RefusalLog {
 public:
  // Lifetime: what is given outlives this.
  RefusalLog(const Clock& clock, Log& log, Metrics& metrics);

  // `reason` is one of a closed list of words; never a part of a token.
  void note(std::string_view reason, std::string_view request_id, std::string_view client);

 private:
  Log& log_;
  Metrics& metrics_;
  LineLimit limit_;
};

}  // namespace ringbook
