#include "http/stream.h"

#include <boost/asio/error.hpp>

namespace ringbook {

using boost::system::error_code;

Stream::Stream(TcpSocket socket, std::unique_ptr<TlsSession> tls)
    : socket_(std::move(socket)), tls_(std::move(tls)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

std::size_t Stream::read_some(std::span<char> space, error_code& error) {
  const std::size_t octets =
      tls_ ? tls_->read(space, error)
           : socket_.read_some(asio::buffer(space.data(), space.size()), error);
  if (error == asio::error::would_block) {
    error = {};
  }
  return octets;
}

error_code Stream::write(std::string_view bytes) {
  error_code error;
  const std::size_t written = write_some(bytes, error);
  if (error == asio::error::would_block) {
    rest_.assign(bytes.substr(written));
    rest_written_ = 0;
  }
  return error;
}

error_code Stream::flush() {
  error_code error;
  rest_written_ += write_some(std::string_view(rest_).substr(rest_written_), error);
  if (!error) {
    rest_ = std::string();
    rest_written_ = 0;
  }
  return error;
}

std::size_t Stream::write_some(std::string_view bytes, error_code& error) {
  if (tls_) {
    return tls_->write(bytes, error);
  }
  const std::size_t written = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
  if (!error && written < bytes.size()) {
    error = asio::error::would_block;
  }
  return written;
}

error_code Stream::end_sending() {
  if (tls_) {
    if (const error_code error = tls_->end()) {
      return error;
    }
    tls_.reset();
  }
  error_code ignored;
  socket_.shutdown(TcpSocket::shutdown_send, ignored);
  return {};
}

void Stream::close() {
  if (tls_) {
    tls_->end();
    tls_.reset();
  }
  error_code ignored;
  socket_.close(ignored);
}

bool Stream::has_unread() const {
  error_code ignored;
  return (tls_ && tls_->has_unread()) || socket_.available(ignored) != 0;
}

}  // namespace ringbook
