#include "auth/jwk_members.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "auth/base64url.h"

namespace ringbook {
namespace {

// `text` in the alphabet for URLs and without the padding that fits its length.
std::string for_urls(std::string_view text) {
  constexpr std::size_t group = 4;
  std::string out(text);
  for (std::size_t padding = 0; padding < 2 && out.size() + padding == text.size() &&
                                text.size() % group == 0 && out.ends_with('=');
       ++padding) {
    out.pop_back();
  }
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  return out;
}

}  // namespace

void JwkMembers::note(std::string_view name, std::string_view what) {
  std::string oddity = "its member \"" + std::string(name) + "\" " + std::string(what);
  if (std::ranges::find(oddities_, oddity) == oddities_.end()) {
    oddities_.push_back(std::move(oddity));
  }
}

std::optional<JsonDocument::Value> JwkMembers::find(std::string_view name) {
  const auto member = jwk_.find(name);
  if (member && member->is(JsonType::null)) {
    note(name, "is null");
    return std::nullopt;
  }
  return member;
}

std::optional<std::string_view> JwkMembers::string(std::string_view name) {
  const auto member = find(name);
  return member && member->is(JsonType::string) ? std::optional(member->string()) : std::nullopt;
}

std::optional<std::string> JwkMembers::bytes(std::string_view name) {
  const auto text = string(name);
  if (!text) {
    return std::nullopt;
  }
  std::string canonical = for_urls(*text);
  std::string bytes;
  const bool is_decoded = decode_base64url(canonical, bytes) && !bytes.empty();
  if (is_decoded && canonical != *text) {
    note(name, "is not in base64url without padding");
  }
  OPENSSL_cleanse(canonical.data(), canonical.size());
  if (!is_decoded) {
    // Also the part of a secret that was malformed further on.
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> JwkMembers::number(std::string_view name, std::size_t size) {
  auto bytes = this->bytes(name);
  if (!bytes) {
    return std::nullopt;
  }
  const std::size_t given = bytes->size();
  bytes->erase(0, std::min(bytes->find_first_not_of('\0'), given));
  if (bytes->empty() || (size != 0 && bytes->size() > size)) {
    return std::nullopt;
  }
  if (bytes->size() < size) {
    bytes->insert(0, size - bytes->size(), '\0');
  }
  if (bytes->size() != given) {
    note(name, given > bytes->size() ? "has zero octets in front" : "lacks zero octets in front");
  }
  return bytes;
}

}  // namespace ringbook
