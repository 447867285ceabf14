#include "auth/refusal_reason.h"

#include <utility>

namespace ringbook {

std::string_view name_of(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::too_long: return "too_long";
    case RefusalReason::malformed: return "malformed";
    case RefusalReason::bad_header: return "bad_header";
    case RefusalReason::wrong_type: return "wrong_type";
    case RefusalReason::critical_header: return "critical_header";
    case RefusalReason::algorithm_not_allowed: return "algorithm_not_allowed";
    case RefusalReason::unknown_kid: return "unknown_kid";
    case RefusalReason::no_fitting_key: return "no_fitting_key";
    case RefusalReason::verifier_busy: return "verifier_busy";
    case RefusalReason::bad_signature: return "bad_signature";
    case RefusalReason::bad_claims: return "bad_claims";
    case RefusalReason::expired: return "expired";
    case RefusalReason::not_yet_valid: return "not_yet_valid";
    case RefusalReason::issued_in_future: return "issued_in_future";
    case RefusalReason::wrong_issuer: return "wrong_issuer";
    case RefusalReason::wrong_audience: return "wrong_audience";
    case RefusalReason::bad_subject: return "bad_subject";
  }
  std::unreachable();
}

}  // namespace ringbook
