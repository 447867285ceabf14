// The one place that reads the time. Everything that needs it is given a Clock, so tests choose it.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// A moment of civil time: milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
};

// RFC 3339, UTC, milliseconds: 2026-11-23T10:00:00.000Z (24 characters for the years 0 to 9999).
std::string to_rfc3339(Instant instant);
// The inverse for exactly that form; nothing for any other.
std::optional<Instant> parse_rfc3339(std::string_view text);
// RFC 9110 §5.6.7 IMF-fixdate, 29 characters: Sun, 06 Nov 1994 08:49:37 GMT.
std::string to_http_date(Instant instant);

// A point for deadlines: never goes back, unrelated to civil time.
using Tick = std::chrono::steady_clock::time_point;

// Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual Tick tick() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Tick tick() const override;
};

// Stands still until it is told; for tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : ms_(start.ms) {}
  Instant now() const override { return Instant{ms_.load()}; }
  Tick tick() const override { return Tick{std::chrono::milliseconds{ms_.load()}}; }
  void advance(std::chrono::milliseconds by) { ms_ += by.count(); }
  void set(Instant to) { ms_ = to.ms; }

 private:
  std::atomic<std::int64_t> ms_;
};

}  // namespace ringbook
