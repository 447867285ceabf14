// The bytes of a connection, in and out.
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "http/client_connection.h"

namespace ringbook {

using boost::system::error_code;

void ClientConnection::read_more() {
  if (is_reading_) {
    return;
  }
  is_reading_ = true;
  stream_.async_read_some(
      input_.space(),
      asio::bind_allocator(memory_.allocator(), [self = shared_from_this()](const error_code& error,
                                                                            std::size_t octets) {
        self->on_read(error, octets);
      }));
}

void ClientConnection::on_read(const error_code& error, std::size_t octets) {
  is_reading_ = false;
  if (state_ == State::closed) {
    return;
  }
  if (error && (error != asio::error::eof || state_ == State::lingering)) {
    if (error == boost::system::errc::protocol_error) {
      hub_.metrics.tls_failures.add();
      linger();
    } else {
      close();
    }
    return;
  }
  if (state_ == State::lingering) {
    lingered_ += octets;
    if (lingered_ > limits::linger_bytes) {
      close();
    } else {
      read_more();
    }
    return;
  }
  has_ended_ = error == asio::error::eof;
  input_.commit(octets);
  advance();
}

void ClientConnection::write(std::string_view bytes, After after) {
  after_ = after;
  go_on_writing(stream_.write(bytes));
}

void ClientConnection::go_on_writing(const error_code& outcome) {
  if (!outcome) {
    after_write();
  } else if (outcome == asio::error::would_block) {
    if (state_ != State::writing) {
      state_ = State::writing;
      set_deadline(hub_.settings.answer_time);
    }
    stream_.async_wait_to_write(asio::bind_allocator(
        memory_.allocator(), [self = shared_from_this()](const error_code& error) {
          if (self->state_ == State::writing) {
            self->go_on_writing(error ? error : self->stream_.flush());
          }
        }));
  } else {
    close();
  }
}

void ClientConnection::after_write() {
  switch (after_) {
    case After::body:
      state_ = State::body;
      set_deadline(hub_.settings.body_time);
      advance_later();
      break;
    case After::next_message: begin_next_message(); break;
    case After::linger: linger(); break;
  }
}

// A close with unread bytes would reset the connection and could take the answer with it: so the
// client is told that nothing more comes, and what it still sends is read for a while.
void ClientConnection::linger() {
  set_deadline(hub_.settings.linger_time);
  if (const error_code error = stream_.end_sending()) {
    after_ = After::linger;
    go_on_writing(error);
    return;
  }
  state_ = State::lingering;
  lingered_ = input_.bytes().size();
  if (has_ended_) {
    close();
    return;
  }
  if (!is_reading_) {
    input_.clear();
  }
  read_more();
}

void ClientConnection::close() {
  if (state_ == State::closed) {
    return;
  }
  state_ = State::closed;
  stream_.close();
  hub_.remove(*this);
}

// Goes on with what has come in the meantime. Not at once: the Api may be answering many others,
// and what it is asked meanwhile would miss its turn.
void ClientConnection::advance_later() {
  if (is_advancing_) {
    return;
  }
  if (state_ == State::head && input_.empty()) {
    advance();
    return;
  }
  asio::post(
      stream_.executor(),
      asio::bind_allocator(memory_.allocator(), [self = shared_from_this()] { self->advance(); }));
}

}  // namespace ringbook
