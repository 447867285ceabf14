#include "base/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/limits.h"

namespace ringbook {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void show_memory(Metrics& metrics) {
  std::uint64_t virtual_pages = 0;
  std::uint64_t resident_pages = 0;
  if (!(std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages)) {
    return;
  }
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  metrics.show(FigureKind::gauge, "process_resident_memory_bytes", "Memory that is in use.",
               static_cast<double>(resident_pages) * page);
  metrics.show(FigureKind::gauge, "process_virtual_memory_bytes", "Memory that is mapped.",
               static_cast<double>(virtual_pages) * page);
}

void show_descriptors(Metrics& metrics) {
  std::error_code unknown;
  std::filesystem::directory_iterator entry("/proc/self/fd", unknown);
  std::uint64_t open = 0;
  while (!unknown && entry != std::filesystem::directory_iterator()) {
    ++open;
    entry.increment(unknown);
  }
  if (!unknown && open > 0) {
    // The one that looked is none of the process's.
    metrics.show(FigureKind::gauge, "process_open_fds", "Open file descriptors.",
                 static_cast<double>(open - 1));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    metrics.show(FigureKind::gauge, "process_max_fds", "File descriptors that may be open at once.",
                 static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

void ProcessFigures::show() {
  const Tick now = clock_.tick();
  if (now < next_) {
    return;
  }
  next_ = now + limits::figures_fresh_time;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    metrics_.show(FigureKind::counter, "process_cpu_seconds_total",
                  "Processor time, the program's and the system's for it.",
                  seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  show_memory(metrics_);
  show_descriptors(metrics_);
}

}  // namespace ringbook
