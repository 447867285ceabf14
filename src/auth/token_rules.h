// What a bearer token must look like to be believed, as configured.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ringbook {

struct TokenRules {
  // --algorithms, exact spelling. Each key uses those of them that it is for.
  std::vector<std::string> algorithms{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
                                      "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"};
  std::optional<std::string> issuer;    // --issuer
  std::optional<std::string> audience;  // --audience
  // --audience-claim: the first of them that a token has must be or hold the audience.
  std::vector<std::string> audience_claims{"aud"};
  // --audience any: no audience is asked for, on purpose, though others may trust the same keys.
  bool accepts_any_audience = false;
  std::string admin_claim = "role";   // --admin-claim
  std::string admin_value = "admin";  // --admin-value
  std::string subject_claim = "sub";  // --subject-claim
};

}  // namespace ringbook
