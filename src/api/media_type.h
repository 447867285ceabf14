// What bodies there are, and the fields that say what a body is.
//
// See: RFC 9110 §8.3 (Content-Type), §8.4 (Content-Encoding), §14.4 (Content-Range).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/message.h"
#include "api/problem.h"

namespace ringbook {

// What a route takes as its body.
enum class Content : std::uint8_t { none, json };

// Whether `content_type` is application/json with no charset or utf-8; other parameters are
// ignored.
bool is_json(std::string_view content_type);

// Why the body that `head` announces cannot be what a route takes; nothing when it can, and for a
// route that takes none.
std::optional<Problem> problem_of_content(Content taken, const Head& head);

}  // namespace ringbook
