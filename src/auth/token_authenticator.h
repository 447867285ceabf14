// Bearer tokens (RFC 6750) checked against the configured rules and keys.
//
// MACs are checked at once. Signatures are checked on a thread, and only when form and claims are
// good already; a token that was verified before is recognised without a new check. Where the
// thread has too much to do, clients share it evenly.
//
// Invariants: 1. A principal comes only from claims whose signature was verified by a key that is
// for the token's algorithm. 2. The keys in use are always usable ones: a reload that fails changes
// nothing of its source. 3. What is remembered of verified tokens is forgotten with any change of
// keys; the rules never change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/authenticator.h"
#include "auth/claims.h"
#include "auth/jws.h"
#include "auth/key_source.h"
#include "auth/signature_verifier.h"
#include "auth/token_rules.h"
#include "auth/verified_tokens.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/loop.h"

namespace ringbook {

struct ReloadedSource {
  std::string name;  // See KeySource::name.
  Result<Reload> outcome;
};

// Lifetime: tokens that still wait for their answer when this is destroyed get none.
class TokenAuthenticator final : public Authenticator {
 public:
  void authenticate(std::optional<std::string_view> authorization, std::string_view client,
                    LastAuthorization& last, OnAuthentication answer) override;
  std::vector<std::string> not_ready() const override;
  std::vector<std::string> warnings() const override;

  // Has every source read its keys again; what each made of it, in their order. A source that fails
  // goes on with the keys it had, the others have their new ones.
  std::vector<ReloadedSource> reload();
  // Has every source do what has become due; see KeySource::keep_up.
  void keep_up();

 private:
  friend Result<std::unique_ptr<TokenAuthenticator>> make_token_authenticator(
      const TokenRules& rules, std::vector<std::unique_ptr<KeySource>> sources, const Clock& clock,
      Loop& loop);
  TokenAuthenticator(const TokenRules& rules, AlgorithmSet allowed,
                     std::vector<std::unique_ptr<KeySource>> sources, const Clock& clock,
                     Loop& loop);

  // What is asked, by whom, where an acceptance is remembered that comes at once (null: nowhere),
  // and the first source that may be waited for when no key has the token's `kid`.
  struct Asked {
    std::string_view authorization = {};
    std::string_view token;
    std::string_view client;
    LastAuthorization* last = nullptr;
    std::size_t next_source = 0;
  };
  void decide(const Asked& asked, OnAuthentication answer);
  void accept(const Asked& asked, const JudgedClaims& claims, OnAuthentication answer) const;
  void decide_by_signature(const Asked& asked, const Jws& jws, OnAuthentication answer);
  void verify(const Jws& jws, const Candidates& candidates, const TokenDigest& digest,
              JudgedClaims claims, std::string_view client, OnAuthentication answer);
  std::expected<JudgedClaims, TokenFault> judge_by_mac(const Jws& jws);

  Candidates candidates_for(const Jws& jws) const;
  // A source from `next_source` on that may have newer keys, or their number.
  std::size_t source_with_newer_keys(std::size_t next_source) const;
  std::uint64_t version_of_keys() const;

  std::vector<std::unique_ptr<KeySource>> sources_;
  JwsReader reader_;
  ClaimsJudge judge_;
  VerifiedTokens verified_;
  std::uint64_t verified_version_ = 0;  // Of the keys that verified them.
  const Clock& clock_;
  SignatureVerifier verifier_;
};

// Errors: usage (an unknown algorithm, an empty text in the rules, no source, or a shared source
// and neither an audience nor the word that any will do). Lifetime: `clock` and `loop` outlive the
// authenticator.
Result<std::unique_ptr<TokenAuthenticator>> make_token_authenticator(
    const TokenRules& rules, std::vector<std::unique_ptr<KeySource>> sources, const Clock& clock,
    Loop& loop);

}  // namespace ringbook
