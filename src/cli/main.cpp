#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "cli/huge_pages.h"
#include "cli/program.h"

namespace {

ringbook::NamesAndValues read_environment() {
  ringbook::NamesAndValues out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return out;
}

// Keeps the memory of this process, which holds secrets and tokens, out of core files and from
// other processes of the same user. The limit stops cores that the kernel writes to a file; not
// being dumpable also stops those that it pipes to a program, and hands /proc/PID to root.
void keep_memory_private() {
  constexpr rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
  ringbook::begin_with_huge_pages({argv, static_cast<std::size_t>(argc) + 1});
  // Whatever is written holds names or secrets.
  umask(S_IRWXG | S_IRWXO);
  keep_memory_private();
  // A reader who went away and a file that may not grow are errors of writing, not the end of the
  // process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const char* no_color = std::getenv("NO_COLOR");
  ringbook::Console console(stdout, stderr, no_color != nullptr && *no_color != '\0');
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return std::to_underlying(ringbook::run_program(words, read_environment(), console));
}
