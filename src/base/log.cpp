// Lines are put together by the caller and written by spdlog's one thread; spdlog formats nothing.
//
// Invariant: written + dropped = accepted once the queue is empty. Lines leave the queue in the
// order they came, so as soon as written + dropped reaches a past value of accepted, those lines
// are done.
#include "base/log.h"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cmath>
#include <condition_variable>
#include <iterator>
#include <mutex>

#include "base/json.h"

namespace ringbook {
namespace {

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "error";
}

// Writes lines to a descriptor and counts them.
// Threads: sink_it_ and flush_ on the log's thread, the rest on any.
class DescriptorSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

  // From here on lines are dropped instead of written; a write that waits gives up.
  void abandon() { is_abandoned_ = true; }
  std::uint64_t dropped() const { return dropped_; }

  // Waits until `is_done(lines that left this sink)`; says whether that came before `timeout`.
  template <class IsDone>
  bool wait(std::chrono::milliseconds timeout, IsDone is_done) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return is_done(passed_); });
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    line_.assign(message.payload.data(), message.payload.size());
    line_ += '\n';
    if (!write_line()) {
      ++dropped_;
    }
    {
      const std::lock_guard lock(mutex_);
      ++passed_;
    }
    changed_.notify_all();
  }

  void flush_() override {}

 private:
  // A pipe that polls writable takes PIPE_BUF octets at once, so no write blocks for ever.
  bool write_line() {
    for (std::string_view rest = line_; !rest.empty();) {
      if (!wait_writable()) {
        return false;
      }
      const ssize_t count =
          ::write(descriptor_, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
      if (count >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno != EAGAIN && errno != EINTR) {
        return false;
      }
    }
    return true;
  }

  bool wait_writable() {
    constexpr auto slice =
        static_cast<int>(limits::deadline_resolution / std::chrono::milliseconds{1});
    while (!is_abandoned_) {
      pollfd writable{descriptor_, POLLOUT, 0};
      const int ready = ::poll(&writable, 1, slice);
      if (ready > 0) {
        return true;
      }
      if (ready < 0 && errno != EINTR) {
        return false;
      }
    }
    return false;
  }

  const int descriptor_;
  std::string line_;
  std::atomic<bool> is_abandoned_{false};
  std::atomic<std::uint64_t> dropped_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t passed_ = 0;
};

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

// A bare word where nothing in it could be taken for anything else, else a JSON string.
void append_word(std::string& out, std::string_view text) {
  const bool is_bare = !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
  });
  if (is_bare) {
    out += text;
  } else {
    append_json_string(out, text);
  }
}

using AppendString = void (*)(std::string&, std::string_view);

void append_value(std::string& out, const LogField& field, AppendString append_string) {
  std::visit(
      Overloaded{
          [&](std::string_view text) { append_string(out, text); },
          [&](std::int64_t number) { fmt::format_to(std::back_inserter(out), "{}", number); },
          [&](bool truth) { out += truth ? "true" : "false"; },
          [&](double number) {
            // JSON has no name for what is not finite.
            if (std::isfinite(number)) {
              fmt::format_to(std::back_inserter(out), "{}", number);
            } else {
              out += "null";
            }
          },
      },
      field.value);
}

std::string json_line(Instant now, LogLevel level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  std::string line =
      fmt::format(R"({{"ts":"{}","level":"{}","event":)", to_rfc3339(now), name_of(level));
  append_json_string(line, event);
  for (const LogField& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    append_value(line, field, append_json_string);
  }
  line += '}';
  return line;
}

std::string text_line(Instant now, LogLevel level, std::string_view event,
                      std::initializer_list<LogField> fields) {
  std::string line = fmt::format("{} {:<7} ", to_rfc3339(now), name_of(level));
  append_word(line, event);
  for (const LogField& field : fields) {
    line += ' ';
    append_word(line, field.name);
    line += '=';
    append_value(line, field, append_word);
  }
  return line;
}

}  // namespace

struct Log::Impl {
  Impl(const Clock& used_clock, LogLevel lowest, LogFormat used_format, int descriptor,
       std::chrono::milliseconds used_flush_time)
      : clock(used_clock),
        level(lowest),
        format(used_format),
        flush_time(used_flush_time),
        sink(std::make_shared<DescriptorSink>(descriptor)),
        pool(std::make_shared<spdlog::details::thread_pool>(limits::log_lines, 1)),
        logger(std::make_shared<spdlog::async_logger>(
            "ringbook", sink, pool, spdlog::async_overflow_policy::overrun_oldest)) {
    logger->set_level(spdlog::level::trace);
  }

  void post(std::string_view line) {
    ++accepted;
    logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }

  const Clock& clock;
  const LogLevel level;
  const LogFormat format;
  const std::chrono::milliseconds flush_time;
  std::atomic<std::uint64_t> accepted{0};
  std::shared_ptr<DescriptorSink> sink;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

Log::Log(const Clock& clock, LogLevel level, LogFormat format, int descriptor,
         std::chrono::milliseconds flush_time)
    : impl_(std::make_unique<Impl>(clock, level, format, descriptor, flush_time)) {}

Log::~Log() {
  flush();
  impl_->sink->abandon();
  // Ends the thread while the logger lives, so that the thread never is the one to destroy it.
  impl_->pool.reset();
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < impl_->level) {
    return;
  }
  const Instant now = impl_->clock.now();
  impl_->post(impl_->format == LogFormat::json ? json_line(now, level, event, fields)
                                               : text_line(now, level, event, fields));
}

void Log::announce(std::string_view event, std::string_view json_members) {
  std::string line = R"({"event":)";
  append_json_string(line, event);
  if (!json_members.empty()) {
    line += ',';
    line += json_members;
  }
  line += '}';
  impl_->post(line);
}

bool Log::flush() {
  const std::uint64_t target = impl_->accepted;
  return impl_->sink->wait(impl_->flush_time, [this, target](std::uint64_t passed) {
    return passed + impl_->pool->overrun_counter() >= target;
  });
}

std::uint64_t Log::dropped() const {
  return impl_->pool->overrun_counter() + impl_->sink->dropped();
}

}  // namespace ringbook
