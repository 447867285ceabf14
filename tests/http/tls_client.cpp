#include "http/tls_client.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

namespace ringbook::test {

TlsClient::TlsClient(std::uint16_t port, const TlsWishes& wishes) : Client(port) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  // Versions and keys that are too weak are for the server to refuse.
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, wishes.least_version);
  SSL_CTX_set_max_proto_version(context, wishes.most_version);
  if (wishes.ciphers != nullptr) {
    EXPECT_EQ(SSL_CTX_set_cipher_list(context, wishes.ciphers), 1);
  }
  session_.reset(SSL_new(context));
  SSL_CTX_free(context);
  SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(session_.get());
  if (!wishes.protocols.empty()) {
    SSL_set_alpn_protos(session_.get(),
                        reinterpret_cast<const unsigned char*>(wishes.protocols.data()),
                        static_cast<unsigned>(wishes.protocols.size()));
  }
}

bool TlsClient::shake_hands(std::size_t piece) {
  for (;;) {
    ERR_clear_error();
    const int outcome = SSL_do_handshake(session_.get());
    const std::string next = take_sealed();
    for (std::string_view rest = next; !rest.empty();
         rest.remove_prefix(std::min(piece, rest.size()))) {
      Client::send(rest.substr(0, piece));
    }
    if (outcome == 1) {
      return true;
    }
    if (SSL_get_error(session_.get(), outcome) != SSL_ERROR_WANT_READ) {
      if (const char* reason = ERR_reason_error_string(ERR_peek_error())) {
        alert_ = reason;
      }
      return false;
    }
    if (!fill()) {
      return false;
    }
  }
}

bool TlsClient::renegotiates() {
  return SSL_renegotiate(session_.get()) == 1 && shake_hands();
}

std::string TlsClient::begin_handshake() {
  SSL_do_handshake(session_.get());
  return take_sealed();
}

std::string TlsClient::sealed(std::string_view bytes) {
  if (!bytes.empty()) {
    EXPECT_EQ(SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())),
              static_cast<int>(bytes.size()));
  }
  return take_sealed();
}

std::string TlsClient::sealed_end() {
  SSL_shutdown(session_.get());
  return take_sealed();
}

std::string TlsClient::key_update() {
  EXPECT_EQ(SSL_key_update(session_.get(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
  EXPECT_EQ(SSL_do_handshake(session_.get()), 1);
  return take_sealed();
}

std::string TlsClient::take_sealed() {
  char* bytes = nullptr;
  BIO* const out = SSL_get_wbio(session_.get());
  const long size = BIO_get_mem_data(out, &bytes);
  std::string taken(bytes, static_cast<std::size_t>(size));
  BIO_reset(out);
  return taken;
}

std::string TlsClient::unpacked(std::string_view bytes) {
  BIO_write(SSL_get_rbio(session_.get()), bytes.data(), static_cast<int>(bytes.size()));
  std::string out;
  if (SSL_is_init_finished(session_.get()) == 0) {
    return out;
  }
  std::array<char, 16 * 1024> piece;
  std::size_t size = 0;
  while (SSL_read_ex(session_.get(), piece.data(), piece.size(), &size) == 1) {
    out.append(piece.data(), size);
  }
  return out;
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsClient::server_certificate() const {
  BIO* const text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(text, SSL_get0_peer_certificate(session_.get()));
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text, &bytes);
  std::string pem(bytes, static_cast<std::size_t>(size));
  BIO_free(text);
  return pem;
}

}  // namespace ringbook::test
