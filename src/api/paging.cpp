#include "api/paging.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "auth/base64url.h"
#include "base/limits.h"

namespace ringbook {
namespace {

constexpr char users_kind = 'u';

std::string cursor_of(char kind, std::string_view place) {
  std::string out;
  append_base64url(out, kind + std::string(place));
  return out;
}

// The place that a cursor of this kind stands for: exactly `size` bytes. Nothing when the parameter
// is absent or, with a problem, when it is no such cursor.
std::optional<std::string> read_place(const Query& query, char kind, std::size_t size,
                                      Problems& problems) {
  const std::optional<std::string_view> text = query.find("cursor");
  if (!text) {
    return std::nullopt;
  }
  std::string bytes;
  if (!decode_base64url(*text, bytes) || bytes.size() != size + 1 || bytes.front() != kind) {
    add_cursor_problem(problems);
    return std::nullopt;
  }
  return bytes.substr(1);
}

}  // namespace

std::string users_cursor(UserId last_shown) {
  const UserId::Bytes& bytes = last_shown.bytes();
  return cursor_of(users_kind, std::string(bytes.begin(), bytes.end()));
}

std::optional<std::string> history_cursor(History history, HistoryCursor next) {
  if (next == 0) {
    return std::nullopt;
  }
  std::string place;
  for (int shift = 56; shift >= 0; shift -= 8) {
    place += static_cast<char>(next >> shift & 0xFF);
  }
  return cursor_of(std::to_underlying(history), place);
}

std::size_t read_limit(const Query& query, Problems& problems) {
  const std::optional<std::string_view> text = query.find("limit");
  if (!text) {
    return limits::page_rows_default;
  }
  std::size_t limit = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, limit);
  if (error != std::errc() || stop != end || limit == 0 || limit > limits::page_rows_max) {
    problems.add("limit", ProblemCode::invalid_format,
                 "Must be a number from 1 to " + std::to_string(limits::page_rows_max) + ".");
    return limits::page_rows_default;
  }
  return limit;
}

std::optional<UserId> read_users_cursor(const Query& query, Problems& problems) {
  UserId::Bytes bytes;
  const auto place = read_place(query, users_kind, bytes.size(), problems);
  if (!place) {
    return std::nullopt;
  }
  std::ranges::copy(*place, bytes.begin());
  return UserId(bytes);
}

HistoryCursor read_history_cursor(History history, const Query& query, Problems& problems) {
  const auto place =
      read_place(query, std::to_underlying(history), sizeof(HistoryCursor), problems);
  if (!place) {
    return 0;
  }
  HistoryCursor cursor = 0;
  for (const char byte : *place) {
    cursor = cursor << 8 | static_cast<unsigned char>(byte);
  }
  if (cursor == 0) {
    add_cursor_problem(problems);
  }
  return cursor;
}

void add_cursor_problem(Problems& problems) {
  problems.add("cursor", ProblemCode::invalid_format,
               "Must be the \"next\" of an earlier page of this list.");
}

}  // namespace ringbook
