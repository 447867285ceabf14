#include "directory/identity.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace ringbook {
namespace {

// What stands between words; typists and programs differ in which of them they take.
bool parts_words(std::string_view character) {
  constexpr std::array<std::string_view, 3> others{"\u2019", "\u2010", "\u2011"};
  return std::string_view(" .,;:@_-+/()'\"").contains(character) || trimmed(character).empty() ||
         std::ranges::find(others, character) != others.end();
}

// In alphabetical order. Marks of no width are gone before: they part no words.
std::vector<std::string> words_of(std::string_view name) {
  const std::string folded = fold_for_search(fold_for_keys(name));
  std::vector<std::string> words(1);
  for (std::string_view rest = folded; !rest.empty();) {
    const std::string_view character = take_character(rest);
    if (!parts_words(character)) {
      words.back() += character;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase(words, "");
  std::ranges::sort(words);
  return words;
}

}  // namespace

std::string email_key(std::string_view email) {
  return fold_for_keys(email);
}

bool is_same_name(std::string_view a, std::string_view b) {
  return a == b || words_of(a) == words_of(b);
}

}  // namespace ringbook
