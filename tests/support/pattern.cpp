#include "support/pattern.h"

#include <regex>

namespace ringbook::test {
namespace {

Match texts_of(const std::smatch& match) {
  Match out;
  for (const auto& group : match) {
    out.push_back(group.str());
  }
  return out;
}

}  // namespace

std::vector<Match> matches_in(const std::string& text, const std::string& pattern) {
  std::vector<Match> out;
  const std::regex regex(pattern);
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    out.push_back(texts_of(*match));
  }
  return out;
}

Match match_in(const std::string& text, const std::string& pattern) {
  std::smatch match;
  return std::regex_search(text, match, std::regex(pattern)) ? texts_of(match) : Match{};
}

Match match_of_all(const std::string& text, const std::string& pattern) {
  std::smatch match;
  return std::regex_match(text, match, std::regex(pattern)) ? texts_of(match) : Match{};
}

std::string replaced(const std::string& text, const std::string& pattern, const std::string& by) {
  return std::regex_replace(text, std::regex(pattern), by);
}

}  // namespace ringbook::test
