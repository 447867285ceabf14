#include "auth/jwk_set.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/json_members.h"
#include "auth/jwk.h"
#include "base/json.h"
#include "base/limits.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

// What is shown of a `kid`, so that no warning outgrows a line.
constexpr std::size_t shown_kid_bytes = 64;

std::string name_of_key(const Value& jwk, std::size_t position) {
  // Of a key with two it is not known which is its own.
  const std::string_view kid = jwk.has_repeated_names()
                                   ? std::string_view()
                                   : string_in(jwk, "kid").value_or("").substr(0, shown_kid_bytes);
  return "key " + std::to_string(position) +
         (kid.empty() ? "" : " (kid \"" + std::string(kid) + "\")");
}

// What forbids the whole set, whatever its single keys are worth.
std::optional<std::string> fault_of_set(const Value& keys) {
  if (keys.size() > limits::keys_per_set) {
    return "it has more than " + std::to_string(limits::keys_per_set) + " keys";
  }
  bool has_secret = false;
  bool has_public = false;
  for (auto jwk = keys.first(); jwk; jwk = jwk->next()) {
    // Every type that a reader may take a key for.
    for (auto member = jwk->first(); member; member = member->next()) {
      if (member->name() == "kty" && member->is(JsonType::string)) {
        const std::string_view kty = member->string();
        has_secret = has_secret || kty == "oct";
        has_public = has_public || kty == "RSA" || kty == "EC" || kty == "OKP";
      }
    }
  }
  if (has_secret && has_public) {
    return "it mixes secrets (oct) with public keys";
  }
  return std::nullopt;
}

// A key of the set that is meant for verifying.
struct SeenKey {
  std::size_t position = 0;
  std::string name;  // For warnings.
  std::optional<std::string> kid;
  AlgorithmSet algorithms;
  std::expected<ReadKey, std::string> read;  // Else why it is unfit.

  // Whether a token that means this key may mean the other as well, be that one fit or not.
  bool can_be_confused_with(const SeenKey& other) const {
    return kid && kid == other.kid && !(algorithms & other.algorithms).empty();
  }
  // Whether the other does for every token for which this one does.
  bool is_part_of(const SeenKey& other) const {
    return read && other.read && kid == other.kid && read->thumbprint == other.read->thumbprint &&
           algorithms.without(other.algorithms).empty();
  }
};

// Nothing for a key that is meant for something else.
std::optional<SeenKey> see(const Value& jwk, std::size_t position, AlgorithmSet allowed) {
  auto read = read_jwk(jwk, allowed);
  if (read && !*read) {
    return std::nullopt;
  }
  SeenKey key{.position = position,
              .name = name_of_key(jwk, position),
              .kid = {},
              .algorithms = read ? (*read)->key.verifier->algorithms() : read.error().algorithms,
              .read = std::unexpected(std::string())};
  if (const auto kid = string_in(jwk, "kid")) {
    key.kid.emplace(*kid);
  }
  if (read) {
    key.read = **std::move(read);
  } else {
    key.read = std::unexpected(std::move(read.error().why));
  }
  return key;
}

// Leaves a key out that is given again.
void drop_repeated(std::vector<SeenKey>& keys) {
  std::vector<SeenKey> once;
  for (SeenKey& key : keys) {
    if (std::ranges::any_of(once, [&](const auto& other) { return key.is_part_of(other); })) {
      continue;
    }
    std::erase_if(once, [&](const auto& other) { return other.is_part_of(key); });
    once.push_back(std::move(key));
  }
  keys = std::move(once);
}

// Why a key is not used; nothing when it is.
std::optional<std::string> fault_of(const SeenKey& key, const std::vector<SeenKey>& keys) {
  if (!key.read) {
    return key.read.error();
  }
  const auto rival = std::ranges::find_if(keys, [&](const SeenKey& other) {
    return &other != &key && key.can_be_confused_with(other);
  });
  return rival == keys.end()
             ? std::nullopt
             : std::optional("key " + std::to_string(rival->position) +
                             " is another one with the same kid for the same algorithm");
}

// The keys of the array, and a warning for each that is left out or odd.
JwkSet read_keys(const Value& keys, AlgorithmSet allowed) {
  std::vector<SeenKey> seen;
  std::size_t position = 0;
  for (auto jwk = keys.first(); jwk; jwk = jwk->next()) {
    if (auto key = see(*jwk, ++position, allowed)) {
      seen.push_back(*std::move(key));
    }
  }
  drop_repeated(seen);
  JwkSet set;
  for (const SeenKey& key : seen) {
    if (auto fault = fault_of(key, seen)) {
      set.warnings.push_back({true, key.name + " is left out: " + *fault});
      continue;
    }
    for (const std::string& oddity : key.read->oddities) {
      set.warnings.push_back({false, key.name + " is used, though " + oddity});
    }
    set.holds_secrets = set.holds_secrets || !(key.algorithms & mac_algorithms).empty();
    set.keys.add(key.read->key);
  }
  return set;
}

// What makes the whole document unfit: a name given twice anywhere but within a key, which concerns
// that key alone.
bool has_repeated_names_beside_keys(const Value& root) {
  for (auto member = root.first(); member; member = member->next()) {
    if (member->repeats_a_name() || (member->name() != "keys" && member->has_repeated_names())) {
      return true;
    }
  }
  return false;
}

std::unexpected<Error> refused(std::string why) {
  return fail(Errc::invalid, "the JWK set is refused: " + std::move(why));
}

}  // namespace

Result<JwkSet> parse_jwk_set(std::string_view text, AlgorithmSet allowed) {
  if (text.size() > limits::key_set_bytes) {
    return refused("it is larger than " + std::to_string(limits::key_set_bytes) + " bytes");
  }
  JsonDocument document(JsonDocument::Memory::wiped);
  const auto parsed = document.parse(text);
  if (!parsed || !document.root().is(JsonType::object)) {
    return refused(parsed ? "it is no JSON object" : "it is no JSON: " + parsed.error().detail);
  }
  if (has_repeated_names_beside_keys(document.root())) {
    return refused("a name is given twice in one object");
  }
  const auto keys = document.root().find("keys");
  if (!keys || !keys->is(JsonType::array)) {
    return refused("it has no array \"keys\"");
  }
  if (auto fault = fault_of_set(*keys)) {
    return refused(*std::move(fault));
  }
  JwkSet set = read_keys(*keys, allowed);
  if (set.keys.empty()) {
    std::string why = "no key of it verifies " + allowed.text();
    for (const KeyWarning& warning : set.warnings) {
      why += "; " + warning.text;
    }
    return refused(std::move(why));
  }
  if (!set.holds_secrets) {
    set.text = text;
  }
  return set;
}

}  // namespace ringbook
