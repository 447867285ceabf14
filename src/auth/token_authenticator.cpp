#include "auth/token_authenticator.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "net/address.h"

namespace ringbook {
namespace {

// The credentials of the Bearer scheme; empty when there are none.
std::string_view bearer_token(std::string_view authorization) {
  const std::size_t space = authorization.find(' ');
  if (space == authorization.npos ||
      !equals_ignoring_ascii_case(authorization.substr(0, space), "Bearer")) {
    return {};
  }
  const std::size_t start = authorization.find_first_not_of(' ', space);
  return start == authorization.npos ? std::string_view() : authorization.substr(start);
}

void refuse(OnAuthentication& answer, TokenFault refusal) {
  const auto kind = refusal.reason == RefusalReason::verifier_busy ? TokenRefusal::Kind::unchecked
                                                                   : TokenRefusal::Kind::rejected;
  answer(std::unexpected(TokenRefusal{.kind = kind,
                                      .reason = std::string(name_of(refusal.reason)),
                                      .wanted = std::move(refusal.wanted),
                                      .given = std::move(refusal.given)}));
}

// Of a `kid`, the token's own is shown.
TokenFault unfit(RefusalReason reason, const Jws& jws) {
  return reason == RefusalReason::unknown_kid
             ? TokenFault(reason, "the kid of a key in use", jws.kid.value_or(""))
             : TokenFault(reason);
}

// An empty text would fit what a token leaves out or forgets to fill.
Result<void> check_texts(const TokenRules& rules) {
  const bool has_empty =
      rules.admin_claim.empty() || rules.admin_value.empty() || rules.subject_claim.empty() ||
      rules.issuer == "" || rules.audience == "" || rules.audience_claims.empty() ||
      std::ranges::find(rules.audience_claims, "") != rules.audience_claims.end();
  if (has_empty) {
    return fail(Errc::usage,
                "issuer, audience, its claims, administrator claim, its value and subject claim "
                "must not be empty where they are given");
  }
  return {};
}

// Without an audience, a token that another service's user got for that service would do here too.
// See: RFC 8725 §3.9.
Result<void> check_audience(const TokenRules& rules,
                            const std::vector<std::unique_ptr<KeySource>>& sources) {
  if (rules.audience && rules.accepts_any_audience) {
    return fail(Errc::usage, "either one audience is asked for or any will do");
  }
  const bool is_shared =
      std::ranges::any_of(sources, [](const auto& source) { return source->is_shared(); });
  if (is_shared && !rules.audience && !rules.accepts_any_audience) {
    return fail(Errc::usage,
                "keys that others may use too need an audience: give --audience with the name that "
                "tokens for this service bear, or --audience any if tokens for every service "
                "shall do");
  }
  return {};
}

// What the sources say in a word each, every word once.
std::vector<std::string> words_of(const std::vector<std::unique_ptr<KeySource>>& sources,
                                  std::string_view (KeySource::*says)() const) {
  std::vector<std::string> words;
  for (const auto& source : sources) {
    const std::string_view word = ((*source).*says)();
    if (!word.empty() && std::ranges::find(words, word) == words.end()) {
      words.emplace_back(word);
    }
  }
  return words;
}

}  // namespace

Result<std::unique_ptr<TokenAuthenticator>> make_token_authenticator(
    const TokenRules& rules, std::vector<std::unique_ptr<KeySource>> sources, const Clock& clock,
    Loop& loop) {
  if (auto checked = check_texts(rules); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const auto allowed = parse_algorithms(rules.algorithms);
  if (!allowed) {
    return std::unexpected(allowed.error());
  }
  if (sources.empty()) {
    return fail(Errc::usage, "no source of keys is configured");
  }
  if (auto checked = check_audience(rules, sources); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return std::unique_ptr<TokenAuthenticator>(
      new TokenAuthenticator(rules, *allowed, std::move(sources), clock, loop));
}

TokenAuthenticator::TokenAuthenticator(const TokenRules& rules, AlgorithmSet allowed,
                                       std::vector<std::unique_ptr<KeySource>> sources,
                                       const Clock& clock, Loop& loop)
    : sources_(std::move(sources)),
      reader_(allowed),
      judge_(rules),
      verified_version_(version_of_keys()),
      clock_(clock),
      verifier_(loop) {}

void TokenAuthenticator::authenticate(std::optional<std::string_view> authorization,
                                      std::string_view client, LastAuthorization& last,
                                      OnAuthentication answer) {
  const std::string_view field = authorization.value_or("");
  if (const Principal* principal = last.find(field, version_of_keys(), clock_.now())) {
    return answer(*principal);
  }
  const std::string_view token = bearer_token(field);
  if (token.empty()) {
    answer(std::unexpected(TokenRefusal{}));
    return;
  }
  decide({.authorization = field, .token = token, .client = client, .last = &last},
         std::move(answer));
}

void TokenAuthenticator::accept(const Asked& asked, const JudgedClaims& claims,
                                OnAuthentication answer) const {
  if (asked.last != nullptr) {
    asked.last->remember(asked.authorization, version_of_keys(), claims);
  }
  answer(claims.principal);
}

void TokenAuthenticator::decide(const Asked& asked, OnAuthentication answer) {
  const auto jws = reader_.read(asked.token);
  if (!jws) {
    return refuse(answer, jws.error());
  }
  if (!mac_algorithms.contains(jws->algorithm)) {
    return decide_by_signature(asked, *jws, std::move(answer));
  }
  const auto claims = judge_by_mac(*jws);
  if (!claims) {
    return refuse(answer, claims.error());
  }
  accept(asked, *claims, std::move(answer));
}

std::expected<JudgedClaims, TokenFault> TokenAuthenticator::judge_by_mac(const Jws& jws) {
  const Candidates candidates = candidates_for(jws);
  if (const auto reason = candidates.refusal()) {
    return std::unexpected(unfit(*reason, jws));
  }
  const bool is_genuine = std::ranges::any_of(candidates.keys(), [&](const auto& key) {
    return key->verifies(jws.algorithm, jws.signing_input, jws.signature);
  });
  if (!is_genuine) {
    return std::unexpected(RefusalReason::bad_signature);
  }
  return judge_.judge(jws.payload, clock_.now());
}

void TokenAuthenticator::decide_by_signature(const Asked& asked, const Jws& jws,
                                             OnAuthentication answer) {
  const Instant now = clock_.now();
  if (const std::uint64_t version = version_of_keys(); version != verified_version_) {
    verified_.forget_all();
    verified_version_ = version;
  }
  const TokenDigest digest = verified_.digest_of(asked.token);
  if (const JudgedClaims* known = verified_.find(digest, now)) {
    return accept(asked, *known, std::move(answer));
  }
  // What costs little comes first: every refusal looks the same to the client.
  auto claims = judge_.judge(jws.payload, now);
  if (!claims) {
    return refuse(answer, claims.error());
  }
  const Candidates candidates = candidates_for(jws);
  if (const auto reason = candidates.refusal()) {
    const std::size_t source = source_with_newer_keys(asked.next_source);
    if (*reason != RefusalReason::unknown_kid || source == sources_.size()) {
      return refuse(answer, unfit(*reason, jws));
    }
    return sources_[source]->wait_for_newer_keys([this, token = std::string(asked.token),
                                                  client = std::string(asked.client), source,
                                                  answer = std::move(answer)]() mutable {
      decide({.token = token, .client = client, .next_source = source + 1}, std::move(answer));
    });
  }
  verify(jws, candidates, digest, *std::move(claims), asked.client, std::move(answer));
}

void TokenAuthenticator::verify(const Jws& jws, const Candidates& candidates,
                                const TokenDigest& digest, JudgedClaims claims,
                                std::string_view client, OnAuthentication answer) {
  using enum SignatureVerifier::Verdict;
  const auto keys = candidates.keys();
  verifier_.ask(client_network(client),
                {.algorithm = jws.algorithm,
                 .input = std::string(jws.signing_input),
                 .signature = std::string(jws.signature),
                 .keys = {keys.begin(), keys.end()}},
                [this, digest, claims = std::move(claims), version = verified_version_,
                 answer = std::move(answer)](SignatureVerifier::Verdict verdict) mutable {
                  if (verdict != genuine) {
                    return refuse(answer, verdict == forged ? RefusalReason::bad_signature
                                                            : RefusalReason::verifier_busy);
                  }
                  // Keys that changed meanwhile would perhaps not have verified it.
                  if (version == version_of_keys()) {
                    verified_.remember(digest, claims);
                  }
                  answer(std::move(claims.principal));
                });
}

Candidates TokenAuthenticator::candidates_for(const Jws& jws) const {
  Candidates candidates;
  for (const auto& source : sources_) {
    source->keys().select(jws.algorithm, jws.kid, candidates);
  }
  return candidates;
}

std::size_t TokenAuthenticator::source_with_newer_keys(std::size_t next_source) const {
  while (next_source < sources_.size() && !sources_[next_source]->may_have_newer_keys()) {
    ++next_source;
  }
  return next_source;
}

std::uint64_t TokenAuthenticator::version_of_keys() const {
  // Each only grows, so that no two changes cancel each other out.
  std::uint64_t sum = 0;
  for (const auto& source : sources_) {
    sum += source->version();
  }
  return sum;
}

std::vector<std::string> TokenAuthenticator::not_ready() const {
  return words_of(sources_, &KeySource::not_ready);
}

std::vector<std::string> TokenAuthenticator::warnings() const {
  return words_of(sources_, &KeySource::warning);
}

void TokenAuthenticator::keep_up() {
  for (const auto& source : sources_) {
    source->keep_up();
  }
}

std::vector<ReloadedSource> TokenAuthenticator::reload() {
  std::vector<ReloadedSource> reloaded;
  for (const auto& source : sources_) {
    reloaded.push_back({std::string(source->name()), source->reload()});
  }
  return reloaded;
}

}  // namespace ringbook
