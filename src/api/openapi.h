// The description of this API for programs: docs/openapi.json, without its layout and with the
// program's version.
//
// Threads: any.
#pragma once

#include <string_view>

namespace ringbook {

// OpenAPI 3.1, as long as the program runs.
std::string_view openapi_document();

}  // namespace ringbook
