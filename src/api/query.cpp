#include "api/query.h"

#include <algorithm>

#include "base/text.h"
#include "net/percent.h"

namespace ringbook {
namespace {

// Nothing when a "%" is not followed by two hexadecimal digits, or the result is no UTF-8.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '%') {
      out += text.front() == '+' ? ' ' : text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto octet = encoded_octet(text);
    if (!octet) {
      return std::nullopt;
    }
    out += *octet;
    text.remove_prefix(encoded_octet_chars);
  }
  return count_code_points(out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

Query::Query(std::string_view text, std::initializer_list<std::string_view> known,
             Problems& problems) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    if (end > 0) {
      read_pair(text.substr(0, end), known, problems);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void Query::read_pair(std::string_view pair, std::initializer_list<std::string_view> known,
                      Problems& problems) {
  const std::size_t equals = std::min(pair.find('='), pair.size());
  const std::string_view raw_name = pair.substr(0, equals);
  const std::string name = decode(raw_name).value_or(std::string(raw_name));
  const auto* const found = std::ranges::find(known, name);
  if (found == known.end()) {
    problems.add(name, ProblemCode::unknown_parameter, "There is no such parameter here.");
    return;
  }
  const bool is_repeated =
      std::ranges::any_of(values_, [&](const auto& value) { return value.first == name; });
  if (is_repeated) {
    problems.add(name, ProblemCode::duplicate_name, "This parameter may be given only once.");
    return;
  }
  std::optional<std::string> value = decode(pair.substr(std::min(equals + 1, pair.size())));
  if (!value) {
    problems.add(name, ProblemCode::invalid_format, "Must be percent-encoded UTF-8.");
  }
  values_.emplace_back(*found, std::move(value));
}

std::optional<std::string_view> Query::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> read_text(const Query& query, std::string_view name,
                                          std::size_t max_chars, Problems& problems) {
  const std::optional<std::string_view> text = query.find(name);
  if (!text) {
    return std::nullopt;
  }
  if (count_code_points(*text) > max_chars) {
    problems.add(name, ProblemCode::invalid_format,
                 "Must be at most " + std::to_string(max_chars) + " characters.");
    return std::nullopt;
  }
  if (has_control_characters(*text)) {
    problems.add(name, ProblemCode::invalid_format, "Must not hold control characters.");
    return std::nullopt;
  }
  return text;
}

std::optional<Moment> read_moment(const Query& query, Problems& problems) {
  const std::optional<std::string_view> given = query.find("at");
  if (!given) {
    return std::nullopt;
  }
  std::string text(*given);
  constexpr std::size_t offset_chars = 6;  // "+02:00"
  if (text.size() > offset_chars && text[text.size() - offset_chars] == ' ') {
    text[text.size() - offset_chars] = '+';
  }
  const std::optional<Moment> moment = Moment::parse(text);
  if (!moment) {
    problems.add("at", ProblemCode::invalid_format,
                 "Must be an instant such as 2026-11-02T10:00:00Z, or a date such as 2026-11-02.");
  }
  return moment;
}

void add_future_problem(Problems& problems) {
  problems.add("at", ProblemCode::invalid_format, "Must not lie in the future.");
}

}  // namespace ringbook
