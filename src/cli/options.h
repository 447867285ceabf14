// Arguments that several commands take, each described once.
//
// Lifetime: what `to` and `choices` refer to outlives the parse; `to` is written when the argument
// is met.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/console.h"

namespace ringbook {

// The innermost command that the words named which `program` has read; itself when they named none.
const CLI::App& named_command(const CLI::App& program);

// The command called exactly `name` inside `app`, or null.
const CLI::App* find_subcommand(const CLI::App& app, const std::string& name);

void add_text(CLI::App* command, const std::string& name, std::optional<std::string>& to,
              const std::string& placeholder, const std::string& description);
// A flag that may be repeated.
void add_texts(CLI::App* command, const std::string& name, std::vector<std::string>& to,
               const std::string& placeholder, const std::string& description);
// A flag that takes one of `choices`, which its placeholder spells.
template <class Value, std::size_t count>
void add_choice(CLI::App* command, const std::string& name, auto& to,
                const Choices<Value, count>& choices, const std::string& description) {
  command
      ->add_option_function<std::string>(
          name, [&to, &choices](const std::string& text) { to = *find_choice(choices, text); },
          description)
      ->type_name(placeholder_of(names_of(choices)))
      ->check(CLI::Validator(
          [&choices](const std::string& text) {
            return find_choice(choices, text) ? ""
                                              : in_quotes(text) + " is not allowed; allowed is " +
                                                    either_of(names_of(choices));
          },
          ""));
}
// --name, --email, --department, --role and --active.
void add_profile(CLI::App* command, ProfileArguments& to);
void add_json(CLI::App* command, bool& to);
void add_positional(CLI::App* command, const std::string& name, std::string& to,
                    const std::string& description);
void add_user_argument(CLI::App* command, std::string& to);
void add_extension_argument(CLI::App* command, std::string& to);
void add_if_version(CLI::App* command, std::optional<std::uint64_t>& to);

}  // namespace ringbook
