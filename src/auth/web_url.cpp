#include "auth/web_url.h"

#include "base/limits.h"
#include "net/address.h"

namespace ringbook {

std::optional<Url> parse_web_url(std::string_view text) {
  if (text.size() > limits::key_url_chars) {
    return std::nullopt;
  }
  auto url = Url::parse(text);
  const bool is_allowed = url && url->port != 0 && (url->is_https || is_loopback(url->host));
  return is_allowed ? std::move(url) : std::nullopt;
}

std::optional<Url> parse_issuer(std::string_view text) {
  return text.find('?') == text.npos ? parse_web_url(text) : std::nullopt;
}

}  // namespace ringbook
