#include "http/cors.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "http/field_lines.h"

namespace ringbook {
namespace {

// Answers differ by origin, so caches have to tell them apart: also what another origin got.
constexpr std::string_view vary = "Vary: Origin\r\n";

}  // namespace

Cors::Cors(std::span<const std::string> origins) {
  for (const std::string& origin : origins) {
    const std::string allow = fmt::format("Access-Control-Allow-Origin: {}\r\n{}", origin, vary);
    allowed_.push_back({
        .origin = origin,
        .of_answer = allow + "Access-Control-Expose-Headers: ETag, Location, Ringbook-Version, "
                             "WWW-Authenticate, X-Request-Id\r\n",
        .of_preflight = fmt::format("{}Access-Control-Allow-Methods: GET, HEAD, PUT, DELETE\r\n"
                                    "Access-Control-Allow-Headers: Authorization, Content-Type, "
                                    "If-Match, If-None-Match, X-Request-Id\r\n"
                                    "Access-Control-Max-Age: {}\r\n",
                                    allow, limits::preflight_time.count()),
    });
  }
}

std::string_view Cors::fields_for(std::string_view bytes) const {
  if (allowed_.empty()) {
    return {};
  }
  std::string_view origin;
  bool asks_for_method = false;
  FieldLines lines(bytes);
  while (const auto line = lines.next()) {
    if (line->is("origin")) {
      // A browser sends one; of several none is believed.
      origin = origin.empty() ? line->value : "null";
    }
    asks_for_method = asks_for_method || line->is("access-control-request-method");
  }
  const auto found = std::ranges::find(allowed_, origin, &Allowed::origin);
  if (found == allowed_.end()) {
    return vary;
  }
  return asks_for_method && bytes.starts_with("OPTIONS ") ? found->of_preflight : found->of_answer;
}

}  // namespace ringbook
