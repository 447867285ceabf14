#include "base/process_figures.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ranges>
#include <string>
#include <vector>

namespace ringbook {
namespace {

double figure_of(const Metrics& metrics, std::string_view name) {
  const std::string text = metrics.render();
  const std::string sample = "\n" + std::string(name) + " ";
  const std::size_t at = text.find(sample);
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + sample.size(), nullptr);
}

double figure(std::string_view name) {
  const ManualClock clock(Instant{});
  Metrics metrics;
  ProcessFigures(clock, metrics).show();
  return figure_of(metrics, name);
}

TEST(ProcessFigures, CountWhatIsOpen) {
  const auto is_open = [](int descriptor) { return fcntl(descriptor, F_GETFD) != -1; };
  const auto candidates = std::views::iota(0, 1024);
  EXPECT_EQ(figure("process_open_fds"),
            static_cast<double>(std::ranges::count_if(candidates, is_open)));
}

TEST(ProcessFigures, AreTakenOnceASecond) {
  ManualClock clock(Instant{});
  Metrics metrics;
  ProcessFigures figures(clock, metrics);
  const auto look = [&] {
    figures.show();
    return figure_of(metrics, "process_open_fds");
  };
  const double before = look();
  const int opened = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_NE(opened, -1);
  clock.advance(std::chrono::milliseconds(999));
  EXPECT_EQ(look(), before);
  clock.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(look(), before + 1);
  close(opened);
}

TEST(ProcessFigures, GrowWithTheMemoryThatIsUsed) {
  constexpr std::size_t size = 64U << 20U;
  const double before = figure("process_resident_memory_bytes");
  const std::vector<char> used(size, 'x');
  EXPECT_GE(figure("process_resident_memory_bytes"), before + size / 2.0) << used.back();
}

TEST(ProcessFigures, AreThoseOfThisProcess) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(figure("process_max_fds"), static_cast<double>(limit.rlim_cur));
  rusage usage{};
  ASSERT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
  const auto used = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
  EXPECT_GE(figure("process_cpu_seconds_total"), used);
  const double resident = figure("process_resident_memory_bytes");
  EXPECT_GT(resident, 0);
  EXPECT_LE(resident, static_cast<double>(usage.ru_maxrss) * 1024 * 2);
  EXPECT_GE(figure("process_virtual_memory_bytes"), resident);
}

}  // namespace
}  // namespace ringbook
