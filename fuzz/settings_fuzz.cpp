// Settings from a file, flags and the environment: they are refused with a reason, or printed as a
// file that has the same effect. Parts of the input are separated by 0x1E: first the file, then
// flags ("--name=value") and variables ("NAME=value").
#include "cli/settings.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/check.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

// A file in memory alone, whose path is the same each time.
class File {
 public:
  File() : descriptor_(::memfd_create("settings", MFD_CLOEXEC)) {
    check(descriptor_ >= 0, "there is a file");
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void write(std::string_view text) {
    check(::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, text.data(), text.size(), 0) ==
                                                  static_cast<ssize_t>(text.size()),
          "the file is written");
  }

 private:
  int descriptor_;
};

struct Input {
  std::string_view file;
  NamesAndValues flags;
  NamesAndValues environment;
};

void add_pair(NamesAndValues& to, std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  to.emplace_back(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
}

// Flags have names that the command line knows.
bool is_setting(std::string_view name) {
  return std::ranges::any_of(all_settings(), [name](const auto& s) { return s.name == name; });
}

Input input_of(std::string_view text) {
  Input input;
  bool is_first = true;
  while (is_first || !text.empty()) {
    const std::string_view part = text.substr(0, text.find('\x1E'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (is_first) {
      input.file = part;
    } else if (part.starts_with("--") && is_setting(part.substr(2, part.find('=') - 2))) {
      add_pair(input.flags, part.substr(2));
    } else {
      add_pair(input.environment, part);
    }
    is_first = false;
  }
  return input;
}

// The settings of a description, without the notes on where they come from.
std::string values_of(std::string_view description) {
  std::string values;
  while (!description.empty()) {
    const std::string_view line = description.substr(0, description.find('\n'));
    description.remove_prefix(std::min(line.size() + 1, description.size()));
    if (!line.starts_with('#')) {
      values += std::string(line.substr(0, line.rfind("  # "))) + "\n";
    }
  }
  return values;
}

// Whether a value stands only in a comment, so that a file gives the default again.
bool leaves_out_a_value(std::string_view description) {
  return description.find("; no file can hold it)\n") != description.npos ||
         description.find("; what may be a secret is left out)\n") != description.npos;
}

void run(std::string_view text) {
  // Files that a setting names would make the outcome depend on the machine.
  for (const auto* named :
       {"store-file", "STORE_FILE", "token-file", "TOKEN_FILE", "config", "CONFIG"}) {
    if (text.find(named) != text.npos) {
      return;
    }
  }
  static File file;
  Input input = input_of(text);
  input.flags.emplace_back("config", file.path());
  file.write(input.file);
  const auto loaded = load_settings(input.flags, input.environment);
  if (!loaded) {
    check(loaded.error().code == Errc::usage && !loaded.error().detail.empty(),
          "a refusal says why");
    return;
  }
  file.write(loaded->description);
  const auto again = load_settings({{"config", file.path()}}, {});
  check(again.has_value(), "a description is a file of settings");
  check(leaves_out_a_value(loaded->description) ||
            values_of(again->description) == values_of(loaded->description),
        "a description has the same effect");
}

const Target target("settings", run);

}  // namespace
}  // namespace ringbook::fuzz
