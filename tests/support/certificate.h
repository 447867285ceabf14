// Certificates for tests, made on the spot.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace ringbook::test {

// PEM.
struct Certificate {
  std::string certificate;
  std::string key;
};

struct CertificateOrder {
  std::string names = "IP:127.0.0.1,DNS:localhost";  // subjectAltName
  long not_before = -3600;                           // In seconds from now.
  long not_after = 3600;
  const char* key_type = "EC";  // Of EVP_PKEY_Q_keygen; with "EC" on P-256.
};

namespace detail {

template <auto free>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

inline std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace detail

// A certificate that signs itself, so that it is also its own authority's.
inline Certificate make_certificate(const CertificateOrder& order = {}) {
  const std::unique_ptr<EVP_PKEY, detail::FreeBy<EVP_PKEY_free>> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, order.key_type, "P-256"));
  const std::unique_ptr<X509, detail::FreeBy<X509_free>> made(X509_new());
  X509* const x = made.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), order.not_before);
  X509_gmtime_adj(X509_getm_notAfter(x), order.not_after);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("Ringbook test"), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  X509_set_pubkey(x, key.get());
  for (const auto& [what, value] : {std::pair{NID_subject_alt_name, order.names.c_str()},
                                    {NID_basic_constraints, "critical,CA:TRUE"}}) {
    const std::unique_ptr<X509_EXTENSION, detail::FreeBy<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value));
    X509_add_ext(x, extension.get(), -1);
  }
  // Ed25519 brings its own hash.
  const EVP_MD* const hash = EVP_PKEY_is_a(key.get(), "ED25519") == 1 ? nullptr : EVP_sha256();
  EXPECT_GT(X509_sign(x, key.get(), hash), 0);
  const std::unique_ptr<BIO, detail::FreeBy<BIO_free>> certificate(BIO_new(BIO_s_mem()));
  const std::unique_ptr<BIO, detail::FreeBy<BIO_free>> secret(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate.get(), x);
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {detail::text_of(certificate.get()), detail::text_of(secret.get())};
}

}  // namespace ringbook::test
