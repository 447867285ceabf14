#include "import/refusals.h"

#include <algorithm>

#include "base/wording.h"

namespace ringbook {

std::string Holder::text() const {
  const bool has_name = name && !name->empty();
  std::string out = has_name ? *name + " (" + user.text() + ")" : "user " + user.text();
  return since ? out + " since " + to_rfc3339(*since) : out;
}

void Refusals::add(std::uint32_t line, FilePlace place, std::string_view value, std::string reason,
                   std::optional<Holder> holder) {
  lines_.push_back(line);
  if (list_.size() == most_) {
    if (most_ == 0 || list_.rbegin()->first <= line) {
      return;
    }
    list_.erase(std::prev(list_.end()));
  }
  list_.emplace(
      line, Refusal{place, std::string(shortened(value)), std::move(reason), std::move(holder)});
}

std::uint64_t Refusals::rows() const {
  auto lines = lines_;
  std::ranges::sort(lines);
  const auto repeated = std::ranges::unique(lines);
  return lines.size() - repeated.size();
}

}  // namespace ringbook
