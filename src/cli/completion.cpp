#include "cli/completion.h"

#include <string_view>

namespace ringbook {

namespace {

bool takes_value(const CLI::App& app, const std::string& word) {
  const CLI::Option* option = word.starts_with("--") ? app.get_option_no_throw(word) : nullptr;
  return option != nullptr && option->get_items_expected_max() > 0;
}

}  // namespace

std::string completions_of(const CLI::App& program, std::span<const std::string> words) {
  const std::string_view unfinished = words.empty() ? "" : std::string_view(words.back());
  const CLI::App* app = &program;
  for (const auto& word : words.first(words.size() - (words.empty() ? 0 : 1))) {
    const auto inner =
        app->get_subcommands([&word](const CLI::App* one) { return one->get_name() == word; });
    app = inner.empty() ? app : inner.front();
  }
  // The value of a flag is nothing that we know: the shell offers files.
  if (words.size() > 1 && takes_value(*app, words[words.size() - 2])) {
    return {};
  }
  std::string out;
  const auto offer = [&](const std::string& word) {
    out += word.starts_with(unfinished) ? word + "\n" : "";
  };
  for (const CLI::App* inner : app->get_subcommands({})) {
    offer(inner->get_name());
  }
  // Where nothing is begun a file may be meant.
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
