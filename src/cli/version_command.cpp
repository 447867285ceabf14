#include <array>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "cli/commands.h"

namespace ringbook {
namespace {

// The build fills these in; see CMakeLists.txt.
constexpr std::string_view version = RINGBOOK_BUILD_VERSION;
constexpr std::string_view commit = RINGBOOK_BUILD_COMMIT;
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> libraries{{
    {"Boost", RINGBOOK_BUILD_BOOST},
    {"CLI11", RINGBOOK_BUILD_CLI11},
    {"curl", RINGBOOK_BUILD_CURL},
    {"fmt", RINGBOOK_BUILD_FMT},
    {"OpenSSL", RINGBOOK_BUILD_OPENSSL},
    {"spdlog", RINGBOOK_BUILD_SPDLOG},
    {"SQLite", RINGBOOK_BUILD_SQLITE},
}};

}  // namespace

std::string_view build_version() {
  return version;
}

CommandResult run_version(const Context& context, bool json) {
  std::string out;
  if (json) {
    out = R"({"version":)";
    append_json_string(out, version);
    out += R"(,"commit":)";
    append_json_string(out, commit);
    out += R"(,"libraries":{)";
    for (const auto& [name, of] : libraries) {
      append_json_string(out, name);
      out += ':';
      append_json_string(out, of);
      out += name == libraries.back().first ? "}}\n" : ",";
    }
  } else {
    out = "ringbook " + std::string(version) + " (commit " + std::string(commit) + ")\n";
    for (const auto& [name, of] : libraries) {
      out += std::string(name) + " " + std::string(of) + "\n";
    }
  }
  context.console.print(out);
  return ExitCode::done;
}

}  // namespace ringbook
