// Values of which there is a fixed set. Each is named in one table; from there come what is
// allowed, what the help and the messages say, and what a shell offers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringbook {

template <class Value, std::size_t count>
using Choices = std::array<std::pair<std::string_view, Value>, count>;

template <class Value, std::size_t count>
std::vector<std::string_view> names_of(const Choices<Value, count>& choices) {
  std::vector<std::string_view> out;
  for (const auto& [name, value] : choices) {
    out.push_back(name);
  }
  return out;
}

// What is called exactly `name`.
template <class Value, std::size_t count>
std::optional<Value> find_choice(const Choices<Value, count>& choices, std::string_view name) {
  const auto found = std::ranges::find(choices, name, [](const auto& one) { return one.first; });
  return found == choices.end() ? std::nullopt : std::optional(found->second);
}

// "json|text", as the help spells what stands for a value.
std::string placeholder_of(std::span<const std::string_view> names);
// "debug, info, warning or error"
std::string either_of(std::span<const std::string_view> names);

}  // namespace ringbook
