#include "base/moment.h"

#include <algorithm>
#include <chrono>

namespace ringbook {
namespace {

namespace chr = std::chrono;

// Takes a text from its front; each step says whether the text goes on as it should.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }

  bool take(std::string_view one_of) {
    if (rest_.empty() || !one_of.contains(rest_.front())) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `count` digits, of a number from `least` to `most`.
  bool take_number(std::size_t count, int least, int most, int& value) {
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<int> digit = take_digit();
      if (!digit) {
        return false;
      }
      value = value * 10 + *digit;
    }
    return value >= least && value <= most;
  }

  // One digit or more behind the point; what is finer than a millisecond is cut off.
  bool take_fraction(int& ms) {
    int unit = 100;
    std::optional<int> digit = take_digit();
    const bool has_digits = digit.has_value();
    for (ms = 0; digit; digit = take_digit()) {
      ms += *digit * unit;
      unit /= 10;
    }
    return has_digits;
  }

 private:
  std::optional<int> take_digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
      return std::nullopt;
    }
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }

  std::string_view rest_;
};

std::optional<chr::sys_days> read_date(Reader& reader) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool is_read = reader.take_number(4, 0, 9999, year) && reader.take("-") &&
                       reader.take_number(2, 1, 12, month) && reader.take("-") &&
                       reader.take_number(2, 1, 31, day);
  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  return is_read && date.ok() ? std::optional(chr::sys_days{date}) : std::nullopt;
}

// What follows the date: the time of day and its distance from UTC, together as time of the UTC
// day. The 60th second is the next minute's first, and only at midnight UTC was there ever one.
std::optional<chr::milliseconds> read_time(Reader& reader) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int ms = 0;
  if (!reader.take("Tt") || !reader.take_number(2, 0, 23, hour) || !reader.take(":") ||
      !reader.take_number(2, 0, 59, minute) || !reader.take(":") ||
      !reader.take_number(2, 0, 60, second) || (reader.take(".") && !reader.take_fraction(ms))) {
    return std::nullopt;
  }
  chr::minutes offset{0};
  if (!reader.take("Zz")) {
    const bool is_east = reader.take("+");
    int hours = 0;
    int minutes = 0;
    if ((!is_east && !reader.take("-")) || !reader.take_number(2, 0, 23, hours) ||
        !reader.take(":") || !reader.take_number(2, 0, 59, minutes)) {
      return std::nullopt;
    }
    offset = (is_east ? 1 : -1) * (chr::hours{hours} + chr::minutes{minutes});
  }
  const chr::seconds time = chr::hours{hour} + chr::minutes{minute} - offset + chr::seconds{second};
  if (second == 60 && time % chr::days{1} != chr::seconds{0}) {
    return std::nullopt;
  }
  return time + chr::milliseconds{ms};
}

}  // namespace

std::optional<Moment> Moment::parse(std::string_view text) {
  constexpr Instant begin_of_years{-62'167'219'200'000};
  constexpr Instant end_of_years{253'402'300'799'999};
  constexpr std::int64_t last_of_day = chr::milliseconds{chr::days{1}}.count() - 1;
  Reader reader(text);
  const std::optional<chr::sys_days> date = read_date(reader);
  if (!date) {
    return std::nullopt;
  }
  const Instant midnight{chr::milliseconds{date->time_since_epoch()}.count()};
  if (reader.is_at_end()) {
    return Moment{midnight, Instant{midnight.ms + last_of_day}};
  }
  const std::optional<chr::milliseconds> time = read_time(reader);
  if (!time || !reader.is_at_end()) {
    return std::nullopt;
  }
  const Instant instant{midnight.ms + time->count()};
  const bool is_in_range = instant >= begin_of_years && instant <= end_of_years;
  return is_in_range ? std::optional(Moment{instant, instant}) : std::nullopt;
}

}  // namespace ringbook
