// The fields that say what a body is.
//
// See: RFC 9110 §8.3 (Content-Type), §8.4 (Content-Encoding), §14.4 (Content-Range).
#pragma once

#include <optional>
#include <string_view>

#include "api/message.h"
#include "api/problem.h"

namespace ringbook {

// Whether `content_type` is application/json with no charset or utf-8; other parameters are
// ignored.
bool is_json(std::string_view content_type);

// Why the body that `head` announces cannot be the JSON of a PUT; nothing when it can.
std::optional<Problem> problem_of_content(const Head& head);

}  // namespace ringbook
