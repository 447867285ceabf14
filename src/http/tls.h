// TLS, by OpenSSL straight on the socket: a server's certificate with its key, and the session of
// one connection.
//
// Versions 1.2 and 1.3, neither renegotiation nor compression nor resumption.
// Needs: SIGPIPE ignored in the process, because OpenSSL cannot ask for that with each write.
#pragma once

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/handle.h"
#include "http/server.h"

namespace ringbook {

// One connection's TLS, on a socket that does not block. The handshake is part of reading: the
// first octets come after it.
//
// Invariant: after a failure nothing is written any more. Threads: the loop.
class TlsSession {
 public:
  // Needs what SSL_new gave. Lifetime: the socket outlives it.
  TlsSession(SSL* session, int socket);

  // Both give the octets that were moved. Errors: would_block (a wait is needed; for reading, the
  // one that `wants_to_write` tells), eof (the peer has said that nothing more comes),
  // protocol_error (the peer has been sent an alert), connection_reset.
  std::size_t read(std::span<char> space, boost::system::error_code& error);
  // Before it has written all, the next call has to begin with what is left.
  std::size_t write(std::string_view bytes, boost::system::error_code& error);
  // Tells the peer that nothing more comes, if that can be told. Errors: would_block (call again
  // when the socket can be written to).
  boost::system::error_code end();

  // Whether the peer has sent anything that was read.
  bool has_begun() const { return BIO_number_read(SSL_get_rbio(session_.get())) > 0; }
  bool is_established() const { return SSL_is_init_finished(session_.get()) == 1; }
  // Whether octets can be read without the socket.
  bool has_unread() const { return SSL_pending(session_.get()) > 0; }
  // Whether the last call must be repeated when the socket can be written to, not read from.
  bool wants_to_write() const { return SSL_want_write(session_.get()); }

 private:
  boost::system::error_code failure(int outcome);
  // As OpenSSL calls it for each record.
  static void on_record(int is_written, int version, int kind, const void* octets, std::size_t size,
                        SSL* ssl, void* session);

  Handle<SSL, SSL_free> session_;
  bool has_failed_ = false;
  std::size_t records_without_data_ = 0;
};

class TlsContext {
 public:
  // Errors: usage, with what mends it (no PEM, a key that is encrypted, another certificate's or
  // too weak).
  static Result<TlsContext> make(const TlsIdentity& identity);

  // See Server::use_tls.
  const std::string& key_pin() const { return key_pin_; }
  std::unique_ptr<TlsSession> begin(int socket) const;

 private:
  TlsContext();
  Result<void> use_certificates(std::string_view pem);
  Result<void> use_key(std::string_view pem);

  Handle<SSL_CTX, SSL_CTX_free> context_;  // Sessions keep theirs alive.
  std::string key_pin_;
};

}  // namespace ringbook
