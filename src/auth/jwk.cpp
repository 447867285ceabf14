#include "auth/jwk.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/base64url.h"
#include "auth/hmac_key.h"
#include "auth/json_members.h"
#include "auth/public_key.h"
#include "auth/secret.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;
using Verifier = std::expected<std::shared_ptr<VerifyingKey>, std::string>;
using ReadVerifier = Verifier (*)(const Value& jwk, AlgorithmSet wanted);

std::unexpected<std::string> malformed(std::string_view name) {
  return std::unexpected("its member \"" + std::string(name) + "\" is absent or malformed");
}

// The bytes of a member in base64url; nothing when there are none or they are not canonical.
std::optional<std::string> bytes_in(const Value& jwk, std::string_view name) {
  const auto text = string_in(jwk, name);
  std::string bytes;
  if (!text || !decode_base64url(*text, bytes) || bytes.empty()) {
    return std::nullopt;
  }
  return bytes;
}

// A number is big-endian without leading zeros (RFC 7518 §2, Base64urlUInt).
std::optional<std::string> number_in(const Value& jwk, std::string_view name) {
  auto bytes = bytes_in(jwk, name);
  return bytes && bytes->front() != '\0' ? std::move(bytes) : std::nullopt;
}

template <class K>
Verifier verifier_of(Result<std::shared_ptr<K>> made) {
  if (!made) {
    return std::unexpected(std::move(made.error().detail));
  }
  return *std::move(made);
}

Verifier read_oct(const Value& jwk, AlgorithmSet wanted) {
  const auto text = string_in(jwk, "k");
  std::string bytes;
  const bool is_decoded = text && decode_base64url(*text, bytes) && !bytes.empty();
  const Secret secret(std::vector<char>(bytes.begin(), bytes.end()));
  // Also the part of one that was malformed further on.
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (!is_decoded) {
    return malformed("k");
  }
  auto key = HmacKey::make(secret, wanted);
  if (!key) {
    return std::unexpected(std::move(key.error().detail));
  }
  return std::make_shared<HmacKey>(*std::move(key));
}

Verifier read_rsa(const Value& jwk, AlgorithmSet wanted) {
  const auto modulus = number_in(jwk, "n");
  const auto exponent = number_in(jwk, "e");
  if (!modulus || !exponent) {
    return malformed(modulus ? "e" : "n");
  }
  return verifier_of(PublicKey::rsa(*modulus, *exponent, wanted));
}

template <const Curve& curve>
Verifier read_ec(const Value& jwk, AlgorithmSet /*wanted*/) {
  const auto x = bytes_in(jwk, "x");
  const auto y = bytes_in(jwk, "y");
  if (!x || !y) {
    return malformed(x ? "y" : "x");
  }
  return verifier_of(PublicKey::ec(curve, *x, *y));
}

Verifier read_ed25519(const Value& jwk, AlgorithmSet /*wanted*/) {
  const auto x = bytes_in(jwk, "x");
  if (!x) {
    return malformed("x");
  }
  return verifier_of(PublicKey::ed25519(*x));
}

// A type of key with its curve, if it has one: what it is for and how it is read.
struct Type {
  std::string_view kty;
  std::string_view crv;
  AlgorithmSet algorithms;
  ReadVerifier read;
};

template <const Curve& curve>
constexpr Type ec_type{"EC", curve.name, AlgorithmSet{curve.algorithm}, read_ec<curve>};

constexpr std::array types{
    Type{"oct", "", mac_algorithms, read_oct},
    Type{"RSA", "", rsa_algorithms, read_rsa},
    ec_type<ecdsa_curves[0]>,
    ec_type<ecdsa_curves[1]>,
    ec_type<ecdsa_curves[2]>,
    Type{"OKP", "Ed25519", AlgorithmSet{Algorithm::eddsa}, read_ed25519},
};

// Nothing for a type that is not known here.
std::expected<const Type*, std::string> type_of(const Value& jwk) {
  const auto kty = string_in(jwk, "kty");
  if (!kty) {
    return malformed("kty");
  }
  const bool has_curve = *kty == "EC" || *kty == "OKP";
  const auto crv = has_curve ? string_in(jwk, "crv") : std::string_view();
  if (!crv) {
    return malformed("crv");
  }
  const auto* type = std::ranges::find_if(
      types, [&](const Type& known) { return known.kty == *kty && known.crv == *crv; });
  return type == types.end() ? nullptr : type;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Whether `use` and `key_ops` leave room for verifying (RFC 7517 §4.2, §4.3).
std::expected<bool, std::string> is_for_verifying(const Value& jwk) {
  const auto use = jwk.find("use");
  if (use && !use->is(JsonType::string)) {
    return malformed("use");
  }
  if (use && use->string() != "sig") {
    return false;
  }
  const auto operations = jwk.find("key_ops");
  if (!operations) {
    return true;
  }
  if (!operations->is(JsonType::array)) {
    return malformed("key_ops");
  }
  std::vector<std::string_view> names;
  for (auto operation = operations->first(); operation; operation = operation->next()) {
    if (!operation->is(JsonType::string) || contains(names, operation->string())) {
      return malformed("key_ops");
    }
    names.push_back(operation->string());
  }
  return contains(names, "verify");
}

// The algorithms that the key names or, without a name, all of its type.
std::expected<AlgorithmSet, std::string> algorithms_of(const Value& jwk, const Type& type) {
  const auto alg = jwk.find("alg");
  if (!alg) {
    return type.algorithms;
  }
  if (!alg->is(JsonType::string)) {
    return malformed("alg");
  }
  const auto algorithm = parse_algorithm(alg->string());
  if (!algorithm) {
    return AlgorithmSet{};
  }
  if (!type.algorithms.contains(*algorithm)) {
    return std::unexpected("its \"alg\" " + std::string(name_of(*algorithm)) +
                           " is not one of its type");
  }
  return AlgorithmSet{*algorithm};
}

}  // namespace

std::expected<std::optional<Key>, std::string> read_jwk(const Value& jwk, AlgorithmSet allowed) {
  if (!jwk.is(JsonType::object)) {
    return std::unexpected("it is no JSON object");
  }
  const auto type = type_of(jwk);
  if (!type) {
    return std::unexpected(type.error());
  }
  const auto is_meant = is_for_verifying(jwk);
  if (!is_meant) {
    return std::unexpected(is_meant.error());
  }
  if (*type == nullptr || !*is_meant) {
    return std::nullopt;
  }
  const auto algorithms = algorithms_of(jwk, **type);
  if (!algorithms) {
    return std::unexpected(algorithms.error());
  }
  const auto kid = jwk.find("kid");
  if (kid && !kid->is(JsonType::string)) {
    return malformed("kid");
  }
  const AlgorithmSet wanted = *algorithms & allowed;
  if (wanted.empty()) {
    return std::nullopt;
  }
  auto verifier = (*type)->read(jwk, wanted);
  if (!verifier) {
    return std::unexpected(std::move(verifier.error()));
  }
  return Key{.kid = kid ? std::optional<std::string>(kid->string()) : std::nullopt,
             .verifier = *std::move(verifier)};
}

}  // namespace ringbook
