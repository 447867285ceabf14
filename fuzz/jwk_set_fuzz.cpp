// JWK sets: what is taken keeps the rules of sets in a second reading, no key of it believes what
// nobody signed, and no message shows more of a key than its `kid`.
#include "auth/jwk_set.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;

// Members that hold a key.
constexpr std::array<std::string_view, 8> key_members{"k", "d", "p", "q", "n", "x", "y", "qi"};

const json::array* keys_in(const json::value& set) {
  const json::value* keys = set.is_object() ? set.get_object().if_contains("keys") : nullptr;
  return keys && keys->is_array() ? &keys->get_array() : nullptr;
}

std::string_view text_in(const json::value& jwk, std::string_view name) {
  const json::value* member = jwk.is_object() ? jwk.get_object().if_contains(name) : nullptr;
  return member && member->is_string() ? std::string_view(member->get_string())
                                       : std::string_view();
}

// Whether a text could be a key, and does not stand in a message by chance.
bool is_telling(std::string_view text) {
  constexpr std::size_t telling_bytes = 40;
  return text.size() >= telling_bytes && text.find_first_of(" ,:;\"()") == text.npos;
}

void check_secrecy(std::string_view message, const json::array& keys) {
  const auto is_in_a_kid = [&keys](std::string_view text) {
    return std::ranges::any_of(
        keys, [text](const json::value& jwk) { return text_in(jwk, "kid").contains(text); });
  };
  for (const json::value& jwk : keys) {
    for (const std::string_view name : key_members) {
      const std::string_view text = text_in(jwk, name);
      check(!is_telling(text) || !message.contains(text) || is_in_a_kid(text),
            "a message shows nothing of a key");
    }
  }
}

// Zeros, and the signature of Ed25519 that a key of small order would take for anything.
void check_forgeries(VerifyingKey& key, Algorithm algorithm) {
  for (const std::size_t size : {0U, 32U, 48U, 64U, 96U, 132U, 256U}) {
    std::string forged(size, '\0');
    check(!key.verifies(algorithm, "a.b", forged), "zeros sign nothing");
    if (!forged.empty()) {
      forged.front() = '\1';
    }
    check(!key.verifies(algorithm, "a.b", forged), "a one and zeros sign nothing");
  }
}

// A token that names a kid means one key.
void check_kid(const JwkSet& set, std::string_view kid) {
  for (const Algorithm algorithm : all_algorithms) {
    Candidates candidates;
    set.keys.select(algorithm, kid, candidates);
    check(candidates.keys().size() <= 1, "a kid means one key");
  }
}

void check_set(const JwkSet& set, const json::array& keys, AlgorithmSet allowed) {
  check(!set.keys.empty() && set.keys.size() <= keys.size(), "keys are the set's");
  check(keys.size() <= limits::keys_per_set, "a set keeps to its bound");
  bool has_secret = false;
  bool has_public = false;
  for (const json::value& jwk : keys) {
    const std::string_view kty = text_in(jwk, "kty");
    has_secret = has_secret || kty == "oct";
    has_public = has_public || kty == "RSA" || kty == "EC" || kty == "OKP";
    check_kid(set, text_in(jwk, "kid"));
  }
  check(!(has_secret && has_public), "secrets stand alone");
  check(set.holds_secrets == has_secret, "secrets are told");

  for (const Algorithm algorithm : all_algorithms) {
    Candidates candidates;
    set.keys.select(algorithm, std::nullopt, candidates);
    for (const auto& key : candidates.keys()) {
      check(allowed.contains(algorithm) && key->algorithms().contains(algorithm),
            "a key is for what is allowed");
      check(mac_algorithms.contains(algorithm) == has_secret, "a key is for its type");
      check_forgeries(*key, algorithm);
    }
  }
}

void check_reading(std::string_view text, const json::array* keys, AlgorithmSet allowed) {
  const auto set = parse_jwk_set(text, allowed);
  check(!set || keys != nullptr, "a set has keys");
  if (keys == nullptr) {
    return;
  }
  if (!set) {
    check_secrecy(set.error().detail, *keys);
    return;
  }
  check_set(*set, *keys, allowed);
  for (const KeyWarning& warning : set->warnings) {
    check_secrecy(warning.text, *keys);
  }
}

void run(std::string_view text) {
  json::error_code error;
  const auto parsed = json::parse({text.data(), text.size()}, error);
  const auto* keys = error ? nullptr : keys_in(parsed);
  check_reading(text, keys, every_algorithm());
  check_reading(text, keys, AlgorithmSet{Algorithm::es256, Algorithm::hs256});
}

const Target target("jwk_set", run);

}  // namespace
}  // namespace ringbook::fuzz
