// The listening sockets of a server: binds them, accepts from them while there is room, and waits a
// little when the system has no descriptors left.
//
// Threads: the loop. Lifetime: outlives the handlers it has started; `close` ends them.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/event_loop.h"
#include "http/server.h"

namespace ringbook {

class Listener {
 public:
  struct Events {
    std::move_only_function<bool()> has_room;
    // A connection, and the address of its peer.
    std::move_only_function<void(TcpSocket, std::string)> accepted;
  };

  Listener(asio::io_context& io, Log& log, Counter& errors, Events events);

  // See Server::listen and Server::can_listen.
  Result<void> listen(const ListenAddress& address);
  static Result<void> can_listen(const ListenAddress& address);
  std::uint16_t port() const;
  std::vector<std::string> addresses() const;

  // Goes on accepting where it does not, when there is room.
  void resume();
  // The same, also after an error. Called now and then.
  void retry();
  // Accepts, while there is room, what already waits in the backlog.
  void accept_waiting();
  void close();

 private:
  struct Socket {
    TcpAcceptor acceptor;
    asio::ip::tcp::endpoint endpoint;  // As bound; the acceptor forgets it when it is closed.
    bool is_accepting = false;
  };

  void accept(Socket& socket);
  void on_accept(Socket& socket, const boost::system::error_code& error, TcpSocket peer);
  void welcome(TcpSocket peer);

  asio::io_context& io_;
  Log& log_;
  Counter& errors_;
  Events events_;
  std::list<Socket> sockets_;  // Handlers refer to its elements.
  bool is_backing_off_ = false;
  bool is_failing_ = false;  // Since the last success; one episode is one line in the log.
};

}  // namespace ringbook
