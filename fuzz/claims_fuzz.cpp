// The payloads of tokens: whoever is let in is named by claims that a second reading finds, at a
// time when they hold, and has the right only where the claim says so.
#include "auth/claims.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

namespace json = boost::json;

constexpr Instant now{1'800'000'000'000};  // 2027-01-15; the seeds expire around it.

bool is_or_contains(const json::value& value, std::string_view text) {
  const auto is_it = [text](const json::value& one) {
    return one.is_string() && std::string_view(one.get_string()) == text;
  };
  return value.is_array() ? std::ranges::any_of(value.get_array(), is_it) : is_it(value);
}

// Whether the number is at most so large, as far as doubles tell: at the largest dates they are a
// second or two apart, and the clocks' difference is added and taken away again. Boost takes 0e400
// for no number at all, and some others for their neighbours.
bool is_at_most(const json::object& claims, std::string_view name, double bound) {
  const json::value* value = claims.if_contains(name);
  const double coarse = std::max(1e-3, std::fabs(bound) * 1e-15);
  return !value || !(value->to_number<double>() > bound + coarse);
}

void check_name(std::string_view name) {
  const auto length = count_code_points(name);
  check(length && *length <= limits::subject_chars && !has_control_characters(name),
        "a name can be written down");
}

void check_judged(const JudgedClaims& judged, const json::object& claims) {
  const double seconds = static_cast<double>(now.ms) / 1000;
  const double skew = 30;
  check(claims.contains("exp") && seconds < judged.end &&
            is_at_most(claims, "exp", judged.end - skew),
        "claims are believed until they end");
  check(is_at_most(claims, "nbf", seconds + skew), "claims have begun");
  check(is_at_most(claims, "iat", seconds + skew), "claims were made before");
  const Principal& principal = judged.principal;
  check_name(principal.subject);
  check_name(principal.issuer);
  check(!principal.subject.empty() &&
            std::string_view(claims.at("sub").as_string()) == principal.subject,
        "the subject is the claims'");
  check(claims.contains("iss") ? std::string_view(claims.at("iss").as_string()) == principal.issuer
                               : principal.issuer.empty(),
        "the issuer is the claims'");
}

// The plain rules: the right is in `role`.
void check_plain(std::string_view payload, const json::value& claims) {
  TokenRules rules;
  rules.admin_claim = "role";
  ClaimsJudge judge(rules);
  const auto judged = judge.judge(payload, now);
  if (!judged) {
    return;
  }
  check_judged(*judged, claims.as_object());
  const auto* role = claims.get_object().if_contains("role");
  check(judged->principal.has_administrator_claim == (role && is_or_contains(*role, "admin")),
        "the right is the claims'");
  // Two seconds later: so coarse are doubles of the largest dates.
  const Instant end{static_cast<std::int64_t>((judged->end + 2) * 1000)};
  check(!judge.judge(payload, end), "claims end");
}

// An issuer, an audience, and the right at a path.
void check_strict(std::string_view payload, const json::value& claims) {
  TokenRules rules;
  rules.issuer = "https://issuer.example";
  rules.audience = "ringbook";
  rules.admin_claim = "realm_access.roles";
  ClaimsJudge judge(rules);
  const auto judged = judge.judge(payload, now);
  if (!judged) {
    return;
  }
  check_judged(*judged, claims.as_object());
  check(judged->principal.issuer == *rules.issuer, "the issuer is the configured one");
  check(is_or_contains(claims.at("aud"), *rules.audience), "the audience is the configured one");
  const json::value* right = claims.get_object().if_contains(rules.admin_claim);
  if (right == nullptr) {
    right = claims.get_object().if_contains("realm_access");
    right = right && right->is_object() ? right->get_object().if_contains("roles") : nullptr;
  }
  check(judged->principal.has_administrator_claim == (right && is_or_contains(*right, "admin")),
        "the right is the claims'");
}

void run(std::string_view payload) {
  json::error_code error;
  const auto claims = json::parse({payload.data(), payload.size()}, error);
  check_plain(payload, claims);
  check_strict(payload, claims);
}

const Target target("claims", run);

}  // namespace
}  // namespace ringbook::fuzz
