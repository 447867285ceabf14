#include "directory/identity.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace ringbook {
namespace {

// What stands between words; typists and programs differ in which of them they take.
bool parts_words(std::string_view character) {
  return std::string_view(" .,;:@_-+/()'\"").contains(character) || trimmed(character).empty();
}

// Marks of no width are gone before: they part no words.
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
  return words;
}

}  // namespace

std::string email_key(std::string_view email) {
  return fold_for_keys(email);
}

std::string words_of_name(std::string_view name) {
  std::vector<std::string> words = words_of(name);
  std::ranges::sort(words);
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

bool is_same_name(std::string_view a, std::string_view b) {
  const std::string words = words_of_name(a);
  return !words.empty() && words == words_of_name(b);
}

}  // namespace ringbook
