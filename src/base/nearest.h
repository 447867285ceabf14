// Which name a misspelled word was meant to be.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ringbook {

// The one of `names` that `word` is nearest to, in letters that are wrong, missing, too many or
// turned; the first of several. Case does not matter. One mistake is allowed, and of a longer word
// a third, at most three letters; nothing with more: it may as well be meant for something else.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names);

}  // namespace ringbook
