// The turn of the loop: handlers first; when none is ready, the end of a turn; only then a wait.
#include "http/server.h"

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <optional>
#include <utility>

#include "http/client_connection.h"
#include "http/event_loop.h"
#include "http/hub.h"
#include "http/listener.h"
#include "http/tls.h"

namespace ringbook {

using boost::system::error_code;

namespace {

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>,
                                         asio::io_context::executor_type>;

}  // namespace

// Invariants: 1. The loop blocks only after `turns.end` and with nothing ready, so no answer waits
// for an event that has nothing to do with it. 2. Phases only go forward. 3. When `run` returns, no
// handler that refers to this is left.
struct Server::Impl {
  enum class Phase : std::uint8_t {
    serving,
    delaying,  // Told to stop; still accepting.
    draining,  // Not accepting; finishing what has been received.
    over,
  };

  Impl(HttpSettings http_settings, EventLoop::Impl& the_loop, Api& api, Turns the_turns,
       const Clock& clock, Metrics& metrics, Log& log)
      : settings(http_settings),
        loop(the_loop),
        turns(std::move(the_turns)),
        hub(settings, api, clock, metrics, log),
        listener(loop.io, log, hub.metrics.accept_errors,
                 {.has_room = [this] { return hub.size() < settings.connections; },
                  .accepted =
                      [this](TcpSocket peer, std::string client) {
                        auto session = tls ? tls->begin(peer.native_handle()) : nullptr;
                        const auto connection = std::make_shared<ClientConnection>(
                            hub, Stream(std::move(peer), std::move(session)), std::move(client));
                        hub.add(connection);
                        connection->start();
                      }}),
        timer(loop.io),
        signals(loop.io) {
    hub.on_removed = [this] {
      if (phase == Phase::serving || phase == Phase::delaying) {
        listener.resume();
      }
    };
  }

  void run(std::move_only_function<void()> on_reload);
  void take_turn();
  void watch_signals(std::move_only_function<void()>& on_reload);
  void sweep();
  void go_on();
  void drain();
  void finish();

  const HttpSettings settings;
  EventLoop::Impl& loop;
  Turns turns;
  Hub hub;
  std::optional<TlsContext> tls;
  Listener listener;
  Timer timer;
  asio::signal_set signals;

  std::atomic<int> stops{0};
  Phase phase = Phase::serving;
  Tick next_phase = Tick::max();   // When the delay or the drain is over.
  bool is_idle_check_due = false;  // Once nothing is ready any more.
  bool was_cut_short = false;
};

void Server::Impl::run(std::move_only_function<void()> on_reload) {
  const std::thread::id owner = loop.owner.exchange(std::this_thread::get_id());
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    signals.add(signal);
  }
  watch_signals(on_reload);
  listener.resume();
  sweep();
  while (phase != Phase::over) {
    take_turn();
    go_on();
  }
  finish();
  loop.owner = owner;
}

void Server::Impl::take_turn() {
  if (loop.io.poll_one() == 0) {
    if (std::exchange(is_idle_check_due, false)) {
      // Now every byte that was read is understood: who still looks idle is.
      hub.close_idle();
    }
    turns.end();
    go_on();
    if (phase == Phase::over) {
      return;
    }
    loop.io.run_one();
  }
  if (turns.is_due()) {
    turns.end();
  }
}

void Server::Impl::watch_signals(std::move_only_function<void()>& on_reload) {
  signals.async_wait([this, &on_reload](const error_code& error, int signal) {
    if (error) {
      return;
    }
    if (signal != SIGHUP) {
      ++stops;
    } else if (on_reload) {
      on_reload();
    }
    watch_signals(on_reload);
  });
}

void Server::Impl::sweep() {
  hub.check_deadlines();
  if (phase == Phase::serving || phase == Phase::delaying) {
    listener.retry();
  }
  timer.expires_after(limits::deadline_resolution);
  timer.async_wait([this](const error_code& error) {
    if (!error) {
      sweep();
    }
  });
}

// Into the next phase, if it is time.
void Server::Impl::go_on() {
  const int told = stops.load(std::memory_order_relaxed);
  if (told == 0) {
    return;
  }
  const Tick now = hub.clock.tick();
  if (phase == Phase::serving) {
    hub.api.start_draining();
    phase = Phase::delaying;
    next_phase = now + settings.drain_delay;
  }
  if (told > 1) {
    was_cut_short = true;
    phase = Phase::over;
  } else if (phase == Phase::delaying && now >= next_phase) {
    drain();
  } else if (phase == Phase::draining && (hub.size() == 0 || now >= next_phase)) {
    was_cut_short = hub.has_unfinished();
    phase = Phase::over;
  }
}

void Server::Impl::drain() {
  phase = Phase::draining;
  next_phase = hub.clock.tick() + settings.drain_time;
  hub.is_draining = true;
  is_idle_check_due = true;
  listener.accept_waiting();
  listener.close();
}

void Server::Impl::finish() {
  // What was decided for a client that is gone is kept all the same.
  turns.end();
  listener.close();
  hub.close_all();
  timer.cancel();
  error_code ignored;
  signals.clear(ignored);
  signals.cancel(ignored);
  loop.io.poll();
}

Server::Server(HttpSettings settings, EventLoop& loop, Api& api, Turns turns, const Clock& clock,
               Metrics& metrics, Log& log)
    : impl_(std::make_unique<Impl>(settings, *loop.impl_, api, std::move(turns), clock, metrics,
                                   log)) {}

Server::~Server() {
  impl_->hub.close_all();
}

Result<void> Server::listen(const ListenAddress& address) {
  return impl_->listener.listen(address);
}

Result<void> Server::can_listen(const ListenAddress& address) {
  return Listener::can_listen(address);
}

Result<void> Server::use_tls(const TlsIdentity& identity, const PublishPin& publish) {
  auto context = TlsContext::make(identity);
  if (!context) {
    return std::unexpected(context.error());
  }
  if (auto published = publish(context->key_pin()); !published) {
    return published;
  }
  impl_->tls = *std::move(context);
  return {};
}

std::uint16_t Server::port() const {
  return impl_->listener.port();
}
std::vector<std::string> Server::addresses() const {
  return impl_->listener.addresses();
}

void Server::run(std::move_only_function<void()> on_reload) {
  impl_->run(std::move(on_reload));
}

void Server::stop() {
  ++impl_->stops;
  impl_->loop.post([] {});
}

bool Server::was_cut_short() const {
  return impl_->was_cut_short;
}

}  // namespace ringbook
