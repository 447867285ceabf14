#include "api/media_type.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace ringbook {
namespace {

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool is_token_character(char c) {
  const bool is_alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return is_alphanumeric || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

// Takes the longest token off `text`, possibly an empty one.
std::string_view take_token(std::string_view& text) {
  const auto* const end = std::ranges::find_if_not(text, is_token_character);
  const std::string_view token(text.begin(), end);
  text.remove_prefix(token.size());
  return token;
}

// Takes a token or a quoted string off `text`, without quotes and escapes; nothing when neither is
// there.
std::optional<std::string> take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    const std::string_view token = take_token(text);
    return token.empty() ? std::nullopt : std::optional(std::string(token));
  }
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && ++i == text.size()) {
      break;
    }
    value += text[i];
  }
  return std::nullopt;
}

// Whether `text`, which follows a media type, is a list of parameters of which none names another
// charset than utf-8.
bool has_fitting_parameters(std::string_view text) {
  while (true) {
    skip_blanks(text);
    if (text.empty()) {
      return true;
    }
    if (text.front() != ';') {
      return false;
    }
    text.remove_prefix(1);
    skip_blanks(text);
    const std::string_view name = take_token(text);
    if (name.empty()) {
      continue;  // RFC 9110 §5.6.6 allows an empty place between two semicolons.
    }
    if (!text.starts_with('=')) {
      return false;
    }
    text.remove_prefix(1);
    const std::optional<std::string> value = take_value(text);
    if (!value || (equals_ignoring_ascii_case(name, "charset") &&
                   !equals_ignoring_ascii_case(*value, "utf-8"))) {
      return false;
    }
  }
}

}  // namespace

bool is_json(std::string_view content_type) {
  constexpr std::string_view json = "application/json";
  return equals_ignoring_ascii_case(content_type.substr(0, json.size()), json) &&
         has_fitting_parameters(content_type.substr(json.size()));
}

std::optional<Problem> problem_of_content(Content taken, const Head& head) {
  if (taken == Content::none) {
    return std::nullopt;
  }
  if (!head.content_type || !is_json(*head.content_type)) {
    return Problem{"Content-Type", ProblemCode::unsupported_media_type,
                   "Must be application/json, in UTF-8."};
  }
  if (head.content_encoding && !equals_ignoring_ascii_case(*head.content_encoding, "identity")) {
    return Problem{"Content-Encoding", ProblemCode::unsupported_media_type,
                   "The body must be sent without a content coding."};
  }
  if (head.content_range) {
    return Problem{"Content-Range", ProblemCode::invalid_format,
                   "A PUT replaces the whole; a part of it cannot be sent."};
  }
  return std::nullopt;
}

}  // namespace ringbook
