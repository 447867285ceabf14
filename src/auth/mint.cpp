#include "auth/mint.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "auth/algorithm.h"
#include "auth/base64url.h"
#include "auth/claims.h"
#include "auth/hmac_key.h"
#include "auth/refusal_reason.h"
#include "base/json.h"
#include "base/limits.h"

namespace ringbook {
namespace {

// Members of one JSON object, each name once.
class ClaimsWriter {
 public:
  void text(std::string_view name, std::string_view value) {
    begin(name);
    append_json_string(out_, value);
  }

  void number(std::string_view name, std::int64_t value) {
    begin(name);
    out_ += std::to_string(value);
  }

  // A string at the end of a path of nested objects, as ClaimsJudge walks it.
  void text_at(std::string_view path, std::string_view value) {
    std::size_t dot = path.find('.');
    begin(path.substr(0, dot));
    std::size_t open = 0;
    for (; dot != path.npos; ++open) {
      path.remove_prefix(dot + 1);
      dot = path.find('.');
      out_ += '{';
      append_json_string(out_, path.substr(0, dot));
      out_ += ':';
    }
    append_json_string(out_, value);
    out_.append(open, '}');
  }

  // A name that was given twice.
  const std::optional<std::string>& repeated() const { return repeated_; }
  std::string finish() && { return std::move(out_) + "}"; }

 private:
  void begin(std::string_view name) {
    if (!names_.emplace(name).second) {
      repeated_ = name;
    }
    out_ += out_.size() > 1 ? "," : "";
    append_json_string(out_, name);
    out_ += ':';
  }

  std::string out_ = "{";
  std::set<std::string, std::less<>> names_;
  std::optional<std::string> repeated_;
};

Result<std::string> claims_of(const TokenRules& rules, const TokenOrder& order,
                              std::int64_t issued_at, std::int64_t expires_at) {
  ClaimsWriter claims;
  claims.text("iss", rules.issuer.value_or("ringbook"));
  if (rules.audience) {
    claims.text(rules.audience_claims.front(), *rules.audience);
  }
  claims.text(rules.subject_claim, order.subject);
  claims.text_at(rules.admin_claim, order.role.value_or(rules.admin_value));
  claims.number("iat", issued_at);
  claims.number("exp", expires_at);
  for (const auto& [name, value] : order.claims) {
    claims.text(name, value);
  }
  if (claims.repeated()) {
    return fail(Errc::usage, "the claim \"" + *claims.repeated() +
                                 "\" would stand twice in the token; it is already filled");
  }
  return std::move(claims).finish();
}

Algorithm preferred_of(AlgorithmSet usable) {
  for (const Algorithm algorithm : all_algorithms) {
    if (usable.contains(algorithm)) {
      return algorithm;
    }
  }
  return all_algorithms.front();
}

}  // namespace

Result<MintedToken> mint_token(const TokenRules& rules, const Secret& secret,
                               const TokenOrder& order, Instant now) {
  const auto allowed = parse_algorithms(rules.algorithms);
  if (!allowed) {
    return std::unexpected(allowed.error());
  }
  auto key = HmacKey::make(secret, *allowed);
  if (!key) {
    return std::unexpected(std::move(key.error()));
  }
  if (order.lifetime <= order.lifetime.zero() || order.lifetime > limits::token_lifetime) {
    return fail(Errc::usage, "a token lives from one second to ten years");
  }
  const std::int64_t issued_at = now.ms / 1000;
  const std::int64_t expires_at = issued_at + order.lifetime.count();
  const auto claims = claims_of(rules, order, issued_at, expires_at);
  if (!claims) {
    return std::unexpected(claims.error());
  }
  // The judge of the server knows best what it would not believe.
  if (const auto judged = ClaimsJudge(rules).judge(*claims, now); !judged) {
    return fail(Errc::usage,
                "such a token would be refused: " + std::string(name_of(judged.error().reason)));
  }
  const Algorithm algorithm = preferred_of(key->algorithms());
  std::string token;
  append_base64url(token, R"({"alg":")" + std::string(name_of(algorithm)) + R"(","typ":"JWT"})");
  token += '.';
  append_base64url(token, *claims);
  const std::string_view signature = key->sign(algorithm, token);
  if (signature.empty()) {
    return fail(Errc::internal, "OpenSSL cannot sign");
  }
  token += '.';
  append_base64url(token, signature);
  if (token.size() > limits::token_bytes) {
    return fail(Errc::usage,
                "the token would be longer than " + std::to_string(limits::token_bytes) + " bytes");
  }
  return MintedToken{std::move(token), Instant{expires_at * 1000}};
}

}  // namespace ringbook
