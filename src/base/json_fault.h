// What is wrong with a text that is no JSON, in words for whoever wrote it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringbook {

// How reading ended.
enum class JsonEnd : std::uint8_t {
  refused,     // At an octet that cannot stand there.
  bad_escape,  // At or behind one that is no character, such as half a surrogate pair.
  too_deep,    // At a container too many.
  short_of,    // At the end of the text, before that of the document.
  too_long,    // At the end of the document, before that of the text.
};

// What stands at which octet, of which the first is 0: "a comma before } at offset 17". `at` is how
// far the text was read. It shows nothing of the text.
std::string json_fault(std::string_view text, std::size_t at, JsonEnd end);

}  // namespace ringbook
