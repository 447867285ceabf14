#include "auth/jwk.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/hash.h"
#include "auth/hmac_key.h"
#include "auth/jwk_members.h"
#include "auth/public_key.h"
#include "auth/secret.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

struct Verifier {
  std::shared_ptr<VerifyingKey> key;
  std::string thumbprint;
};
using ReadVerifier = std::expected<Verifier, std::string> (*)(JwkMembers& jwk, AlgorithmSet wanted);

std::unexpected<std::string> malformed(std::string_view name) {
  return std::unexpected("its member \"" + std::string(name) + "\" is absent or malformed");
}

// What is hashed must not be read in two ways, so every part ends; none of them is this long.
std::string thumbprint_of(std::string_view type, std::string_view first, std::string_view second) {
  std::string parts;
  // Room for all, so that nothing of a secret is left behind by growth.
  parts.reserve(type.size() + first.size() + second.size() + 3 * 2);
  for (const std::string_view part : {type, first, second}) {
    parts += static_cast<char>(part.size() >> 8U & 0xFFU);
    parts += static_cast<char>(part.size() & 0xFFU);
    parts += part;
  }
  auto hash = Hash::make("SHA256");
  std::string out(hash ? hash->of(parts) : std::string_view());
  OPENSSL_cleanse(parts.data(), parts.size());
  return out;
}

template <class K>
std::expected<Verifier, std::string> verifier_of(Result<std::shared_ptr<K>> made,
                                                 std::string_view type, std::string_view first,
                                                 std::string_view second = {}) {
  if (!made) {
    return std::unexpected(std::move(made.error().detail));
  }
  Verifier verifier{*std::move(made), thumbprint_of(type, first, second)};
  if (verifier.thumbprint.empty()) {
    return std::unexpected("OpenSSL does not hash it");
  }
  return verifier;
}

std::expected<Verifier, std::string> read_oct(JwkMembers& jwk, AlgorithmSet wanted) {
  auto bytes = jwk.bytes("k");
  if (!bytes) {
    return malformed("k");
  }
  const Secret secret(std::vector<char>(bytes->begin(), bytes->end()));
  OPENSSL_cleanse(bytes->data(), bytes->size());
  auto key = HmacKey::make(secret, wanted);
  return verifier_of(
      key ? Result<std::shared_ptr<HmacKey>>(std::make_shared<HmacKey>(*std::move(key)))
          : std::unexpected(std::move(key.error())),
      "oct", secret.bytes());
}

std::expected<Verifier, std::string> read_rsa(JwkMembers& jwk, AlgorithmSet wanted) {
  const auto modulus = jwk.number("n");
  const auto exponent = jwk.number("e");
  if (!modulus || !exponent) {
    return malformed(modulus ? "e" : "n");
  }
  return verifier_of(PublicKey::rsa(*modulus, *exponent, wanted), "RSA", *modulus, *exponent);
}

template <const Curve& curve>
std::expected<Verifier, std::string> read_ec(JwkMembers& jwk, AlgorithmSet /*wanted*/) {
  const auto x = jwk.number("x", curve.field_bytes);
  const auto y = jwk.number("y", curve.field_bytes);
  if (!x || !y) {
    return malformed(x ? "y" : "x");
  }
  return verifier_of(PublicKey::ec(curve, *x, *y), curve.name, *x, *y);
}

std::expected<Verifier, std::string> read_ed25519(JwkMembers& jwk, AlgorithmSet /*wanted*/) {
  const auto x = jwk.bytes("x");
  if (!x) {
    return malformed("x");
  }
  return verifier_of(PublicKey::ed25519(*x), "Ed25519", *x);
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
std::expected<const Type*, std::string> type_of(JwkMembers& jwk) {
  const auto kty = jwk.string("kty");
  if (!kty) {
    return malformed("kty");
  }
  const bool has_curve = *kty == "EC" || *kty == "OKP";
  const auto crv = has_curve ? jwk.string("crv") : std::string_view();
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
std::expected<bool, std::string> is_for_verifying(JwkMembers& jwk) {
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
std::expected<AlgorithmSet, std::string> algorithms_of(JwkMembers& jwk, const Type& type) {
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

std::unexpected<UnfitKey> unfit(std::string why, AlgorithmSet algorithms = {}) {
  return std::unexpected(UnfitKey{std::move(why), algorithms});
}

}  // namespace

std::expected<std::optional<ReadKey>, UnfitKey> read_jwk(const Value& jwk, AlgorithmSet allowed) {
  if (!jwk.is(JsonType::object)) {
    return unfit("it is no JSON object");
  }
  if (jwk.has_repeated_names()) {
    return unfit("a name is given twice in it");
  }
  JwkMembers members(jwk);
  const auto type = type_of(members);
  if (!type) {
    return unfit(type.error());
  }
  const auto is_meant = is_for_verifying(members);
  if (!is_meant) {
    return unfit(is_meant.error(),
                 *type == nullptr ? AlgorithmSet{} : (*type)->algorithms & allowed);
  }
  if (*type == nullptr || !*is_meant) {
    return std::nullopt;
  }
  const auto algorithms = algorithms_of(members, **type);
  if (!algorithms) {
    return unfit(algorithms.error(), (*type)->algorithms & allowed);
  }
  const AlgorithmSet wanted = *algorithms & allowed;
  const auto kid = members.find("kid");
  if (kid && !kid->is(JsonType::string)) {
    return unfit(malformed("kid").error());
  }
  if (wanted.empty()) {
    return std::nullopt;
  }
  auto verifier = (*type)->read(members, wanted);
  if (!verifier) {
    return unfit(std::move(verifier.error()), wanted);
  }
  return ReadKey{.key = {.kid = kid ? std::optional<std::string>(kid->string()) : std::nullopt,
                         .verifier = std::move(verifier->key)},
                 .thumbprint = std::move(verifier->thumbprint),
                 .oddities = std::move(members).oddities()};
}

}  // namespace ringbook
