#include "auth/verified_tokens.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace ringbook {
namespace {

Hash sha256() {
  auto hash = Hash::make("SHA256");
  check(hash.has_value(), "OpenSSL has SHA-256");
  return *std::move(hash);
}

}  // namespace

VerifiedTokens::VerifiedTokens() : sha256_(sha256()) {}

TokenDigest VerifiedTokens::digest_of(std::string_view token) {
  const std::string_view bytes = sha256_.of(token);
  TokenDigest digest;
  check(bytes.size() == digest.size(), "SHA-256 hashes whatever it is given");
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

const JudgedClaims* VerifiedTokens::find(const TokenDigest& digest, Instant now) const {
  const auto place = places_.find(digest);
  if (place == places_.end()) {
    return nullptr;
  }
  const JudgedClaims& claims = entries_[place->second].claims;
  return hold(claims, now) ? &claims : nullptr;
}

void VerifiedTokens::remember(const TokenDigest& digest, JudgedClaims claims) {
  if (const auto known = places_.find(digest); known != places_.end()) {
    entries_[known->second].claims = std::move(claims);
    return;
  }
  if (entries_.size() < limits::verified_tokens) {
    places_.emplace(digest, entries_.size());
    entries_.push_back({digest, std::move(claims)});
    return;
  }
  Entry& entry = entries_[oldest_];
  places_.erase(entry.digest);
  places_.emplace(digest, oldest_);
  entry = {digest, std::move(claims)};
  oldest_ = (oldest_ + 1) % entries_.size();
}

void VerifiedTokens::forget_all() {
  entries_.clear();
  places_.clear();
  oldest_ = 0;
}

std::size_t VerifiedTokens::TakeFirstBytes::operator()(const TokenDigest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof(hash));
  return hash;
}

}  // namespace ringbook
