// By what people are told apart who have no id: one decision for whoever looks for somebody.
#pragma once

#include <string>
#include <string_view>

namespace ringbook {

// What all ways to write one e-mail address have in common: neither case, nor blanks at the edges,
// nor invisible marks, nor the form of Unicode matters. Who has an address is found by its key.
std::string email_key(std::string_view email);

// The words of a name as a search sees them, in alphabetical order with a blank between; "" of a
// name without any.
std::string words_of_name(std::string_view name);

// Whether two names have the same words, at least one: without a word a name tells nobody.
bool is_same_name(std::string_view a, std::string_view b);

}  // namespace ringbook
