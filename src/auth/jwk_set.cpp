#include "auth/jwk_set.h"

#include <optional>
#include <set>
#include <utility>

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
  const std::string_view kid = string_in(jwk, "kid").value_or("").substr(0, shown_kid_bytes);
  return "key " + std::to_string(position) +
         (kid.empty() ? "" : " (kid \"" + std::string(kid) + "\")");
}

// What forbids the whole set, whatever its single keys are worth.
std::optional<std::string> fault_of_set(const Value& keys) {
  if (keys.size() > limits::keys_per_set) {
    return "it has more than " + std::to_string(limits::keys_per_set) + " keys";
  }
  std::set<std::string_view> kids;
  bool has_secret = false;
  bool has_public = false;
  for (auto jwk = keys.first(); jwk; jwk = jwk->next()) {
    const auto kid = string_in(*jwk, "kid");
    if (kid && !kids.insert(*kid).second) {
      return "the kid \"" + std::string(kid->substr(0, shown_kid_bytes)) + "\" is given twice";
    }
    const auto kty = string_in(*jwk, "kty");
    has_secret = has_secret || kty == "oct";
    has_public = has_public || kty == "RSA" || kty == "EC" || kty == "OKP";
  }
  if (has_secret && has_public) {
    return "it mixes secrets (oct) with public keys";
  }
  return std::nullopt;
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
  const auto root = parse_strict_object(document, text);
  if (!root) {
    return refused(std::string(root.error()));
  }
  const auto keys = root->find("keys");
  if (!keys || !keys->is(JsonType::array)) {
    return refused("it has no array \"keys\"");
  }
  if (auto fault = fault_of_set(*keys)) {
    return refused(*std::move(fault));
  }
  JwkSet set;
  std::size_t position = 0;
  for (auto jwk = keys->first(); jwk; jwk = jwk->next()) {
    ++position;
    auto key = read_jwk(*jwk, allowed);
    if (!key) {
      set.warnings.push_back(name_of_key(*jwk, position) + " is left out: " + key.error());
    } else if (*key) {
      set.holds_secrets = set.holds_secrets || string_in(*jwk, "kty") == "oct";
      set.keys.add(**std::move(key));
    }
  }
  if (set.keys.empty()) {
    std::string why = "no key of it verifies " + allowed.text();
    for (const std::string& warning : set.warnings) {
      why += "; " + warning;
    }
    return refused(std::move(why));
  }
  if (!set.holds_secrets) {
    set.text = text;
  }
  return set;
}

}  // namespace ringbook
