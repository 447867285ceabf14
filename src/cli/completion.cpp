#include "cli/completion.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "cli/settings.h"

namespace ringbook {

namespace {

// The flag called `word`, if it takes a value.
const CLI::Option* flag_with_value(const CLI::App& app, const std::string& word) {
  const CLI::Option* option = word.starts_with("--") ? app.get_option_no_throw(word) : nullptr;
  return option != nullptr && option->get_items_expected_max() > 0 ? option : nullptr;
}

bool takes_file(const CLI::App& app) {
  return std::ranges::any_of(app.get_options(), [](const CLI::Option* option) {
    return option->get_positional() && option->get_name(true) == "FILE";
  });
}

struct Values {
  std::vector<std::string> names;
  bool is_list = false;
};

// A setting's table knows its values; other flags spell theirs as "csv|jsonl".
Values values_of(const CLI::Option& option) {
  const std::string name = option.get_lnames().front();
  for (const auto& setting : all_settings()) {
    if (setting.name == name && setting.choices != nullptr) {
      const auto choices = setting.choices();
      return {{choices.begin(), choices.end()}, setting.is_list};
    }
  }
  const std::string placeholder = option.get_type_name();
  if (placeholder.find('|') == std::string::npos) {
    return {};
  }
  return {CLI::detail::split(placeholder, '|'), false};
}

// What can stand after `beginning`, which comes from the unfinished word as it is.
std::string offer_values(const CLI::Option& option, std::string beginning,
                         std::string_view unfinished) {
  if (option.get_type_name() == "FILE") {
    return ":files " + beginning + "\n";
  }
  if (option.get_type_name() == "DIR") {
    return ":folders " + beginning + "\n";
  }
  const Values values = values_of(option);
  if (values.is_list) {
    const std::size_t elements = unfinished.rfind(',') + 1;
    beginning += unfinished.substr(0, elements);
    unfinished.remove_prefix(elements);
  }
  std::string out;
  for (const auto& name : values.names) {
    out += name.starts_with(unfinished) ? beginning + name + "\n" : "";
  }
  return out;
}

}  // namespace

std::string completions_of(const CLI::App& program, std::span<const std::string> words) {
  const std::string unfinished = words.empty() ? "" : words.back();
  const auto before = words.first(words.size() - (words.empty() ? 0 : 1));
  // After `help` the words name a command, and nothing is an argument of it.
  const bool is_help = !before.empty() && before.front() == "help";
  const CLI::App* app = &program;
  for (const auto& word : before.subspan(is_help ? 1 : 0)) {
    const CLI::App* inner = find_subcommand(*app, word);
    app = inner == nullptr ? app : inner;
  }
  std::string out;
  const auto offer = [&](const std::string& word) {
    out += word.starts_with(unfinished) ? word + "\n" : "";
  };
  for (const CLI::App* inner : app->get_subcommands({})) {
    offer(inner->get_name());
  }
  if (is_help) {
    return out;
  }
  if (const CLI::Option* flag = before.empty() ? nullptr : flag_with_value(*app, before.back())) {
    return offer_values(*flag, "", unfinished);
  }
  if (const auto equals = unfinished.find('='); equals != std::string::npos) {
    if (const CLI::Option* flag = flag_with_value(*app, unfinished.substr(0, equals))) {
      return offer_values(*flag, unfinished.substr(0, equals + 1), unfinished.substr(equals + 1));
    }
  }
  if (takes_file(*app) && !unfinished.starts_with('-')) {
    out += ":files \n";
  }
  // Flags are many: they are offered once one is begun.
  if (unfinished.empty()) {
    return out;
  }
  for (const CLI::Option* option : app->get_options()) {
    for (const auto& name : option->get_lnames()) {
      offer("--" + name);
    }
  }
  return out;
}

}  // namespace ringbook
