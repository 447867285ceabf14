#include "cli/choices.h"

namespace ringbook {

std::string placeholder_of(std::span<const std::string_view> names) {
  std::string out;
  for (const auto name : names) {
    out += out.empty() ? "" : "|";
    out += name;
  }
  return out;
}

std::string either_of(std::span<const std::string_view> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += i == 0 ? "" : i + 1 < names.size() ? ", " : " or ";
    out += names[i];
  }
  return out;
}

}  // namespace ringbook
