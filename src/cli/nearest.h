// Which name a misspelled word was meant to be.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ringbook {

// The one of `names` that `word` is nearest to, in letters that are wrong, missing, too many or
// turned; the first of several. Case does not matter. Nothing when more than a third of the word,
// or more than three letters, would be mistakes: it may as well be meant for something else.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names);

}  // namespace ringbook
