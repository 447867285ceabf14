// The process's log: one line an event on stderr, JSON or text.
//
// Invariants: 1. Writing never blocks the caller: lines go through a bounded queue to a thread of
// their own; when it is full the oldest are dropped and counted. 2. A line is one line whatever the
// values hold: control characters, Unicode separators and reversals are escaped. 3. Every line that
// was accepted is written or counted as dropped. Threads: any. Never give it a token, a secret or a
// key.
#pragma once

#include <unistd.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/limits.h"

namespace ringbook {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { json, text };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  LogField(std::string_view n, I v) : name(n), value(static_cast<std::int64_t>(v)) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
};

class Log {
 public:
  // Writes events of `level` and above. Lifetime: `clock` outlives the log; `descriptor` stays open
  // and stays the caller's.
  Log(const Clock& clock, LogLevel level, LogFormat format, int descriptor = STDERR_FILENO,
      std::chrono::milliseconds flush_time = limits::log_flush_time);
  ~Log();  // Flushes, and drops what a stuck descriptor has not taken by then.
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // One line: the time, the level, `event`, then `fields` in the order given.
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
  void debug(std::string_view event, std::initializer_list<LogField> f = {}) {
    write(LogLevel::debug, event, f);
  }
  void info(std::string_view event, std::initializer_list<LogField> f = {}) {
    write(LogLevel::info, event, f);
  }
  void warning(std::string_view event, std::initializer_list<LogField> f = {}) {
    write(LogLevel::warning, event, f);
  }
  void error(std::string_view event, std::initializer_list<LogField> f = {}) {
    write(LogLevel::error, event, f);
  }

  // Writes `{"event":…,` and `json_members` and `}` whatever the format and level: for lines that
  // programs wait for. `json_members` is JSON on one line, as append_json_string makes it.
  void announce(std::string_view event, std::string_view json_members);
  // Waits until everything written so far is out or dropped, but not longer than `flush_time`; says
  // whether it is.
  bool flush();
  // How many lines were dropped since the start.
  std::uint64_t dropped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ringbook
