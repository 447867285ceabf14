#include "auth/hmac_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <algorithm>
#include <string>
#include <utility>

#include "auth/hash.h"

namespace ringbook {
namespace {

struct Mac {
  Algorithm algorithm;
  std::size_t bytes;
};

constexpr std::array macs{Mac{Algorithm::hs256, 32}, Mac{Algorithm::hs384, 48},
                          Mac{Algorithm::hs512, 64}};

}  // namespace

HmacKey::Context HmacKey::keyed_context(const char* hash, const Secret& secret) {
  const openssl::QuietErrors quiet;
  const Handle<EVP_MAC, EVP_MAC_free> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  Context context(EVP_MAC_CTX_new(hmac.get()));
  std::string digest = hash;
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  const std::string_view key = secret.bytes();
  if (!context ||
      EVP_MAC_init(context.get(), openssl::octets(key), key.size(), parameters.data()) != 1) {
    return nullptr;
  }
  return context;
}

Result<HmacKey> HmacKey::make(const Secret& secret, AlgorithmSet allowed) {
  if ((allowed & mac_algorithms).empty()) {
    return fail(Errc::usage, "a secret is for " + mac_algorithms.text() +
                                 ", and of them none is allowed, only " + allowed.text());
  }
  HmacKey key;
  std::size_t shortest = longest_mac;
  for (const Mac& mac : macs) {
    if (!allowed.contains(mac.algorithm)) {
      continue;
    }
    shortest = std::min(shortest, mac.bytes);
    if (secret.bytes().size() < mac.bytes) {
      continue;
    }
    Context& context = key.contexts_[std::to_underlying(mac.algorithm)];
    context = keyed_context(hash_of(mac.algorithm), secret);
    if (!context) {
      return fail(Errc::internal, "OpenSSL has no HMAC for " + std::string(name_of(mac.algorithm)));
    }
    key.algorithms_.add(mac.algorithm);
  }
  if (key.algorithms_.empty()) {
    return fail(Errc::usage, "the secret has " + std::to_string(secret.bytes().size()) +
                                 " bytes; " + (allowed & mac_algorithms).text() +
                                 " needs at least " + std::to_string(shortest));
  }
  return key;
}

std::string_view HmacKey::sign(Algorithm algorithm, std::string_view input) {
  if (!algorithms_.contains(algorithm)) {
    return {};
  }
  // Started again without a key, a context keeps the one it has: the secret is not hashed again.
  EVP_MAC_CTX* const context = contexts_[std::to_underlying(algorithm)].get();
  std::size_t length = 0;
  if (EVP_MAC_init(context, nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(context, openssl::octets(input), input.size()) != 1 ||
      EVP_MAC_final(context, mac_.data(), &length, mac_.size()) != 1) {
    return {};
  }
  return {reinterpret_cast<const char*>(mac_.data()), length};
}

bool HmacKey::verifies(Algorithm algorithm, std::string_view input, std::string_view signature) {
  const std::string_view expected = sign(algorithm, input);
  return !expected.empty() && expected.size() == signature.size() &&
         CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
}

}  // namespace ringbook
