#include "auth/last_authorization.h"

#include "base/limits.h"

namespace ringbook {

const Principal* LastAuthorization::find(std::string_view authorization, std::uint64_t version,
                                         Instant now) const {
  const bool is_known = !authorization.empty() && authorization == octets_ && version == version_ &&
                        hold(claims_, now);
  return is_known ? &claims_.principal : nullptr;
}

void LastAuthorization::remember(std::string_view authorization, std::uint64_t version,
                                 const JudgedClaims& claims) {
  if (authorization.size() > limits::last_authorization_bytes) {
    return;
  }
  octets_ = authorization;
  version_ = version;
  claims_ = claims;
}

}  // namespace ringbook
