#include "auth/claims.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "auth/json_members.h"
#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

constexpr double skew_seconds = std::chrono::duration<double>(limits::clock_skew).count();
// Above it doubles skip whole seconds, and no date is meant.
constexpr double largest_date = 9007199254740992.0;  // 2^53

// A NumericDate (RFC 7519 §2).
bool is_date(const Value& value) {
  // An overflowing number is infinite and fails the comparison.
  return value.is(JsonType::number) && std::fabs(value.number()) <= largest_date;
}

double seconds_of(Instant instant) {
  return static_cast<double>(instant.ms) / 1000;
}

bool has_come(NumericDate date, Instant now) {
  return seconds_of(now) >= date;
}

struct Times {
  NumericDate begin = -std::numeric_limits<NumericDate>::infinity();
  NumericDate end = 0;
};

// When claims may be believed that may be so at that moment.
std::expected<Times, RefusalReason> judge_times(const Value& claims, Instant now) {
  const auto exp = claims.find("exp");
  const auto nbf = claims.find("nbf");
  const auto iat = claims.find("iat");
  if (!exp || !is_date(*exp) || (nbf && !is_date(*nbf)) || (iat && !is_date(*iat))) {
    return std::unexpected(RefusalReason::bad_claims);
  }
  Times times;
  times.end = exp->number() + skew_seconds;
  if (has_come(times.end, now)) {
    return std::unexpected(RefusalReason::expired);
  }
  for (const auto& [date, refusal] : {std::pair(nbf, RefusalReason::not_yet_valid),
                                      std::pair(iat, RefusalReason::issued_in_future)}) {
    if (date) {
      times.begin = std::max(times.begin, date->number() - skew_seconds);
    }
    if (!has_come(times.begin, now)) {
      return std::unexpected(refusal);
    }
  }
  return times;
}

bool is_string(const Value& value, std::string_view text) {
  return value.is(JsonType::string) && value.string() == text;
}

bool is_or_contains(const Value& value, std::string_view text) {
  if (!value.is(JsonType::array)) {
    return is_string(value, text);
  }
  for (auto element = value.first(); element; element = element->next()) {
    if (is_string(*element, text)) {
      return true;
    }
  }
  return false;
}

// The claim with that whole name, else the one at the end of the path whose steps dots separate.
std::optional<Value> claim_at(const Value& claims, std::string_view path) {
  if (const auto whole = claims.find(path)) {
    return whole;
  }
  std::optional<Value> value = claims;
  while (value) {
    const std::size_t dot = path.find('.');
    value = value->find(path.substr(0, dot));
    if (dot == path.npos) {
      break;
    }
    path.remove_prefix(dot + 1);
  }
  return value;
}

// Journal and log name people by these texts.
bool is_nameable(std::string_view text) {
  const auto length = count_code_points(text);
  return length && *length <= limits::subject_chars && !has_control_characters(text);
}

}  // namespace

bool hold(const JudgedClaims& claims, Instant now) {
  return has_come(claims.begin, now) && !has_come(claims.end, now);
}

std::expected<JudgedClaims, RefusalReason> ClaimsJudge::judge(std::string_view payload,
                                                              Instant now) {
  const auto root = parse_strict_object(document_, payload);
  if (!root) {
    return std::unexpected(RefusalReason::bad_claims);
  }
  const Value& claims = *root;
  const auto times = judge_times(claims, now);
  if (!times) {
    return std::unexpected(times.error());
  }
  const auto iss = claims.find("iss");
  if (iss && (!iss->is(JsonType::string) || !is_nameable(iss->string()))) {
    return std::unexpected(RefusalReason::bad_claims);
  }
  if (rules_.issuer && (!iss || iss->string() != *rules_.issuer)) {
    return std::unexpected(RefusalReason::wrong_issuer);
  }
  const auto aud = claims.find("aud");
  if (rules_.audience && (!aud || !is_or_contains(*aud, *rules_.audience))) {
    return std::unexpected(RefusalReason::wrong_audience);
  }
  const auto subject = string_in(claims, rules_.subject_claim);
  if (!subject || subject->empty() || !is_nameable(*subject)) {
    return std::unexpected(RefusalReason::bad_subject);
  }
  const auto right = claim_at(claims, rules_.admin_claim);
  return JudgedClaims{
      .principal = {.issuer = std::string(iss ? iss->string() : ""),
                    .subject = std::string(*subject),
                    .has_administrator_claim = right && is_or_contains(*right, rules_.admin_value)},
      .begin = times->begin,
      .end = times->end};
}

}  // namespace ringbook
