#include "cli/options.h"

#include "cli/console.h"
#include "cli/setting_values.h"

namespace ringbook {

namespace {

constexpr Choices<bool, 2> truths{{{"true", true}, {"false", false}}};

}  // namespace

const CLI::App& named_command(const CLI::App& program) {
  const auto inner = program.get_subcommands();
  return inner.empty() ? program : named_command(*inner.front());
}

const CLI::App* find_subcommand(const CLI::App& app, const std::string& name) {
  const auto found =
      app.get_subcommands([&name](const CLI::App* one) { return one->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

void add_text(CLI::App* command, const std::string& name, std::optional<std::string>& to,
              const std::string& placeholder, const std::string& description) {
  command
      ->add_option_function<std::string>(
          name, [&to](const std::string& value) { to = value; }, description)
      ->type_name(placeholder);
}

void add_texts(CLI::App* command, const std::string& name, std::vector<std::string>& to,
               const std::string& placeholder, const std::string& description) {
  command->add_option(name, to, description)
      ->type_name(placeholder)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_profile(CLI::App* command, ProfileArguments& to) {
  add_text(command, "--name", to.name, "TEXT", "The person's name");
  add_text(command, "--email", to.email, "ADDRESS", "The e-mail address");
  add_text(command, "--department", to.department, "TEXT", "The department");
  add_text(command, "--role", to.role, "TEXT", "The role; gives no rights here");
  add_choice(command, "--active", to.active, truths, "Whether the person is active");
}

void add_json(CLI::App* command, bool& to) {
  command->add_flag("--json", to, "Print JSON, for programs");
}

void add_positional(CLI::App* command, const std::string& name, std::string& to,
                    const std::string& description) {
  command->add_option(name, to, description)->required()->type_name("");
}

void add_user_argument(CLI::App* command, std::string& to) {
  add_positional(command, "USER", to, "A user id (24 hexadecimal digits) or an e-mail");
}

void add_extension_argument(CLI::App* command, std::string& to) {
  add_positional(command, "EXTENSION", to, "2 to 10 digits; leading zeros count");
}

void add_if_version(CLI::App* command, std::optional<std::uint64_t>& to) {
  command
      ->add_option_function<std::string>(
          "--if-version", [&to](const std::string& text) { to = parse_version(text); },
          "Only if the person still has this version, as `user show` says it")
      ->type_name("N")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return parse_version(text) ? "" : in_quotes(text) + " is no version: a number from 1";
          },
          ""));
}

}  // namespace ringbook
