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

template <class Fits>
bool is_or_contains(const Value& value, Fits fits) {
  if (!value.is(JsonType::array)) {
    return fits(value);
  }
  for (auto element = value.first(); element; element = element->next()) {
    if (fits(*element)) {
      return true;
    }
  }
  return false;
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    const std::string_view first = text.substr(0, text.find(' '));
    if (first == word) {
      return true;
    }
    text.remove_prefix(std::min(first.size() + 1, text.size()));
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

// Whether the rules make an administrator of whom these claims name. A scope that is one text is a
// list of words (RFC 8693 §4.2).
bool has_right(const Value& claims, const TokenRules& rules) {
  const auto right = claim_at(claims, rules.admin_claim);
  if (!right) {
    return false;
  }
  const bool is_scope = rules.admin_claim == "scope" || rules.admin_claim == "scp";
  if (is_scope && right->is(JsonType::string)) {
    return has_word(right->string(), rules.admin_value);
  }
  return is_or_contains(*right, [&](const Value& value) {
    return is_string(value, rules.admin_value) ||
           (rules.admin_value == "true" && value.is(JsonType::boolean) && value.boolean());
  });
}

// The values of a claim as a log shows them.
std::string shown(const std::optional<Value>& claim) {
  std::string out;
  if (claim) {
    is_or_contains(*claim, [&](const Value& value) {
      out += out.empty() ? "" : ", ";
      out += value.is(JsonType::string) ? value.string() : "(no text)";
      return out.size() > limits::subject_chars;
    });
  }
  return claim ? out : "none";
}

std::optional<TokenFault> fault_of_issuer(const Value& claims, const TokenRules& rules) {
  const auto iss = claims.find("iss");
  if (iss && (!iss->is(JsonType::string) || !is_nameable(iss->string()))) {
    return RefusalReason::bad_claims;
  }
  if (rules.issuer && (!iss || iss->string() != *rules.issuer)) {
    return TokenFault(RefusalReason::wrong_issuer, *rules.issuer, shown(iss));
  }
  return std::nullopt;
}

// The first claim that there is decides, whatever the others say.
std::optional<TokenFault> fault_of_audience(const Value& claims, const TokenRules& rules) {
  if (!rules.audience) {
    return std::nullopt;
  }
  std::optional<Value> audience;
  for (auto name = rules.audience_claims.begin(); name != rules.audience_claims.end() && !audience;
       ++name) {
    audience = claims.find(*name);
  }
  const bool fits = audience && is_or_contains(*audience, [&](const Value& value) {
                      return is_string(value, *rules.audience);
                    });
  return fits ? std::nullopt
              : std::optional(
                    TokenFault(RefusalReason::wrong_audience, *rules.audience, shown(audience)));
}

}  // namespace

bool hold(const JudgedClaims& claims, Instant now) {
  return has_come(claims.begin, now) && !has_come(claims.end, now);
}

std::expected<JudgedClaims, TokenFault> ClaimsJudge::judge(std::string_view payload, Instant now) {
  const auto root = parse_strict_object(document_, payload);
  if (!root) {
    return std::unexpected(RefusalReason::bad_claims);
  }
  const Value& claims = *root;
  const auto times = judge_times(claims, now);
  if (!times) {
    return std::unexpected(times.error());
  }
  if (auto fault = fault_of_issuer(claims, rules_)) {
    return std::unexpected(*std::move(fault));
  }
  if (auto fault = fault_of_audience(claims, rules_)) {
    return std::unexpected(*std::move(fault));
  }
  const auto subject = string_in(claims, rules_.subject_claim);
  if (!subject || subject->empty() || !is_nameable(*subject)) {
    return std::unexpected(RefusalReason::bad_subject);
  }
  return JudgedClaims{.principal = {.issuer = std::string(string_in(claims, "iss").value_or("")),
                                    .subject = std::string(*subject),
                                    .has_administrator_claim = has_right(claims, rules_)},
                      .begin = times->begin,
                      .end = times->end};
}

}  // namespace ringbook
