// Records of TLS that carry no data: how many a connection may send.
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>

#include "http/https_world.h"

namespace ringbook::test {
namespace {

// A client of TLS 1.2 that, once it has shaken hands, seals its records itself and so may send any.
class RecordClient : public TlsClient {
 public:
  explicit RecordClient(std::uint16_t port)
      : TlsClient(port,
                  {.most_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"}) {}

  bool begin() {
    if (!shake_hands()) {
      return false;
    }
    derive_key();
    return true;
  }

  // RFC 5246 §6.2.3.3, RFC 5288 §3.
  std::string record(int kind, std::string_view content) {
    std::string number(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
      number[i] = static_cast<char>(sequence_ >> (56 - 8 * i));
    }
    ++sequence_;
    const auto head = [kind](std::size_t size) {
      return std::string{static_cast<char>(kind), 3, 3, static_cast<char>(size >> 8),
                         static_cast<char>(size)};
    };
    const std::string nonce = salt_ + number;
    const std::string known = number + head(content.size());
    std::string sealed(content.size(), '\0');
    std::string tag(16, '\0');
    EVP_CIPHER_CTX* const seal = EVP_CIPHER_CTX_new();
    int size = 0;
    EXPECT_EQ(EVP_EncryptInit_ex(seal, EVP_aes_128_gcm(), nullptr, octets(key_), octets(nonce)), 1);
    EXPECT_EQ(EVP_EncryptUpdate(seal, nullptr, &size, octets(known), int(known.size())), 1);
    EXPECT_EQ(EVP_EncryptUpdate(seal, octets(sealed), &size, octets(content), int(content.size())),
              1);
    EXPECT_EQ(EVP_EncryptFinal_ex(seal, octets(tag), &size), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(seal, EVP_CTRL_AEAD_GET_TAG, int(tag.size()), octets(tag)), 1);
    EVP_CIPHER_CTX_free(seal);
    return head(number.size() + sealed.size() + tag.size()) + number + sealed + tag;
  }

 private:
  static const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }
  static unsigned char* octets(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
  }

  // RFC 5246 §6.3: this side's key and salt stand first and third in the block.
  void derive_key() {
    std::array<unsigned char, 48> master;
    std::array<unsigned char, 32> server_random;
    std::array<unsigned char, 32> client_random;
    std::array<unsigned char, 40> block;
    SSL_SESSION_get_master_key(SSL_get0_session(session()), master.data(), master.size());
    SSL_get_server_random(session(), server_random.data(), server_random.size());
    SSL_get_client_random(session(), client_random.data(), client_random.size());
    std::string label = "key expansion";
    std::string digest = "SHA256";
    const std::array<OSSL_PARAM, 6> wishes{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master.data(), master.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, label.data(), label.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, server_random.data(),
                                          server_random.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, client_random.data(),
                                          client_random.size()),
        OSSL_PARAM_construct_end()};
    EVP_KDF* const kind = EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_TLS1_PRF, nullptr);
    EVP_KDF_CTX* const derive = EVP_KDF_CTX_new(kind);
    EXPECT_EQ(EVP_KDF_derive(derive, block.data(), block.size(), wishes.data()), 1);
    EVP_KDF_CTX_free(derive);
    EVP_KDF_free(kind);
    key_.assign(block.begin(), block.begin() + 16);
    salt_.assign(block.begin() + 32, block.begin() + 36);
  }

  std::string key_;
  std::string salt_;
  std::uint64_t sequence_ = 1;  // The end of the handshake was the first.
};

constexpr std::string_view client_hello("\x01\x00\x00\x00", 4);
constexpr std::string_view user_canceled("\x01\x5A", 2);

// How many requests for the readiness were answered.
int readiness_asked(HttpsWorld& world) {
  const std::string text = world.metrics();
  constexpr std::string_view what =
      R"(ringbook_http_requests_total{route="/readyz",method="GET",status="200"} )";
  const std::size_t begin = text.find(what);
  return begin == std::string::npos ? 0 : std::stoi(text.substr(begin + what.size()));
}

TEST(TlsOneThree, EndsWithWhoeverSendsRecordsWithoutData) {  // [HTTP-18]
  HttpsWorld world;
  TlsClient client(world.port());
  ASSERT_TRUE(client.shake_hands());
  std::string updates;
  for (std::size_t i = 1; i < limits::tls_records_without_data; ++i) {
    updates += client.key_update();
  }
  client.send_raw(updates);
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  client.send_raw(client.key_update());
  EXPECT_TRUE(client.is_closed());
}

// A request for another handshake is refused; it costs its sender less than the server.
TEST(TlsOneTwo, EndsWithWhoeverSendsRecordsWithoutData) {  // [HTTP-18]
  HttpsWorld world;
  RecordClient client(world.port());
  ASSERT_TRUE(client.begin());
  std::string records;
  for (std::size_t i = 1; i < limits::tls_records_without_data; ++i) {
    records += client.record(SSL3_RT_HANDSHAKE, client_hello);
    records += client.record(SSL3_RT_APPLICATION_DATA, "");
  }
  client.send_raw(records);
  client.send_raw(client.record(SSL3_RT_APPLICATION_DATA, get("/readyz")));
  world.settle();
  EXPECT_EQ(readiness_asked(world), 1) << "one less";
  TlsClient witness(world.port());
  ASSERT_TRUE(witness.shake_hands());
  client.send_raw(client.record(SSL3_RT_HANDSHAKE, client_hello));
  world.wait_for_connections(witness, 1);
}

TEST(TlsOneTwo, EndsWithWhoeverSendsEmptyRecordsOrWarnings) {  // [HTTP-18]
  HttpsWorld world;
  for (const auto& [kind, content] : {std::pair{SSL3_RT_APPLICATION_DATA, std::string_view()},
                                      {SSL3_RT_ALERT, std::string_view(user_canceled)}}) {
    RecordClient client(world.port());
    ASSERT_TRUE(client.begin());
    std::string records;
    for (std::size_t i = 0; i < limits::tls_records_without_data; ++i) {
      records += client.record(kind, content);
    }
    client.send_raw(records);
    client.send_raw(client.record(SSL3_RT_APPLICATION_DATA, get("/readyz")));
    client.read_all();
    EXPECT_EQ(readiness_asked(world), 0) << kind;
  }
}

}  // namespace
}  // namespace ringbook::test
