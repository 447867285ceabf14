#include "base/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "base/text.h"

namespace ringbook {
namespace {

constexpr std::size_t most_mistakes = 3;

std::size_t mistakes_allowed(std::size_t letters) {
  return letters < 2 ? 0 : std::clamp<std::size_t>(letters / 3, 1, most_mistakes);
}

// How many mistakes make one of the other. Cost: the product of their lengths.
std::size_t mistakes_between(std::string_view a, std::string_view b) {
  // Between each beginning of `b` and: all of `a` so far, one octet less, two octets less.
  std::vector<std::size_t> now(b.size() + 1);
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> long_before(b.size() + 1);
  std::iota(now.begin(), now.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(long_before, before);
    std::swap(before, now);
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + wrong});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], long_before[j - 2] + 1);
      }
    }
  }
  return now.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names) {
  std::optional<std::string> found;
  std::size_t fewest = mistakes_allowed(word.size()) + 1;
  for (const std::string& name : names) {
    // Long words are not compared: their length alone tells.
    if (word.size() >= name.size() + fewest) {
      continue;
    }
    if (const auto mistakes = mistakes_between(ascii_lower(word), name); mistakes < fewest) {
      found = name;
      fewest = mistakes;
    }
  }
  return found;
}

}  // namespace ringbook
