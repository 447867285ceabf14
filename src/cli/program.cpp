#include "cli/program.h"

#include <pwd.h>
#include <unistd.h>

#include "cli/command_line.h"

namespace ringbook {
namespace {

// The name of who runs this, else the number.
std::string os_user() {
  const uid_t id = geteuid();
  const passwd* entry = getpwuid(id);
  return entry != nullptr ? std::string(entry->pw_name) : std::to_string(id);
}

CommandResult run_chosen(const ChosenCommand& command, const NamesAndValues& environment,
                         Console& console) {
  const auto loaded = load_settings(command.flags, environment);
  if (!loaded) {
    return std::unexpected(loaded.error());
  }
  if (command.print_config) {
    console.print(loaded->description);
    return ExitCode::done;
  }
  return command.run({.settings = loaded->settings, .console = console, .os_user = os_user()});
}

CommandResult run(const std::vector<std::string>& words, const NamesAndValues& environment,
                  Console& console) {
  const auto parsed = parse_command_line(words);
  if (!parsed) {
    return std::unexpected(parsed.error());
  }
  if (const auto* help = std::get_if<HelpText>(&*parsed)) {
    console.print(help->text);
    return ExitCode::done;
  }
  return run_chosen(std::get<ChosenCommand>(*parsed), environment, console);
}

}  // namespace

ExitCode run_program(const std::vector<std::string>& words, const NamesAndValues& environment,
                     Console& console) {
  auto result = run(words, environment, console);
  if (const auto finished = console.finish(); result && !finished) {
    result = std::unexpected(finished.error());
  }
  if (!result) {
    const Error& error = result.error();
    console.complain(error.detail.empty() ? name_of(error.code) : std::string_view(error.detail));
    return exit_code_of(error.code);
  }
  return *result;
}

}  // namespace ringbook
