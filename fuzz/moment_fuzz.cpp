// Moments: what is one is a day or a millisecond, and written out again it is the same.
#include "base/moment.h"

#include "base/check.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

void run(std::string_view input) {
  const auto moment = Moment::parse(input);
  if (!moment) {
    return;
  }
  constexpr std::int64_t day_ms = 86'400'000;
  const std::int64_t length = moment->last.ms - moment->first.ms;
  check(length == 0 || (length == day_ms - 1 && moment->first.ms % day_ms == 0),
        "a moment is a millisecond or a day in UTC");
  const std::string written = to_rfc3339(moment->last);
  check(written.size() == 24, "a moment has a year of four digits");
  check(Moment::parse(written) == Moment{moment->last, moment->last}, "a moment reads back");
  check(parse_rfc3339(written) == moment->last, "both readers agree");
  if (length != 0) {
    check(written.substr(0, 10) == input, "a day is the one that was named");
  }
}

const Target target("moment", run);

}  // namespace
}  // namespace ringbook::fuzz
