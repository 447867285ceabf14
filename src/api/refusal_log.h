// Tells the operator who was turned away and why: a metric for each, a log line for some.
//
// Threads: the loop.
#pragma once

#include <string_view>

#include "auth/authenticator.h"
#include "base/clock.h"
#include "base/line_limit.h"
#include "base/log.h"
#include "base/metrics.h"

namespace ringbook {

class RefusalLog {
 public:
  // Lifetime: what is given outlives this.
  RefusalLog(const Clock& clock, Log& log, Metrics& metrics);

  void note(const TokenRefusal& refusal, std::string_view request_id, std::string_view client);

 private:
  Log& log_;
  Metrics& metrics_;
  LineLimit limit_;
};

}  // namespace ringbook
