// A moment as people and programs name one: an instant, or a whole day.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace ringbook {

// The first and the last millisecond of what was named; one and the same for an instant.
struct Moment {
  Instant first;
  Instant last;

  // An RFC 3339 date-time with any offset and any fraction of a second, of which milliseconds
  // count, or a full-date, which is that day in UTC. Nothing for any other text, for dates that no
  // calendar has, and outside the years 0 to 9999.
  // See: RFC 3339 §5.6.
  static std::optional<Moment> parse(std::string_view text);

  bool operator==(const Moment&) const = default;
};

}  // namespace ringbook
