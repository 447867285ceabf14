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
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "http/server.h"

namespace ringbook {

class Watchdog {
 public:
  // Keeps SIGTERM and SIGINT from this thread and those it starts, and ignores SIGHUP. To be called
  // first of all, and again when a server has run.
  static void take_signals();

  // Begins to listen. Before a server is given a signal ends the process at once, which is safe: it
  // has promised nothing yet. Lifetime: both outlive it.
  Watchdog(const Clock& clock, Log& log);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Signals go to `server` from here on; with nothing they have no effect.
  void guard(Server* server);

  // Around each commit. Threads: the loop.
  void commit_begins() { commit_began_.store(clock_.tick().time_since_epoch().count()); }
  void commit_ends() { commit_began_.store(0); }

 private:
  void run(const std::stop_token& stopped);
  void on_signal();
  void look_at_disk();
  bool is_stalled() const;

  const Clock& clock_;
  Log& log_;
  std::atomic<Tick::rep> commit_began_{0};  // 0: none is under way.
  std::mutex server_mutex_;  // Held while the server is told, so that it stays alive.
  Server* server_ = nullptr;
  bool had_server_ = false;
  // The thread's own.
  int signals_ = 0;
  Tick first_signal_{};
  bool stall_is_told_ = false;

  std::jthread thread_;
};

}  // namespace ringbook
