// Lists as sets.
#pragma once

#include <algorithm>
#include <vector>

namespace ringbook {

// Sorts the values and keeps each once.
template <class Value>
void keep_distinct(std::vector<Value>& values) {
  std::ranges::sort(values);
  const auto rest = std::ranges::unique(values);
  values.erase(rest.begin(), rest.end());
}

}  // namespace ringbook
