// The bytes of one connection: as they are, or through TLS.
//
// Plain bytes go straight to the socket; TLS costs them the test of one pointer.
//
// Invariants: 1. Writing never waits by itself. 2. What was kept of a write is written before
// anything else. 3. After `end_sending` nothing is decrypted any more: what still comes is given as
// it is, to be dropped. Threads: the loop.
#pragma once

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "http/event_loop.h"
#include "http/tls.h"

namespace ringbook {

class Stream {
 public:
  // `socket` is connected; without TLS `tls` is null.
  Stream(TcpSocket socket, std::unique_ptr<TlsSession> tls);

  // Calls `handler(error, octets)` later, when some bytes have been put into `space`. Neither error
  // nor octets: TLS had something to say to itself. Errors: eof (nothing more comes),
  // protocol_error (of TLS; the peer has an alert to read), others (the connection is gone).
  // Lifetime: `handler` keeps this and `space` alive.
  template <class Handler>
  void async_read_some(std::span<char> space, Handler handler) {
    if (tls_ == nullptr) {
      socket_.async_read_some(asio::buffer(space.data(), space.size()), std::move(handler));
      return;
    }
    const auto allocator = asio::get_associated_allocator(handler);
    auto read = [this, space,
                 handler = std::move(handler)](boost::system::error_code error = {}) mutable {
      const std::size_t octets = error ? 0 : read_some(space, error);
      handler(error, octets);
    };
    if (tls_->has_unread()) {
      asio::post(executor(), asio::bind_allocator(allocator, std::move(read)));
    } else {
      socket_.async_wait(tls_->wants_to_write() ? TcpSocket::wait_write : TcpSocket::wait_read,
                         asio::bind_allocator(allocator, std::move(read)));
    }
  }

  // Writes `bytes`. Most fit what the kernel takes at once; only the rest is kept. Errors:
  // would_block (some are left: `flush` them when more can be written), others (the connection is
  // gone). Needs nothing left of the last.
  boost::system::error_code write(std::string_view bytes);
  // Goes on with it, as `write` does.
  boost::system::error_code flush();
  // Calls `handler(error)` later, when more can be written.
  template <class Handler>
  void async_wait_to_write(Handler handler) {
    socket_.async_wait(TcpSocket::wait_write, std::move(handler));
  }

  // Tells the peer that nothing more comes. Errors: would_block (call again when more can be
  // written). Needs nothing left.
  boost::system::error_code end_sending();
  // Tells it if that goes at once, and closes.
  void close();

  // Whether the handshake of TLS, if there is to be one, is done.
  bool is_established() const { return tls_ == nullptr || tls_->is_established(); }
  // Whether something of it, if there is to be one, has been read.
  bool has_begun_handshake() const { return tls_ != nullptr && tls_->has_begun(); }
  // Whether bytes wait to be read, here or in the kernel.
  bool has_unread() const;
  TcpSocket::executor_type executor() { return socket_.get_executor(); }

 private:
  std::size_t read_some(std::span<char> space, boost::system::error_code& error);
  std::size_t write_some(std::string_view bytes, boost::system::error_code& error);

  TcpSocket socket_;
  std::unique_ptr<TlsSession> tls_;
  std::string rest_;              // Of an answer, not taken at once.
  std::size_t rest_written_ = 0;  // Octets of it.
};

}  // namespace ringbook
