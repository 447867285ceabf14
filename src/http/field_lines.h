// The field lines of a request head one after the other, for what the gate does not read: the
// fields of proxies and browsers. Takes any bytes; those of a head that the gate has refused, too.
// A line without its end is left out: the rest of it could say something else.
#pragma once

#include <optional>
#include <string_view>

#include "http/grammar.h"

namespace ringbook {

class FieldLines {
 public:
  struct Line {
    std::string_view name;
    std::string_view value;  // Without the white space around it.
    // `lower` is in lower case.
    bool is(std::string_view lower) const { return grammar::equals_lower(name, lower); }
  };

  // `head` begins with the request line, or with an empty line before it. Lifetime: it outlives
  // this.
  explicit FieldLines(std::string_view head) : rest_(head) {
    if (take_line().empty()) {
      take_line();
    }
  }

  // Nothing after the last.
  std::optional<Line> next() {
    const std::string_view line = take_line();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return std::nullopt;
    }
    return Line{line.substr(0, colon), grammar::trimmed(line.substr(colon + 1))};
  }

 private:
  std::string_view take_line() {
    const std::size_t end = rest_.find("\r\n");
    const std::string_view line = rest_.substr(0, end == std::string_view::npos ? 0 : end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 2);
    return line;
  }

  std::string_view rest_;
};

}  // namespace ringbook
