#include "peers/hostile_peer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace ringbook::test {

Certificate Certificate::of(const std::string& host, bool has_expired) {
  Certificate made;
  made.x509.reset(X509_new());
  made.key.reset(EVP_EC_gen("P-256"));
  X509* const x509 = made.x509.get();
  constexpr long hour = 3600;
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -2 * hour);
  X509_gmtime_adj(X509_getm_notAfter(x509), has_expired ? -hour : hour);
  X509_set_pubkey(x509, made.key.get());
  X509_NAME* const name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("peer"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  in_addr address{};
  const bool is_address = inet_pton(AF_INET, host.c_str(), &address) == 1;
  const std::string subject = (is_address ? "IP:" : "DNS:") + host;
  const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str()));
  EXPECT_EQ(X509_add_ext(x509, extension.get(), -1), 1);
  EXPECT_GT(X509_sign(x509, made.key.get(), EVP_sha256()), 0);
  return made;
}

std::string Certificate::pem() const {
  const Handle<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_X509(out.get(), x509.get()), 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string PeerConnection::read_head() {
  std::string head;
  std::array<char, 4096> bytes{};
  while (head.find("\r\n\r\n") == head.npos) {
    const int size = static_cast<int>(bytes.size());
    const auto count = tls_ != nullptr ? SSL_read(tls_, bytes.data(), size)
                                       : recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
      break;
    }
    head.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return head;
}

bool PeerConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = tls_ != nullptr
                           ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void PeerConnection::answer(std::string_view body, std::string_view status,
                            std::string_view fields) {
  read_head();
  send("HTTP/1.1 " + std::string(status) + "\r\n" + std::string(fields) +
       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

bool PeerConnection::has_ended(int wait_ms) {
  std::array<char, 4096> bytes{};
  pollfd poll_for{.fd = socket_, .events = POLLIN, .revents = 0};
  while (poll(&poll_for, 1, wait_ms) > 0) {
    if (recv(socket_, bytes.data(), bytes.size(), 0) <= 0) {
      return true;
    }
  }
  return false;
}

HostilePeer::HostilePeer(Behaviour behaviour, const Certificate* certificate)
    : behaviour_(std::move(behaviour)) {
  if (certificate != nullptr) {
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    EXPECT_EQ(SSL_CTX_use_certificate(tls_.get(), certificate->x509.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(tls_.get(), certificate->key.get()), 1);
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(listener_, 16), 0);
  EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HostilePeer::~HostilePeer() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    shutdown(listener_, SHUT_RDWR);
    shutdown(connection_, SHUT_RDWR);
  }
  thread_.join();
  close(listener_);
}

std::string HostilePeer::url(std::string_view path) const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
         std::string(path);
}

bool HostilePeer::begin(int connection) {
  const std::lock_guard lock(mutex_);
  connection_ = connection;
  return connection_ >= 0 && !is_over_;
}

void HostilePeer::end() {
  const std::lock_guard lock(mutex_);
  close(std::exchange(connection_, -1));
}

void HostilePeer::serve() {
  while (begin(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC))) {
    ++connections_;
    const Handle<SSL, SSL_free> tls(tls_ ? SSL_new(tls_.get()) : nullptr);
    if (!tls || (SSL_set_fd(tls.get(), connection_) == 1 && SSL_accept(tls.get()) == 1)) {
      PeerConnection connection(connection_, tls.get());
      behaviour_(connection);
    }
    end();
  }
  end();
}

}  // namespace ringbook::test
