// A client that speaks TLS by OpenSSL in memory, so that a test decides when which bytes of it go
// out.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "http/client.h"

namespace ringbook::test {

struct TlsWishes {
  int least_version = TLS1_2_VERSION;
  int most_version = TLS1_3_VERSION;
  std::string_view protocols = {};  // As ALPN writes them.
  const char* ciphers = nullptr;    // Of TLS 1.2; null for all.
};

class TlsClient : public Client {
 public:
  explicit TlsClient(std::uint16_t port, const TlsWishes& wishes = {});

  // Sends, `piece` octets at a time, and reads until the handshake is done; false when it fails.
  bool shake_hands(std::size_t piece = std::string_view::npos);
  // Asks for another handshake; whether there was one.
  bool renegotiates();
  // The bytes that renew this side's key. Needs TLS 1.3.
  std::string key_update();
  // The bytes that say it next: of the handshake, or `bytes` in records.
  std::string begin_handshake();
  std::string sealed(std::string_view bytes);
  // TLS's own end.
  std::string sealed_end();

  void send(std::string_view bytes) override { Client::send(sealed(bytes)); }
  void send_raw(std::string_view bytes) { Client::send(bytes); }

  int version() const { return SSL_version(session_.get()); }
  std::string protocol() const;
  // Whether the server has given what would open another connection with less.
  bool can_resume() const {
    return SSL_SESSION_is_resumable(SSL_get0_session(session_.get())) == 1;
  }
  // The alert that ended the handshake; "" for none.
  std::string alert() const { return alert_; }
  // The server's certificate, PEM.
  std::string server_certificate() const;
  // How many certificates came with it, itself included.
  int certificates() const { return sk_X509_num(SSL_get_peer_cert_chain(session_.get())); }
  // Whether the server has said that nothing more comes.
  bool was_told_the_end() const {
    return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  // Frees what TLS needs here; the connection stays.
  void forget() { session_.reset(); }

 protected:
  SSL* session() const { return session_.get(); }

 private:
  struct Free {
    void operator()(SSL* session) const { SSL_free(session); }
  };
  std::string unpacked(std::string_view bytes) override;
  std::string take_sealed();

  std::unique_ptr<SSL, Free> session_;
  std::string alert_;
};

}  // namespace ringbook::test
