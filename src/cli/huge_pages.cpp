#include "cli/huge_pages.h"

#include <linux/limits.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace ringbook {

void begin_with_huge_pages(std::span<char*> arguments) {
  constexpr const char* variable = "GLIBC_TUNABLES";
  const auto words = arguments.first(arguments.size() - 1);
  const bool is_server = std::ranges::any_of(
      words, [](const char* word) { return std::string_view(word) == "serve"; });
  // With more rights than its user has, the library forgets what the environment says; and where
  // the loader was started by hand, it is the loader that would be started again.
  const bool is_loaded_by_hand = getauxval(AT_BASE) == 0;
  if (!is_server || std::getenv(variable) != nullptr || getauxval(AT_SECURE) != 0 ||
      is_loaded_by_hand) {
    return;
  }
  // By its path, since this is also the name by which the process is found.
  std::array<char, PATH_MAX> path{};
  if (readlink("/proc/self/exe", path.data(), path.size() - 1) > 0 &&
      setenv(variable, "glibc.malloc.hugetlb=1", 0) == 0) {
    execv(path.data(), arguments.data());
  }
}

void end_huge_pages() {
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

}  // namespace ringbook
