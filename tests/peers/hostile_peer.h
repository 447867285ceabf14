// A server of the test's own that answers as the test wants: well, badly, slowly or never. It
// listens on a free port of 127.0.0.1, with TLS if a certificate is given.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "auth/openssl.h"

namespace ringbook::test {

// A self-signed certificate and its key. `host` is an address or a name.
struct Certificate {
  Handle<X509, X509_free> x509;
  Handle<EVP_PKEY, EVP_PKEY_free> key;

  static Certificate of(const std::string& host, bool has_expired = false);
  std::string pem() const;
};

// One connection, as the peer has it.
class PeerConnection {
 public:
  PeerConnection(int socket, SSL* tls) : socket_(socket), tls_(tls) {}

  // The request's head; what there is of it when the client ends first.
  std::string read_head();
  // False when the client takes no more.
  bool send(std::string_view bytes);
  // A whole answer.
  void answer(std::string_view body, std::string_view status = "200 OK",
              std::string_view fields = "");
  // Waits until the client ends the connection, or for the time given; says whether it ended.
  bool has_ended(int wait_ms = -1);

 private:
  int socket_;
  SSL* tls_;
};

class HostilePeer {
 public:
  using Behaviour = std::function<void(PeerConnection& connection)>;

  // Serves one connection after the other. `behaviour` runs on the peer's thread.
  explicit HostilePeer(Behaviour behaviour, const Certificate* certificate = nullptr);
  // Breaks off what is under way.
  ~HostilePeer();
  HostilePeer(const HostilePeer&) = delete;
  HostilePeer& operator=(const HostilePeer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;
  // Connections that were accepted.
  int connections() const { return connections_; }

 private:
  void serve();
  // Whether the connection may begin; after it, `end`.
  bool begin(int connection);
  void end();

  const Behaviour behaviour_;
  Handle<SSL_CTX, SSL_CTX_free> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};

  std::mutex mutex_;  // Guards what follows.
  int connection_ = -1;
  bool is_over_ = false;

  std::thread thread_;
};

}  // namespace ringbook::test
