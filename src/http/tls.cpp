#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <boost/asio/error.hpp>
#include <cstdint>
#include <utility>

#include "base/check.h"

namespace ringbook {

namespace errc = boost::system::errc;
using boost::asio::error::make_error_code;
using boost::system::error_code;

namespace {

using Bio = Handle<BIO, BIO_free>;
using Certificate = Handle<X509, X509_free>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;

Bio reader_of(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Nobody is there to type a password.
int no_password(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

Certificate read_certificate(BIO* from) {
  bool ignored = false;
  return Certificate(PEM_read_bio_X509(from, nullptr, &no_password, &ignored));
}

std::string pin_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
  check(size > 0, "a certificate that was read has a key");
  std::array<unsigned char, 32> digest{};
  const bool is_digested = EVP_Digest(bytes, static_cast<std::size_t>(size), digest.data(), nullptr,
                                      EVP_sha256(), nullptr) == 1;
  OPENSSL_free(bytes);
  check(is_digested, "SHA-256 is there");
  std::array<unsigned char, 4 * ((digest.size() + 2) / 3) + 1> text{};
  EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return std::string("sha256//") + reinterpret_cast<const char*>(text.data());
}

// The one protocol there is; who wants only others is told so, RFC 7301 §3.2.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr std::string_view http_1_1 = "\x08http/1.1";
  const auto* const ours = reinterpret_cast<const unsigned char*>(http_1_1.data());
  unsigned char* chosen = nullptr;
  const int outcome = SSL_select_next_proto(
      &chosen, out_size, ours, static_cast<unsigned>(http_1_1.size()), offered, offered_size);
  *out = chosen;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// OpenSSL's queue of errors belongs to the thread: what is left in it would be taken for the fault
// of the next call.
std::unexpected<Error> refused(std::string why) {
  ERR_clear_error();
  return fail(Errc::usage, std::move(why));
}

}  // namespace

// --- the context ---------------------------------------------------------------------------------

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_server_method())) {
  check(context_ != nullptr, "OpenSSL makes a context");
  SSL_CTX* const context = context_.get();
  check(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1, "OpenSSL speaks TLS 1.2");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Buffers that are empty go back, so that an idle connection costs little; and a repeated write
  // may come from another place.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // No session is resumed: the key of the tickets would live as long as the context, and with TLS
  // 1.2 who got it later could read everything that was recorded meanwhile.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  check(SSL_CTX_set_num_tickets(context, 0) == 1, "OpenSSL gives no tickets");
  SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
}

Result<TlsContext> TlsContext::make(const TlsIdentity& identity) {
  TlsContext made;
  if (auto used = made.use_certificates(identity.certificates); !used) {
    return std::unexpected(used.error());
  }
  if (auto used = made.use_key(identity.key); !used) {
    return std::unexpected(used.error());
  }
  ERR_clear_error();
  return made;
}

Result<void> TlsContext::use_certificates(std::string_view pem) {
  const Bio bytes = reader_of(pem);
  const Certificate own = read_certificate(bytes.get());
  if (!own) {
    return refused("the certificate file holds no certificate in PEM form");
  }
  if (SSL_CTX_use_certificate(context_.get(), own.get()) != 1) {
    return refused(
        "the certificate is too weak; make one with a key of at least 2048 bits (RSA) or "
        "on P-256, signed with SHA-256");
  }
  while (Certificate next = read_certificate(bytes.get())) {
    if (SSL_CTX_add0_chain_cert(context_.get(), next.get()) != 1) {
      return refused("a certificate after the first is too weak");
    }
    (void)next.release();
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return refused("a certificate after the first is not whole");
  }
  key_pin_ = pin_of(own.get());
  return {};
}

Result<void> TlsContext::use_key(std::string_view pem) {
  bool is_encrypted = false;
  const Bio bytes = reader_of(pem);
  const Key key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, &no_password, &is_encrypted));
  if (is_encrypted) {
    return refused(
        "the key is encrypted; take the password off with: openssl pkey -in KEY -out FILE");
  }
  if (!key) {
    return refused("the key file holds no private key in PEM form");
  }
  if (X509_check_private_key(SSL_CTX_get0_certificate(context_.get()), key.get()) != 1) {
    return refused(
        "the key is not that of the certificate; give the key that the certificate was "
        "requested with, and put the server's own certificate first in its file");
  }
  if (SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1) {
    return refused("the key cannot be used for TLS");
  }
  return {};
}

std::unique_ptr<TlsSession> TlsContext::begin(int socket) const {
  return std::make_unique<TlsSession>(SSL_new(context_.get()), socket);
}

// --- a session -----------------------------------------------------------------------------------

TlsSession::TlsSession(SSL* session, int socket) : session_(session) {
  check(session != nullptr && SSL_set_fd(session, socket) == 1, "OpenSSL has memory");
  SSL_set_accept_state(session);
  SSL_set_msg_callback(session, &on_record);
  SSL_set_msg_callback_arg(session, this);
}

// Between two octets of data OpenSSL goes on reading as long as there are records without any, such
// as key updates and refused renegotiations, and each costs more than it cost to send. After some
// it is given an end of the input instead.
void TlsSession::on_record(int is_written, int, int kind, const void* octets, std::size_t, SSL* ssl,
                           void* session) {
  const bool tells_type = kind == SSL3_RT_HEADER || kind == SSL3_RT_INNER_CONTENT_TYPE;
  auto& self = *static_cast<TlsSession*>(session);
  if (is_written != 0 || !tells_type || !self.is_established() ||
      *static_cast<const unsigned char*>(octets) == SSL3_RT_APPLICATION_DATA) {
    return;
  }
  if (++self.records_without_data_ == limits::tls_records_without_data) {
    BIO* const end = BIO_new(BIO_s_null());
    check(end != nullptr, "OpenSSL has memory");
    SSL_set0_rbio(ssl, end);
  }
}

std::size_t TlsSession::read(std::span<char> space, error_code& error) {
  ERR_clear_error();
  std::size_t octets = 0;
  const int outcome = SSL_read_ex(session_.get(), space.data(), space.size(), &octets);
  error = outcome == 1 ? error_code() : failure(outcome);
  return octets;
}

std::size_t TlsSession::write(std::string_view bytes, error_code& error) {
  std::size_t written = 0;
  error = {};
  while (!error && written < bytes.size()) {
    ERR_clear_error();
    std::size_t octets = 0;
    const int outcome =
        SSL_write_ex(session_.get(), bytes.data() + written, bytes.size() - written, &octets);
    error = outcome == 1 ? error_code() : failure(outcome);
    written += octets;
  }
  return written;
}

error_code TlsSession::end() {
  if (has_failed_ || !is_established()) {
    return {};
  }
  ERR_clear_error();
  const int outcome = SSL_shutdown(session_.get());
  return outcome < 0 && failure(outcome) == boost::asio::error::would_block
             ? make_error_code(boost::asio::error::would_block)
             : error_code();
}

error_code TlsSession::failure(int outcome) {
  switch (SSL_get_error(session_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return boost::asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return boost::asio::error::eof;
    default: break;
  }
  has_failed_ = true;
  const unsigned long why = ERR_peek_error();
  ERR_clear_error();
  // Without an error of TLS, or with an end that TLS was not told of, it is the socket that broke.
  const bool is_socket = why == 0 || ERR_GET_REASON(why) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  return is_socket ? make_error_code(boost::asio::error::connection_reset)
                   : make_error_code(errc::protocol_error);
}

}  // namespace ringbook
