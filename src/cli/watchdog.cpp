#include "cli/watchdog.h"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <utility>

#include "base/limits.h"
#include "cli/service_manager.h"

namespace ringbook {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

timespec interval() {
  return {.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(limits::watchdog_interval).count()};
}

}  // namespace

void Watchdog::take_signals() {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A reload means something only while a server runs, which then listens for it.
  std::signal(SIGHUP, SIG_IGN);
}

void Watchdog::start() {
  thread_ = std::jthread([this](const std::stop_token& stopped) { run(stopped); });
}

void Watchdog::guard(Server* server) {
  const std::lock_guard lock(server_mutex_);
  server_ = server;
  had_server_ = true;
}

void Watchdog::run(const std::stop_token& stopped) {
  const sigset_t set = ending_signals();
  const timespec timeout = interval();
  while (!stopped.stop_requested()) {
    if (const auto code = look(sigtimedwait(&set, nullptr, &timeout) > 0)) {
      log_.flush();
      _exit(std::to_underlying(*code));
    }
  }
}

std::optional<ExitCode> Watchdog::look(bool is_signalled) {
  if (is_signalled && !on_signal()) {
    return ExitCode::done;
  }
  return look_at_disk() ? std::nullopt : std::optional(ExitCode::unavailable);
}

// Whether the process goes on, as for the next.
bool Watchdog::on_signal() {
  if (signals_++ == 0) {
    first_signal_ = clock_.tick();
    tell_service_manager(service_is_stopping);
  }
  std::unique_lock lock(server_mutex_);
  if (server_ != nullptr) {
    server_->stop();
  } else if (!had_server_) {
    log_.info("stopped_while_starting");
    ending_ = std::move(lock);  // No server begins between the decision and the end.
    return false;
  }
  return true;
}

bool Watchdog::look_at_disk() {
  if (!is_stalled()) {
    stall_is_told_ = false;
    return true;
  }
  if (!std::exchange(stall_is_told_, true)) {
    log_.error("disk_stalled", {{"what", "a commit has been waiting for the disk"}});
  }
  const bool is_over_time = signals_ > 0 && clock_.tick() - first_signal_ >= limits::drain_time;
  if (signals_ > 1 || is_over_time) {
    log_.error("gave_up", {{"why", "told to stop while the disk does not answer"}});
    return false;
  }
  return true;
}

bool Watchdog::is_stalled() const {
  const Tick::rep began = commit_began_.load();
  return began != 0 && clock_.tick() - Tick(Tick::duration(began)) >= limits::disk_stall_time;
}

}  // namespace ringbook
