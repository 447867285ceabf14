#include "base/clock.h"

#include <array>
#include <cstdio>

namespace ringbook {
namespace {

namespace chr = std::chrono;

struct Civil {
  chr::year_month_day date;
  chr::hh_mm_ss<chr::milliseconds> time;
  chr::weekday weekday;
};

Civil civil(Instant instant) {
  const chr::sys_time<chr::milliseconds> point{chr::milliseconds{instant.ms}};
  const auto day = chr::floor<chr::days>(point);
  return {chr::year_month_day{day}, chr::hh_mm_ss{point - day}, chr::weekday{day}};
}

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Writes the last `count` digits of a value that is not negative.
void put_digits(std::string& out, std::size_t at, std::size_t count, std::int64_t value) {
  for (std::size_t i = at + count; i > at; --i, value /= 10) {
    out[i - 1] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

std::string to_rfc3339(Instant instant) {
  const Civil c = civil(instant);
  std::string out = "0000-00-00T00:00:00.000Z";
  put_digits(out, 5, 2, static_cast<unsigned>(c.date.month()));
  put_digits(out, 8, 2, static_cast<unsigned>(c.date.day()));
  put_digits(out, 11, 2, c.time.hours().count());
  put_digits(out, 14, 2, c.time.minutes().count());
  put_digits(out, 17, 2, c.time.seconds().count());
  put_digits(out, 20, 3, c.time.subseconds().count());
  if (const int year = static_cast<int>(c.date.year()); year >= 0 && year <= 9999) {
    put_digits(out, 0, 4, year);
  } else {
    out.replace(0, 4, std::to_string(year));
  }
  return out;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.size() != shape.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != 'd' && shape[i] != text[i]) {
      return std::nullopt;
    }
  }
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  const auto milli = digits(text, 20, 3);
  if (!year || !month || !day || !hour || !minute || !second || !milli) {
    return std::nullopt;
  }
  const chr::year_month_day date{chr::year{*year}, chr::month{static_cast<unsigned>(*month)},
                                 chr::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  const auto days = chr::sys_days{date}.time_since_epoch();
  const chr::milliseconds total = days + chr::hours{*hour} + chr::minutes{*minute} +
                                  chr::seconds{*second} + chr::milliseconds{*milli};
  return Instant{total.count()};
}

std::string to_http_date(Instant instant) {
  static constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(instant);
  std::array<char, 64> out{};
  const int length = std::snprintf(
      out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      weekdays[c.weekday.c_encoding()], static_cast<unsigned>(c.date.day()),
      months[static_cast<unsigned>(c.date.month()) - 1], static_cast<int>(c.date.year()),
      static_cast<int>(c.time.hours().count()), static_cast<int>(c.time.minutes().count()),
      static_cast<int>(c.time.seconds().count()));
  return {out.data(), static_cast<std::size_t>(length)};
}

Instant SystemClock::now() const {
  const auto since = chr::system_clock::now().time_since_epoch();
  return Instant{chr::duration_cast<chr::milliseconds>(since).count()};
}

Tick SystemClock::tick() const {
  return chr::steady_clock::now();
}

}  // namespace ringbook
