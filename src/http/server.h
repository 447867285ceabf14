// Listens, accepts, and runs the event loop: sockets above, the store's turns at the end of each
// round.
//
// Threads: everything on the thread that calls `run`, but `stop` and `loop().post`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/loop.h"
#include "net/address.h"

namespace ringbook {

// The deadlines and bounds of limits.h, shortened by tests and settings, and whom to believe.
struct HttpSettings {
  std::chrono::milliseconds handshake_time = limits::handshake_time;
  std::chrono::milliseconds head_time = limits::head_time;
  std::chrono::milliseconds body_time = limits::body_time;
  std::chrono::milliseconds answer_time = limits::answer_time;
  std::chrono::milliseconds idle_time = limits::idle_time;
  std::chrono::milliseconds drain_time = limits::drain_time;
  std::chrono::milliseconds linger_time = limits::linger_time;
  std::chrono::milliseconds drain_delay{0};
  std::size_t connections = limits::connections;
  std::vector<Network> trusted_proxies = {};   // Whose X-Forwarded-For is believed.
  std::vector<std::string> cors_origins = {};  // "https://host" or "https://host:port"
};

struct ListenAddress {
  std::string host;  // An address, or "localhost": 127.0.0.1 and then ::1.
  std::uint16_t port = 0;
};

// What a server with TLS shows and keeps, as PEM.
struct TlsIdentity {
  std::string_view certificates;  // Its own, then those that lead to an authority's.
  std::string_view key;           // Not encrypted.
};

// The event loop of a process with sockets; made before the store that posts to it.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  Loop& loop();

 private:
  friend class Server;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Server {
 public:
  // `end` is called whenever no handler is ready, at least every limits::deadline_resolution, and
  // whenever a turn `is_due` after a handler.
  struct Turns {
    std::move_only_function<bool()> is_due;
    std::move_only_function<void()> end;
  };

  using PublishPin = std::function<Result<void>(const std::string& pin)>;

  // Lifetime: everything given outlives the server.
  Server(HttpSettings settings, EventLoop& loop, Api& api, Turns turns, const Clock& clock,
         Metrics& metrics, Log& log);
  ~Server();

  // Binds and listens. With port 0 one port that is free on every address. A missing ::1 of
  // "localhost" is a warning. Errors: locked (address in use; the detail names it), usage (not an
  // address), unavailable.
  Result<void> listen(const ListenAddress& address);
  // The same without keeping what was bound: whether it can be done now.
  static Result<void> can_listen(const ListenAddress& address);
  // From now on new connections speak TLS, with this certificate; those that are open go on as they
  // began. May be called again. Before anything changes `publish` is told the pin of the key:
  // "sha256//" and the base64 of the SHA-256 of its SubjectPublicKeyInfo. Threads: also before
  // `run`. Errors: usage, with what mends it, and those of `publish`; then nothing has changed.
  Result<void> use_tls(const TlsIdentity& identity, const PublishPin& publish);
  std::uint16_t port() const;
  std::vector<std::string> addresses() const;  // As bound: "127.0.0.1", "::1".

  // Serves until stopped and drained. SIGTERM and SIGINT call `stop`, SIGHUP calls `on_reload`.
  void run(std::move_only_function<void()> on_reload = {});
  // Starts draining; a second call ends `run` at once. Threads: any.
  void stop();
  // Whether `run` ended because of a second stop or a deadline, not because all was answered.
  bool was_cut_short() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ringbook
