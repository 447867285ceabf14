// The query of a request under /v1, as browsers' forms write it: name=value pairs joined by "&",
// percent-encoded UTF-8, "+" for a space.
//
// See: URL Standard §5.1 (application/x-www-form-urlencoded).
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/problem.h"
#include "base/moment.h"

namespace ringbook {

class Query {
 public:
  // Reads `text`; a parameter that is unknown, repeated or not decodable becomes a problem.
  // Lifetime: the names in `known` live as long as the program.
  Query(std::string_view text, std::initializer_list<std::string_view> known, Problems& problems);

  // For a request that has no parameters.
  static void expect_none(std::string_view text, Problems& problems) {
    const Query none(text, {}, problems);
  }

  // The decoded value; nothing when the parameter is absent or was a problem.
  std::optional<std::string_view> find(std::string_view name) const;

 private:
  void read_pair(std::string_view pair, std::initializer_list<std::string_view> known,
                 Problems& problems);

  std::vector<std::pair<std::string_view, std::optional<std::string>>> values_;
};

// A text to look for: nothing, and a problem, when it has control characters or more than
// `max_chars` code points.
std::optional<std::string_view> read_text(const Query& query, std::string_view name,
                                          std::size_t max_chars, Problems& problems);

// The parameter `at`: nothing when it is absent or, with a problem, when it is no moment. A "+" of
// an offset that was not encoded, and so means a space, is taken for what it must have been.
std::optional<Moment> read_moment(const Query& query, Problems& problems);
// For a moment that is well formed and still to come.
void add_future_problem(Problems& problems);

}  // namespace ringbook
