// Why a token is refused: a closed list for logs and metrics, never told to the client.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace ringbook {

enum class RefusalReason : std::uint8_t {
  too_long,         // More than limits::token_bytes.
  malformed,        // Not three segments of canonical base64url, or an empty one of the outer.
  bad_header,       // No strict JSON object, no `alg`, or a member of a wrong type.
  wrong_type,       // A `typ` that is no access token's.
  critical_header,  // `crit` or `b64`: extensions, and none is understood here.
  algorithm_not_allowed,  // Unknown, `none`, or not configured.
  unknown_kid,            // No key has the token's `kid`; secrets count for MACs alone.
  no_fitting_key,         // A key has it, or the token names none, but no key is for the algorithm.
  verifier_busy,          // Too many signatures wait: this token was not looked at.
  bad_signature,          // Of none of the keys that were tried.
  bad_claims,             // No strict JSON object, no `exp`, or a malformed claim.
  expired,
  not_yet_valid,
  issued_in_future,
  wrong_issuer,
  wrong_audience,
  bad_subject,  // Absent, or nothing that a journal could name.
};

// The word as it stands in a TokenRefusal: "too_long", …
std::string_view name_of(RefusalReason reason);

// A reason with what the operator needs to mend it.
struct TokenFault {
  RefusalReason reason;
  // Where two values had to agree: the one that is configured, and that of the token, shortened.
  // Both are "" elsewhere.
  std::string wanted;
  std::string given;

  TokenFault(RefusalReason why) : reason(why) {}
  TokenFault(RefusalReason why, std::string the_wanted, std::string_view the_given)
      : reason(why), wanted(std::move(the_wanted)), given(the_given.substr(0, shown_bytes)) {}

 private:
  static constexpr std::size_t shown_bytes = 256;
};

}  // namespace ringbook
