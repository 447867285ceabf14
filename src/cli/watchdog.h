// Watches over a server from a thread of its own: hears the signals that end it, and says when the
// disk does not answer.
//
// While a commit waits for the disk the event loop stands still, so it could neither hear a signal
// nor keep a deadline. Hence: 1. SIGTERM and SIGINT come here, and from here to the server. 2. This
// thread touches nothing of the loop's, only the moment at which a commit began. 3. While the disk
// is stalled, a second signal, or limits::drain_time after the first, ends the process with exit
// code 3.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "cli/exit_code.h"
#include "http/server.h"

namespace ringbook {

class Watchdog {
 public:
  // Keeps SIGTERM and SIGINT from this thread and those it starts, and ignores SIGHUP. To be called
  // first of all, and again when a server has run.
  static void take_signals();

  // Lifetime: both outlive it.
  Watchdog(const Clock& clock, Log& log) : clock_(clock), log_(log) {}
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Begins to listen, on a thread that ends with this. Before a server is given a signal ends the
  // process at once, which is safe: it has promised nothing yet.
  void start();

  // Signals go to `server` from here on; with nothing they have no effect. Does not return when a
  // signal before it ends the process.
  void guard(Server* server);

  // Around each commit. Threads: the loop.
  void commit_begins() { commit_began_.store(clock_.tick().time_since_epoch().count()); }
  void commit_ends() { commit_began_.store(0); }

  // What the thread does every limits::watchdog_interval, and at once when there is a signal:
  // passes the signal on, then looks at the disk. Gives the exit code when the process is to end
  // now. Threads: that one, or any while it is not started.
  std::optional<ExitCode> look(bool is_signalled);

 private:
  void run(const std::stop_token& stopped);
  bool on_signal();
  bool look_at_disk();
  bool is_stalled() const;

  const Clock& clock_;
  Log& log_;
  std::atomic<Tick::rep> commit_began_{0};  // 0: none is under way.
  std::mutex server_mutex_;              // Held while the server is told, so that it stays alive.
  std::unique_lock<std::mutex> ending_;  // Held from the decision to end before there is a server.
  Server* server_ = nullptr;
  bool had_server_ = false;
  // Of the thread that looks.
  int signals_ = 0;
  Tick first_signal_{};
  bool stall_is_told_ = false;

  std::jthread thread_;
};

}  // namespace ringbook
