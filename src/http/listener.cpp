#include "http/listener.h"

#include <fmt/format.h>

#include <boost/asio/ip/v6_only.hpp>
#include <expected>
#include <optional>
#include <utility>

#include "base/limits.h"

namespace ringbook {

using asio::ip::address;
using boost::system::error_code;

namespace {

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", host, endpoint.port())
                                    : fmt::format("{}:{}", host, endpoint.port());
}

std::expected<TcpAcceptor, error_code> bind(asio::io_context& io,
                                            const asio::ip::tcp::endpoint& endpoint) {
  TcpAcceptor acceptor(io);
  error_code error;
  const auto then = [&error](auto&& step) {
    if (!error) {
      step();
    }
  };
  acceptor.open(endpoint.protocol(), error);
  then([&] { acceptor.set_option(TcpAcceptor::reuse_address(true), error); });
  if (endpoint.address().is_v6() && !endpoint.address().is_unspecified()) {
    then([&] { acceptor.set_option(asio::ip::v6_only(true), error); });
  }
  then([&] { acceptor.bind(endpoint, error); });
  then([&] { acceptor.listen(limits::listen_backlog, error); });
  then([&] { acceptor.non_blocking(true, error); });
  if (error) {
    return std::unexpected(error);
  }
  return acceptor;
}

std::unexpected<Error> failure(const asio::ip::tcp::endpoint& endpoint, const error_code& error) {
  return error == asio::error::address_in_use
             ? fail(Errc::locked, text_of(endpoint) + " is in use")
             : fail(Errc::unavailable,
                    fmt::format("cannot listen on {}: {}", text_of(endpoint), error.message()));
}

// The sockets of one address to listen on, and the one of "localhost" that is missing.
struct Bound {
  std::vector<TcpAcceptor> acceptors;
  std::optional<std::pair<asio::ip::tcp::endpoint, error_code>> missing;
};

Result<Bound> bind_localhost(asio::io_context& io, std::uint16_t port) {
  // A port that the system picks for 127.0.0.1 may be taken on ::1; so many are hardly ever.
  constexpr int attempts = 16;
  for (int attempt = 1;; ++attempt) {
    const asio::ip::tcp::endpoint first(asio::ip::address_v4::loopback(), port);
    auto v4 = bind(io, first);
    if (!v4) {
      return failure(first, v4.error());
    }
    const asio::ip::tcp::endpoint second(asio::ip::address_v6::loopback(),
                                         v4->local_endpoint().port());
    auto v6 = bind(io, second);
    if (!v6 && v6.error() == asio::error::address_in_use) {
      if (port == 0 && attempt < attempts) {
        continue;
      }
      return failure(second, v6.error());
    }
    Bound bound;
    bound.acceptors.push_back(std::move(*v4));
    if (v6) {
      bound.acceptors.push_back(std::move(*v6));
    } else {
      bound.missing = std::pair(second, v6.error());
    }
    return bound;
  }
}

Result<Bound> bind(asio::io_context& io, const ListenAddress& where) {
  if (where.host == "localhost") {
    return bind_localhost(io, where.port);
  }
  error_code error;
  const address parsed = asio::ip::make_address(where.host, error);
  if (error) {
    return fail(Errc::usage, fmt::format("\"{}\" is not an address", where.host));
  }
  const asio::ip::tcp::endpoint endpoint(parsed, where.port);
  auto acceptor = bind(io, endpoint);
  if (!acceptor) {
    return failure(endpoint, acceptor.error());
  }
  Bound bound;
  bound.acceptors.push_back(std::move(*acceptor));
  return bound;
}

// An IPv4 peer of an IPv6 socket is an IPv4 peer.
std::string client_of(const TcpSocket& peer) {
  error_code error;
  const address found = peer.remote_endpoint(error).address();
  if (error) {
    return "unknown";
  }
  return found.is_v6() && found.to_v6().is_v4_mapped()
             ? asio::ip::make_address_v4(asio::ip::v4_mapped, found.to_v6()).to_string()
             : found.to_string();
}

}  // namespace

Listener::Listener(asio::io_context& io, Log& log, Counter& errors, Events events)
    : io_(io), log_(log), errors_(errors), events_(std::move(events)) {}

Result<void> Listener::listen(const ListenAddress& where) {
  auto bound = bind(io_, where);
  if (!bound) {
    return std::unexpected(std::move(bound.error()));
  }
  for (TcpAcceptor& acceptor : bound->acceptors) {
    const auto endpoint = acceptor.local_endpoint();
    sockets_.push_back(Socket{std::move(acceptor), endpoint});
  }
  if (bound->missing) {
    const auto& [endpoint, error] = *bound->missing;
    log_.warning("not_listening", {{"address", text_of(endpoint)}, {"reason", error.message()}});
  }
  return {};
}

Result<void> Listener::can_listen(const ListenAddress& where) {
  asio::io_context io(1);
  const auto bound = bind(io, where);
  return bound ? Result<void>() : std::unexpected(bound.error());
}

std::uint16_t Listener::port() const {
  return sockets_.empty() ? std::uint16_t{0} : sockets_.front().endpoint.port();
}

std::vector<std::string> Listener::addresses() const {
  std::vector<std::string> all;
  for (const Socket& socket : sockets_) {
    all.push_back(socket.endpoint.address().to_string());
  }
  return all;
}

void Listener::resume() {
  for (Socket& socket : sockets_) {
    accept(socket);
  }
}

void Listener::retry() {
  is_backing_off_ = false;
  resume();
}

void Listener::accept(Socket& socket) {
  if (socket.is_accepting || is_backing_off_ || !events_.has_room()) {
    return;
  }
  socket.is_accepting = true;
  socket.acceptor.async_accept([this, &socket](const error_code& error, TcpSocket peer) {
    socket.is_accepting = false;
    on_accept(socket, error, std::move(peer));
  });
}

void Listener::on_accept(Socket& socket, const error_code& error, TcpSocket peer) {
  if (!error) {
    if (std::exchange(is_failing_, false)) {
      log_.info("accepting_again");
    }
    welcome(std::move(peer));
  } else if (error == asio::error::operation_aborted) {
    return;
  } else if (error != asio::error::connection_aborted) {
    // Most likely no descriptors: newcomers wait in the backlog until the next `retry`.
    errors_.add();
    is_backing_off_ = true;
    if (!std::exchange(is_failing_, true)) {
      log_.error("accept_failed", {{"reason", error.message()}});
    }
  }
  if (socket.acceptor.is_open()) {
    accept(socket);
  }
}

void Listener::welcome(TcpSocket peer) {
  std::string client = client_of(peer);
  events_.accepted(std::move(peer), std::move(client));
}

void Listener::accept_waiting() {
  for (Socket& socket : sockets_) {
    error_code error;
    while (!error && events_.has_room()) {
      TcpSocket peer(io_);
      socket.acceptor.accept(peer, error);
      if (!error) {
        welcome(std::move(peer));
      }
    }
  }
}

void Listener::close() {
  for (Socket& socket : sockets_) {
    error_code ignored;
    socket.acceptor.close(ignored);
  }
}

}  // namespace ringbook
