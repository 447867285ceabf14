// What a file is that is no list, told by its first bytes and not by its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// What the file is, and what to do with it: "this is a PDF document: …". Nothing for text that may
// be a list. `beginning` is as much of the file as is at hand.
std::optional<std::string> other_kind_of_file(std::string_view beginning);

}  // namespace ringbook
