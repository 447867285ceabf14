#include "cli/misuse.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/nearest.h"
#include "cli/options.h"
#include "cli/setting_values.h"

namespace ringbook {
namespace {

std::string without_value(const std::string& flag) {
  return flag.substr(0, flag.find('='));
}

// The flag, wherever in `program` there is one called so; null when there is none.
const CLI::Option* find_flag(const CLI::App& program, const std::string& name) {
  const CLI::Option* found = program.get_option_no_throw(name);
  for (const CLI::App* inner : program.get_subcommands({})) {
    found = found == nullptr ? find_flag(*inner, name) : found;
  }
  return found;
}

// `word` as a shell gives it to a program again.
std::string quoted_for_shell(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@,+%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
    return word;
  }
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out + "'";
}

struct Unexpected {
  const CLI::App* command;  // Which met it.
  std::string word;
};

// The first word that is left over, without its value and the words after it: where no flag for a
// secret is, people still try one.
Unexpected first_unexpected(const CLI::App& program) {
  const CLI::App* command = &program;
  while (command->remaining().empty() && !command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
  }
  const auto words = command->remaining();
  return {command, words.empty() ? "" : without_value(words.front())};
}

// `words` with the flags that stand before the command they are for moved behind its name. Nothing
// when there are none, and when it is not clear what is their value.
std::optional<std::vector<std::string>> with_flags_behind(const CLI::App& program,
                                                          const std::vector<std::string>& words) {
  std::vector<std::string> out;
  std::vector<std::string> flags;
  const CLI::App* command = &program;
  auto word = words.begin();
  while (word != words.end() && !command->get_subcommands({}).empty()) {
    if (word->starts_with("--")) {
      const CLI::Option* flag = find_flag(program, without_value(*word));
      if (flag == nullptr) {
        return std::nullopt;
      }
      const bool value_follows =
          flag->get_items_expected_max() > 0 && word->find('=') == std::string::npos;
      flags.push_back(*word++);
      if (value_follows && word != words.end()) {
        flags.push_back(*word++);
      }
      continue;
    }
    command = find_subcommand(*command, *word);
    if (command == nullptr) {
      return std::nullopt;
    }
    out.push_back(*word++);
  }
  if (flags.empty()) {
    return std::nullopt;
  }
  out.insert(out.end(), flags.begin(), flags.end());
  out.insert(out.end(), word, words.end());
  return out;
}

// "\nwrite: ringbook user list --data 'my folder'", to be copied into a shell; "" where a secret
// might stand in it, or what a terminal would not show.
std::string line_to_write(const std::vector<std::string>& words) {
  std::string out = "\nwrite: ringbook";
  for (const std::string& word : words) {
    const std::string value = word.substr(word.find('=') + 1);
    if (without_secrets(value) != value ||
        std::ranges::any_of(word, [](unsigned char c) { return c < ' ' || c == 0x7F; })) {
      return "";
    }
    out += " " + quoted_for_shell(word);
  }
  return out;
}

}  // namespace

std::string what_was_unexpected(
    const CLI::App& program, const std::vector<std::string>& words,
    const std::function<bool(const std::vector<std::string>& words)>& can_read) {
  const auto [command, word] = first_unexpected(program);
  const std::string out = "not expected: " + word;
  const std::string misplaced = out + "; it belongs behind the command";
  if (const auto moved = with_flags_behind(program, words); moved && can_read(*moved)) {
    return misplaced + line_to_write(*moved);
  }
  const bool is_flag = word.starts_with('-');
  if (is_flag && named_command(program).get_option_no_throw(word) != nullptr) {
    return misplaced;
  }
  // A flag is looked for where it could stand.
  return out + did_you_mean(is_flag ? named_command(program) : *command, word);
}

std::string did_you_mean(const CLI::App& command, const std::string& word) {
  const std::string dashes = word.starts_with('-') ? "--" : "";
  std::vector<std::string> names;
  if (!dashes.empty()) {
    for (const CLI::Option* option : command.get_options()) {
      std::ranges::copy(option->get_lnames(), std::back_inserter(names));
    }
  } else {
    for (const CLI::App* inner : command.get_subcommands({})) {
      names.push_back(inner->get_name());
    }
  }
  const std::size_t begin = std::min(word.find_first_not_of('-'), word.size());
  const auto name = nearest(std::string_view(word).substr(begin), names);
  return name ? "; did you mean " + dashes + *name + "?" : "";
}

}  // namespace ringbook
