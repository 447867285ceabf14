// What the process takes of the machine, as Prometheus' clients for other languages show it.
#pragma once

#include "base/clock.h"
#include "base/metrics.h"

namespace ringbook {

class ProcessFigures {
 public:
  // Lifetime: both outlive this.
  ProcessFigures(const Clock& clock, Metrics& metrics) : clock_(clock), metrics_(metrics) {}

  // Shows `process_cpu_seconds_total`, `process_resident_memory_bytes`,
  // `process_virtual_memory_bytes`, `process_open_fds` and `process_max_fds`. What the system does
  // not say keeps its last value. Cost: once a second one entry of /proc/self/fd for each open
  // descriptor, else nothing: the figures that are shown stay.
  void show();

 private:
  const Clock& clock_;
  Metrics& metrics_;
  Tick next_ = Tick::min();
};

}  // namespace ringbook
